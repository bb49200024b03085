// Signing out leaves nothing of this person's typing in the tab.
export function signOut(form) {
  form.addEventListener("submit", () => sessionStorage.clear());
}

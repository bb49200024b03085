// Asks before a page is left while a form holds words that were not sent.
export function leaveWarning(form) {
  let unsent = false;
  form.addEventListener("input", () => {
    unsent = true;
  });
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) unsent = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsent) event.preventDefault();
  });
}

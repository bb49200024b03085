// <button type="button" hidden data-behaviour="print"> opens the browser's own print dialogue.
export function print(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// <button type="button" hidden data-behaviour="copy" data-copy="#id" data-done="Copied"> copies that element's text.
export function copy(button) {
  if (!navigator.clipboard) return;
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = words;
    }, 4000);
  });
}

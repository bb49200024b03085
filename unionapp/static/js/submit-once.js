// One press sends once: later presses are ignored, the button shows that work goes on (data-busy holds its words).
export function submitOnce(form) {
  let sent = null;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented) return;
    const button = event.submitter ?? form.querySelector("[type=submit]");
    sent = { button, words: button?.textContent };
    button?.setAttribute("aria-busy", "true");
    button?.setAttribute("aria-disabled", "true");
    if (button?.dataset.busy) button.textContent = button.dataset.busy;
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted || !sent) return;
    sent.button?.removeAttribute("aria-busy");
    sent.button?.removeAttribute("aria-disabled");
    if (sent.button) sent.button.textContent = sent.words;
    sent = null;
  });
}

// The passphrase opens the case worker's key, in this page's memory only.

import { parseBundle, unlockBundle } from "../sealing/handler_keys.js";
import { casework, say, show } from "./page.js";

/** Wait for the right passphrase. Promise of {handler, keys}; the sheet then goes away. */
export function unlocked() {
  const { root, said } = casework();
  const form = root.querySelector("[data-unlock]");
  const input = form.querySelector("input");
  const progress = form.querySelector("[data-unlock-progress]");
  const wrong = form.querySelector("[data-unlock-wrong]");
  const bundle = parseBundle(root.dataset.bundle);
  let busy = false;

  return new Promise((resolve) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      show(wrong, input.value === "" ? said.empty : "");
      if (input.value === "") return;
      busy = true;
      const onProgress = (share) => {
        progress.textContent = say(said.working, { percent: Math.round(100 * share) });
      };
      try {
        const { keys } = await unlockBundle(bundle, input.value, { onProgress });
        input.value = "";
        document.getElementById("unlock").hidden = true;
        resolve({ handler: bundle.handler, keys });
      } catch (error) {
        show(wrong, error.code === "bundle-locked" ? said.locked : said.failed);
        input.focus();
      } finally {
        progress.textContent = "";
        busy = false;
      }
    });
  });
}

// Makes a case worker's key in the browser; only its public half and the locked private half are sent.

import { makeBundle } from "../sealing/handler_keys.js";
import { casework, say, show } from "./page.js";

const SHORTEST = 16;

const { root, said } = casework();
const form = document.getElementById("make-key");
const [passphrase, again] = ["passphrase", "again"].map((id) => document.getElementById(id));
const progress = form.querySelector("[data-progress]");
const wrong = form.querySelector("[data-wrong]");
let busy = false;

function problem() {
  if (passphrase.value.normalize("NFKC").length < SHORTEST) return said.short;
  return passphrase.value === again.value ? "" : said.unequal;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) return;
  show(wrong, problem());
  if (problem()) {
    passphrase.focus();
    return;
  }
  busy = true;
  const onProgress = (share) => {
    progress.textContent = say(said.working, { percent: Math.round(100 * share) });
  };
  try {
    const { bundle } = await makeBundle(root.dataset.handler, passphrase.value, { onProgress });
    form.elements.bundle.value = bundle;
    passphrase.value = "";
    again.value = "";
    form.submit();
  } catch (error) {
    console.warn(error.code ?? error.name);
    show(wrong, said.failed);
    busy = false;
  }
});

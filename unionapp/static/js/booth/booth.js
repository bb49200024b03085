// The voting page: read, choose, check and cast. The voting code and the vote in clear never leave this script.
import { base64Digest } from "../belenios/encoding.js";
import { tidyCredential } from "../belenios/credential.js";
import { openTasks } from "../belenios/client.js";
import { sayProblem, saveFile, show } from "./page.js";
import { send, Waiting } from "./sending.js";

const booth = document.getElementById("booth");
const words = booth.dataset;
const waiting = new Waiting(words.election);
const tasks = openTasks({ worker: true });
const part = (id) => document.getElementById(id);
const steps = [1, 2, 3].map((number) => part(`step-${number}`));
const [reading, choosing, casting] = steps;
const [codeForm, code, sealedPart] = [part("code-form"), part("code"), casting.querySelector("[data-sealed]")];
const parts = [...steps, part("pending"), part("receipt")];

let paper = null;
let sealed = null;
let unsent = false;
let sealings = 0; // how often a ballot was begun or thrown away: an encryption that ends later is of no use
let sending = false;

function markSteps(current) {
  booth.querySelectorAll("#booth-steps li").forEach((item, index) => {
    item.classList.toggle("done", index + 1 < current);
    item.toggleAttribute("aria-current", index + 1 === current);
    if (index + 1 === current) item.setAttribute("aria-current", "step");
  });
}

function open(chosen, step) {
  parts.forEach((each) => show(each, each === chosen));
  markSteps(step);
  chosen.tabIndex = -1;
  chosen.focus();
  chosen.scrollIntoView({ block: "start" });
}

function choices() {
  return [...choosing.querySelectorAll("[data-question]")].map((group) => group.querySelector("input:checked"));
}

function unseal() {
  sealings += 1;
  sealed = null;
  waiting.forget();
  show(sealedPart, false);
  show(codeForm);
}

function go(step) {
  // A ballot on its way may arrive after the next one and would replace it: first its answer, then another.
  if (sending) return;
  sayProblem(choosing);
  const chosen = choices();
  if (step === 3 && chosen.includes(null)) {
    sayProblem(choosing, words.wordChoose);
    return;
  }
  if (step === 3) {
    chosen.forEach((input, index) => {
      const label = input.closest("label").querySelector("span").firstChild.textContent;
      casting.querySelector(`[data-chosen="${index}"]`).textContent = label;
    });
  }
  unseal();
  open(steps[step - 1], step);
}

async function loadPaper() {
  const response = await fetch(words.paper, { credentials: "omit" });
  if (!response.ok) throw new Error(`${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function readCode() {
  try {
    return tidyCredential(code.value);
  } catch {
    return null;
  }
}

function refuseCode(text) {
  sayProblem(codeForm, text);
  code.setAttribute("aria-invalid", "true");
  code.focus();
}

async function encrypt(credential) {
  try {
    paper ??= await loadPaper();
  } catch (error) {
    console.warn(error);
    return sayProblem(codeForm, words.wordPaper);
  }
  if (base64Digest(paper) !== words.fingerprint) return sayProblem(codeForm, words.wordOther);
  const selections = choices().map((input) => (input.value === "blank" ? "blank" : [Number(input.value)]));
  try {
    const { ballot, tracker } = await tasks.run("encrypt", { election: paper, credential, selections });
    return { ballot, tracker };
  } catch (error) {
    console.warn(error);
    return sayProblem(codeForm, words.wordEncryption);
  }
}

async function seal(event) {
  event.preventDefault();
  const [busy, button] = [casting.querySelector("[data-encrypting]"), codeForm.querySelector("[type=submit]")];
  if (button.disabled) return;
  sayProblem(codeForm);
  code.removeAttribute("aria-invalid");
  const credential = readCode();
  if (credential === null) return refuseCode(words.wordCode);
  button.disabled = true;
  show(busy);
  const mine = (sealings += 1);
  const made = (await encrypt(credential)) ?? null;
  show(busy, false);
  button.disabled = false;
  // Whoever went back to choose otherwise must not find the former choice sealed.
  if (made === null || mine !== sealings) return;
  sealed = made;
  waiting.keep(sealed);
  sealedPart.querySelector("[data-tracker]").textContent = sealed.tracker;
  sealedPart.querySelector("[data-sent]").textContent = sealed.ballot;
  sayProblem(sealedPart);
  show(codeForm, false);
  show(sealedPart);
  sealedPart.focus();
}

// Asked for without cookies, so that nobody's sign-in stands beside the tracker in one request.
async function drawPicture(image, tracker) {
  show(image, false);
  try {
    const response = await fetch(`${words.picture}?tracker=${encodeURIComponent(tracker)}`, { credentials: "omit" });
    if (!response.ok) throw new Error(`${response.status}`);
    image.src = `data:image/svg+xml,${encodeURIComponent(await response.text())}`;
    show(image);
  } catch (error) {
    // Without the picture the tracker's text still says all.
    console.warn(error);
  }
}

function receive(receipt) {
  waiting.forget();
  unsent = false;
  sealed = null;
  code.value = "";
  booth.querySelectorAll("input[type=radio]").forEach((input) => {
    input.checked = false;
  });
  casting.querySelectorAll("[data-chosen], [data-sent]").forEach((each) => each.replaceChildren());
  show(sealedPart, false);
  show(codeForm);
  const [shown, found] = [part("receipt"), `${words.board}?tracker=${encodeURIComponent(receipt.tracker)}#find`];
  shown.querySelector("[data-tracker]").textContent = receipt.tracker;
  drawPicture(shown.querySelector("[data-qr]"), receipt.tracker);
  shown.querySelector("[data-find]").href = new URL(found).pathname + new URL(found).search + "#find";
  shown.querySelector("[data-save]").onclick = () => {
    const lines = [words.title, `${words.wordTracker}: ${receipt.tracker}`, `${words.wordLook} ${found}`];
    saveFile(`tracker-${receipt.tracker.replace(/\W/g, "").slice(0, 8)}.txt`, `${lines.join("\n")}\n`, "text/plain");
  };
  open(shown, 4);
}

async function cast(place, button) {
  if (sealed === null || sending) return;
  sending = true;
  const label = button.textContent;
  sayProblem(place);
  button.setAttribute("aria-busy", "true");
  button.textContent = words.wordBusy;
  const { receipt, refusal, delay } = await send(words.cast, sealed);
  sending = false;
  button.removeAttribute("aria-busy");
  button.textContent = label;
  if (receipt) return receive(receipt);
  if (refusal === undefined) return sayProblem(place, delay ?? words.wordOffline);
  unseal();
  if (place === sealedPart) refuseCode(refusal || words.wordRefused);
  else sayProblem(place, refusal || words.wordRefused);
}

function startAfresh() {
  if (sending) return;
  unseal();
  open(reading, 1);
}

for (const button of booth.querySelectorAll("[data-go]")) {
  button.addEventListener("click", () => go(Number(button.dataset.go)));
}
for (const button of booth.querySelectorAll("[data-send]")) {
  const place = button.closest("[data-sealed], #pending");
  button.addEventListener("click", () => cast(place, button));
  window.addEventListener("online", () => {
    if (!place.hidden && !place.querySelector("[data-problem]").hidden) cast(place, button);
  });
}
codeForm.addEventListener("submit", seal);
choosing.addEventListener("change", () => {
  sayProblem(choosing);
  unsent = true;
});
booth.querySelector("[data-forget]").addEventListener("click", startAfresh);
booth.querySelector("[data-again]").addEventListener("click", () => open(reading, 1));
window.addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});

booth.querySelectorAll("[data-needs-script]").forEach((each) => show(each));
sealed = waiting.get();
if (sealed !== null) open(part("pending"), 3);

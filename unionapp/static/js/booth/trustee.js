// The trustee's page: make a key pair, or check the archive and decrypt. The private key is read and written as a
// file of the trustee's own device; the form holds public things only.
import { parseArchive } from "../belenios/archive.js";
import { openTasks } from "../belenios/client.js";
import { parsePrivateKeyFile } from "../belenios/trustee.js";
import { fill, notice, saveFile, sayProblem, show, showProgress } from "./page.js";

const form = document.getElementById("hand-in");
const content = form?.querySelector("textarea");

function makeKeys(part) {
  const tasks = openTasks({ worker: true });
  const words = part.dataset;
  const [make, saved, status] = ["[data-make]", "#saved-key", "[data-status]"].map((each) => part.querySelector(each));
  const handIn = form.querySelector("[type=submit]");
  let made = null;
  make.addEventListener("click", async () => {
    try {
      made ??= await tasks.run("makeKey", { group: words.group });
    } catch (error) {
      console.warn(error);
      status.replaceChildren(notice("red", words.wordFailed));
      return;
    }
    saveFile(words.file, made.privateKeyFile, "application/json");
    saved.disabled = false;
  });
  saved.addEventListener("change", async () => {
    const same = saved.files.length === 1 && (await saved.files[0].text()) === made.privateKeyFile;
    status.replaceChildren(notice(same ? "green" : "red", same ? words.wordSame : words.wordDifferent));
    content.value = same ? made.publicKeyFile : "";
    handIn.disabled = !same;
  });
  form.querySelectorAll("[data-needs-script]").forEach((each) => show(each));
  window.addEventListener("beforeunload", (event) => {
    if (made !== null && content.value === "") event.preventDefault();
  });
  show(part);
}

async function loadArchive(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function encryptedTally(bytes) {
  const { data, events } = parseArchive(bytes);
  const tally = events.find(({ type }) => type === "EncryptedTally");
  return { election: data.get(events[0].data[0]), tally: data.get(tally.data[0]) };
}

async function readKey(input, expected) {
  try {
    const text = await input.files[0].text();
    return parsePrivateKeyFile(text).publicKey === expected ? text : null;
  } catch (error) {
    console.warn(error);
    return null;
  }
}

function decryptHere(part) {
  const tasks = openTasks({ worker: true });
  const words = part.dataset;
  const [button, input] = [part.querySelector("[data-decrypt]"), part.querySelector("#private-key")];
  const progress = part.querySelector(".progress");

  async function decrypt() {
    if (input.files.length !== 1) return words.wordChoose;
    const privateKeyFile = await readKey(input, words.publicKey);
    if (privateKeyFile === null) return words.wordKey;
    show(progress);
    progress.querySelector("[data-progress-text]").textContent = words.wordReading;
    const archive = await loadArchive(words.archive);
    const expected = { complete: false, fingerprint: words.fingerprint, voters: Number(words.voters) };
    const report = await tasks.run("verify", { archive, ...expected }, (step) => {
      showProgress(progress, words.wordProgress, step);
    });
    if (!report.accepted || report.facts.state !== "tallied") {
      const { code = report.facts?.state, event = null } = report.error ?? {};
      return fill(words.wordArchive, { event: event?.height ?? "–", reason: code });
    }
    try {
      content.value = await tasks.run("decrypt", { ...encryptedTally(archive), privateKeyFile });
    } catch (error) {
      console.warn(error);
      return words.wordKey;
    }
    progress.querySelector("[data-progress-text]").textContent = words.wordDone;
    form.requestSubmit();
    return "";
  }

  button.addEventListener("click", async () => {
    if (button.disabled) return;
    button.disabled = true;
    sayProblem(part);
    try {
      const problem = await decrypt();
      sayProblem(part, problem);
      button.disabled = problem === "";
      if (problem !== "") show(progress, false);
    } catch (error) {
      console.warn(error);
      sayProblem(part, words.wordFailed);
      show(progress, false);
      button.disabled = false;
    }
  });
  show(part);
}

const [keyPart, decryptPart] = ["make-key-here", "decrypt-here"].map((id) => document.getElementById(id));
if (keyPart) makeKeys(keyPart);
if (decryptPart) decryptHere(decryptPart);

// The board: verifies the whole archive in this browser and compares its result with the one on the page.
import { openTasks } from "../belenios/client.js";
import { fill, notice, show, showProgress } from "./page.js";

const part = document.querySelector("[data-board-check]");

function verdict({ accepted, facts, error }, words) {
  if (!accepted) {
    return notice("red", fill(words.wordBad, { event: error.event?.height ?? "–", reason: error.code }));
  }
  const counts = facts.result.map((row) => row.map(Number));
  if (JSON.stringify(counts) !== JSON.stringify(JSON.parse(words.expected))) {
    return notice("red", words.wordDifferent);
  }
  const events = facts.cast + facts.trustees + 4;
  return notice("green", fill(words.wordGood, { counted: facts.counted, events }));
}

async function check() {
  const words = part.dataset;
  const progress = part.querySelector(".progress");
  progress.querySelector("[data-progress-text]").textContent = words.wordReading;
  const response = await fetch(words.archive);
  if (!response.ok) throw new Error(`${response.status}`);
  const archive = new Uint8Array(await response.arrayBuffer());
  const tasks = openTasks({ worker: true });
  try {
    const expected = { fingerprint: words.fingerprint, voters: Number(words.voters) };
    return await tasks.run("verify", { archive, ...expected }, (step) => {
      showProgress(progress, words.wordProgress, step);
    });
  } finally {
    tasks.close();
  }
}

function start(button) {
  const [progress, said] = [part.querySelector(".progress"), part.querySelector("[data-verdict]")];
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.replaceChildren();
    show(progress);
    try {
      said.replaceChildren(verdict(await check(), part.dataset));
    } catch (error) {
      console.warn(error);
      said.replaceChildren(notice("red", part.dataset.wordFailed));
    }
    show(progress, false);
    button.disabled = false;
  });
  show(button);
}

if (part) start(part.querySelector("button"));

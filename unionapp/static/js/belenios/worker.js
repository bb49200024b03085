// Module worker: runs one task for each message {id, task, input} and answers {id, result}, {id, progress} or
// {id, error: {code, detail, event}}.

import { BeleniosError } from "./encoding.js";
import { TASKS } from "./tasks.js";

async function run({ id, task, input }) {
  const onProgress = (progress) => self.postMessage({ id, progress });
  try {
    self.postMessage({ id, result: await TASKS[task]({ ...input, onProgress }) });
  } catch (error) {
    const { code, detail, event } = error instanceof BeleniosError ? error : { code: "failed", detail: String(error) };
    self.postMessage({ id, error: { code, detail, event: event ?? null } });
  }
}

self.addEventListener("message", (message) => run(message.data));

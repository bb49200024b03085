// A page's access to the tasks of tasks.js: in a worker where the page may start one, else in the page itself.
//
// The content security policy decides. Under require-trusted-types-for 'script' a worker needs the policy
// "unionapp-worker" among trusted-types, and worker-src 'self'; with trusted-types 'none' no worker can start.

import { BeleniosError } from "./encoding.js";
import { TASKS } from "./tasks.js";

const POLICY = "unionapp-worker";

function workerAddress() {
  const address = new URL("./worker.js", import.meta.url).href;
  if (globalThis.trustedTypes === undefined) return address;
  return globalThis.trustedTypes.createPolicy(POLICY, { createScriptURL: () => address }).createScriptURL("");
}

class InPage {
  run(task, input, onProgress) {
    return TASKS[task]({ ...input, onProgress });
  }

  close() {}
}

class InWorker {
  constructor() {
    this.waiting = new Map();
    this.broken = false;
    this.worker = new Worker(workerAddress(), { type: "module" });
    this.worker.addEventListener("message", ({ data }) => this.receive(data));
    this.worker.addEventListener("error", () => this.fail());
  }

  run(task, input, onProgress) {
    if (this.broken) return Promise.reject(new BeleniosError("failed", "worker"));
    return new Promise((resolve, reject) => {
      const id = crypto.randomUUID();
      this.waiting.set(id, { resolve, reject, onProgress });
      this.worker.postMessage({ id, task, input });
    });
  }

  receive({ id, progress, result, error }) {
    const { resolve, reject, onProgress } = this.waiting.get(id);
    if (progress !== undefined) {
      onProgress?.(progress);
      return;
    }
    this.waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(Object.assign(new BeleniosError(error.code, error.detail), { event: error.event }));
  }

  fail() {
    this.broken = true;
    for (const { reject } of this.waiting.values()) reject(new BeleniosError("failed", "worker"));
    this.waiting.clear();
  }

  close() {
    this.worker.terminate();
    this.fail();
  }
}

/**
 * Open the tasks. `worker`: whether the page's policy lets a worker start.
 * Result: {run(task, input, onProgress), close()}; run gives a promise of the task's result, refused with
 * BeleniosError {code, detail, event}. Tasks and their inputs are those of tasks.js. Throws, or refuses with the code
 * "failed", where the policy lets no worker start. close() ends what is running.
 */
export function openTasks({ worker }) {
  return worker ? new InWorker() : new InPage();
}

// Runs tasks of the browser's ballot code for the Python tests: node exchange.mjs FILE, where FILE holds
// [{task, input}]; an input field {base64: …} stands for bytes. Prints [{result}] or [{error}] as JSON.

import { readFileSync } from "node:fs";
import { TASKS } from "../../unionapp/static/js/belenios/tasks.js";

function revive(_, value) {
  if (value !== null && typeof value === "object" && typeof value.base64 === "string") {
    return new Uint8Array(Buffer.from(value.base64, "base64"));
  }
  return value;
}

function write(_, value) {
  return typeof value === "bigint" ? value.toString() : value;
}

const results = [];
for (const { task, input } of JSON.parse(readFileSync(process.argv[2], "utf8"), revive)) {
  try {
    results.push({ result: await TASKS[task](input) });
  } catch (error) {
    results.push({ error: { code: error.code ?? "failed", detail: error.detail ?? String(error) } });
  }
}
process.stdout.write(JSON.stringify(results, write));

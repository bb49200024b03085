// What the Chromium test calls: the browser code as the pages use it, with nothing but plain values.

import { openTasks } from "/static/js/belenios/client.js";
import * as caseFormat from "/static/js/sealing/case_format.js";
import * as handlerKeys from "/static/js/sealing/handler_keys.js";
import * as receipt from "/static/js/sealing/receipt.js";

const violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return { result, milliseconds: performance.now() - start };
}

/** Encrypt `times` ballots and verify an archive. Gives {ballots, encrypting: [ms], report, verifying: ms, steps}. */
async function vote({ worker, election, credential, selections, times, archive }) {
  const tasks = openTasks({ worker });
  const ballots = [];
  const encrypting = [];
  for (let i = 0; i < times; i += 1) {
    const input = { election, credential, selections };
    const { result, milliseconds } = await timed(() => tasks.run("encrypt", input));
    ballots.push(result.ballot);
    encrypting.push(milliseconds);
  }
  const bytes = Uint8Array.from(atob(archive), (symbol) => symbol.charCodeAt(0));
  let steps = 0;
  const verify = () => tasks.run("verify", { archive: bytes, complete: true }, () => (steps += 1));
  const { result: report, milliseconds: verifying } = await timed(verify);
  tasks.close();
  const counts = report.facts?.result.map((row) => row.map(Number)) ?? null;
  return { ballots, encrypting, accepted: report.accepted, counts, verifying, steps };
}

/** Seal a report and read it as a case worker whose keys a passphrase locks. */
async function report({ text }) {
  const worker = await timed(() => handlerKeys.makeBundle("ueda", "原画と動画の組合"));
  const other = receipt.derive(receipt.newEntropy());
  const reporter = receipt.derive(receipt.parse(receipt.words(receipt.newEntropy(), "japanese").join("　")));
  const reportKey = caseFormat.newReportKey();
  const handlers = { ueda: worker.result.keys.publicKey, sato: other.publicKey };
  const sealed = await timed(() => caseFormat.newReport("c-1", handlers, reporter.publicKey, { reportKey }));
  const header = { case: "c-1", seq: 0, role: "reporter" };
  const message = caseFormat.sealMessage(reportKey, header, { text });
  const bundle = handlerKeys.parseBundle(worker.result.bundle);
  const { keys } = await handlerKeys.unlockBundle(bundle, "原画と動画の組合");
  const opened = await caseFormat.unwrapReportKey(sealed.result, "ueda", keys.privateKey);
  const read = caseFormat.openMessage(opened, header, message).text;
  return { read, locking: worker.milliseconds, sealing: sealed.milliseconds };
}

globalThis.browserCrypto = { vote, report, violations };

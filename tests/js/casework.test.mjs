// What a case worker presses while something else runs is done afterwards, never dropped.

import assert from "node:assert/strict";
import test from "node:test";

const SAID = { failed: "failed", gone: "gone", meanwhile: "meanwhile", signedOut: "signed out", unopened: "?" };

globalThis.document = {
  querySelector: () => ({ dataset: { said: JSON.stringify(SAID), csrf: "token" } }),
};
const { OpenCase } = await import("../../unionapp/static/js/casework/case.js");
const { RefusedError } = await import("../../unionapp/static/js/casework/page.js");
const { read } = await import("../../unionapp/static/js/casework/sealed_case.js");

function openCase() {
  const part = { addEventListener() {} };
  return new OpenCase({ querySelector: () => part }, "/cases/x", null);
}

const place = () => ({ textContent: "", hidden: true });
const later = () => new Promise((resolve) => setTimeout(resolve, 5));

test("a second action waits for the first", async () => {
  const [shown, order] = [openCase(), []];
  const first = shown.once("answer", place(), async () => {
    await later();
    order.push("answer");
  });
  const second = shown.once("state", place(), async () => order.push("state"));
  await Promise.all([first, second]);
  assert.deepEqual(order, ["answer", "state"]);
});

test("the same press twice counts once, and again afterwards", async () => {
  const shown = openCase();
  let times = 0;
  const press = () => shown.once("answer", place(), async () => { await later(); times += 1; });
  await Promise.all([press(), press()]);
  assert.equal(times, 1);
  await press();
  assert.equal(times, 2);
});

test("what went wrong is said, and the next action runs all the same", async () => {
  for (const [status, words] of [[401, "signed out"], [400, "signed out"], [404, "gone"], [500, "failed"]]) {
    const [shown, wrong] = [openCase(), place()];
    let ran = false;
    shown.once("answer", wrong, async () => { throw new RefusedError(status); });
    await shown.once("state", place(), async () => { ran = true; });
    assert.equal(wrong.textContent, words);
    assert.equal(wrong.hidden, false);
    assert.equal(ran, true);
  }
});

test("one message with a damaged key or signature does not hide the others", () => {
  const bytes = (length) => Buffer.alloc(length, 1).toString("base64url");
  const whole = { seq: 1, role: "h1", sealed: bytes(4136), signature: bytes(64), verify_key: bytes(32) };
  const damaged = [{ verify_key: bytes(5) }, { signature: bytes(3) }, { sealed: bytes(3) }, { signature: null }];
  for (const change of [{}, ...damaged]) {
    assert.equal(read({ case: "a".repeat(32) }, { ...whole, ...change }, new Uint8Array(32)), null);
  }
});

test("after a conflict the case is loaded again", async () => {
  const [shown, wrong] = [openCase(), place()];
  let loaded = 0;
  shown.load = async () => { loaded += 1; };
  await shown.once("answer", wrong, async () => { throw new RefusedError(409); });
  assert.equal(loaded, 1);
  assert.equal(wrong.textContent, "meanwhile");
});

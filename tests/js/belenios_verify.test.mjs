import assert from "node:assert/strict";
import test from "node:test";
import { choiceBits, createBallot } from "../../unionapp/static/js/belenios/ballot.js";
import { makeCredential } from "../../unionapp/static/js/belenios/credential.js";
import { decryptTally, makeTrusteeKey } from "../../unionapp/static/js/belenios/trustee.js";
import { verifyArchive } from "../../unionapp/static/js/belenios/verify.js";
import { makeElection, setup, shareEvent, tallyEvent, writeArchive } from "./make_archive.mjs";

const good = makeElection();
const [SETUP, BALLOT_1, BALLOT_2, BALLOT_3, BALLOT_4, BALLOT_5, END, TALLY, SHARE_1, SHARE_2, RESULT] = good.events;
const BALLOTS = [BALLOT_1, BALLOT_2, BALLOT_3, BALLOT_4, BALLOT_5];
const COUNTED = good.ballots.toSpliced(2, 1);

async function demandRefusal(events, code, type, options = {}) {
  const { accepted, error } = await verifyArchive(writeArchive(events), { complete: true, ...options });
  assert.equal(accepted, false);
  assert.deepEqual([error.code, error.event?.type ?? null], [code, type]);
}

function edit(event, index, change) {
  const value = JSON.parse(event.data[index]);
  change(value);
  return { ...event, data: event.data.with(index, JSON.stringify(value)) };
}

test("a finished election is accepted and its facts are right", async () => {
  const progress = [];
  const options = { complete: true, voters: 5, fingerprint: good.election.fingerprint };
  const onProgress = (step) => progress.push(step);
  const { accepted, facts } = await verifyArchive(writeArchive(good.events), { ...options, onProgress });
  assert.ok(accepted);
  assert.deepEqual(facts.result, good.counts.map((row) => row.map(BigInt)));
  assert.deepEqual([facts.state, facts.voters, facts.cast, facts.counted, facts.trustees], ["final", 5, 5, 4, 2]);
  assert.equal(facts.countedTrackers.includes(facts.trackers[2].tracker), false);
  assert.deepEqual(progress.at(-1), { done: 11, total: 11 });
});

test("a growing archive is accepted unless a finished one is demanded", async () => {
  const states = { 1: "open", 4: "open", 7: "closed", 8: "tallied", 10: "tallied" };
  for (const [length, state] of Object.entries(states)) {
    const bytes = writeArchive(good.events.slice(0, Number(length)));
    assert.equal((await verifyArchive(bytes)).facts.state, state);
    assert.equal((await verifyArchive(bytes, { complete: true })).error.code, "incomplete");
  }
});

test("what the caller knows must agree", async () => {
  await demandRefusal(good.events, "wrong-voters", null, { voters: 6 });
  await demandRefusal(good.events, "wrong-election", null, { fingerprint: "x" });
});

test("a check can be stopped", async () => {
  const stop = AbortSignal.abort();
  await assert.rejects(verifyArchive(writeArchive(good.events), { signal: stop }), { name: "AbortError" });
});

test("defects in the setup are refused", async () => {
  const [election, trustees, credentials] = SETUP.data;
  const with3 = (...data) => [setup(...data), ...good.events.slice(1)];
  const list = JSON.parse(credentials);
  await demandRefusal(with3(election, trustees, JSON.stringify([...list, list[0]])), "duplicate-credential", "Setup");
  await demandRefusal(with3(election, trustees, JSON.stringify(list.slice(1))), "unknown-credential", "Ballot");
  await demandRefusal(with3(election, trustees, JSON.stringify([...list, "01".repeat(32)])), "bad-element", "Setup");
  const one = JSON.stringify(JSON.parse(trustees).slice(1));
  await demandRefusal(with3(election, one, credentials), "wrong-key", "Setup");
  const stranger = JSON.parse(makeTrusteeKey("Ed25519").publicKeyFile);
  const foreign = JSON.stringify([["Single", stranger], JSON.parse(trustees)[1]]);
  await demandRefusal(with3(election, foreign, credentials), "wrong-key", "Setup");
  const threshold = JSON.stringify([["Pedersen", {}]]);
  await demandRefusal(with3(election, threshold, credentials), "unsupported-trustee", "Setup");
  const swapped = { ...SETUP, data: [trustees, election, credentials, SETUP.data[3]] };
  await demandRefusal([swapped, ...good.events.slice(1)], "wrong-data", "Setup");
});

test("defects among the ballots are refused", async () => {
  const insert = (event) => [SETUP, ...BALLOTS, event, END, TALLY, SHARE_1, SHARE_2, RESULT];
  await demandRefusal(insert(BALLOT_1), "duplicate-data", null);
  const vectors = good.election.questions.map((question, index) => choiceBits(question, [[0], []][index]));
  const stranger = createBallot(good.election, makeCredential(), vectors).ballot;
  await demandRefusal(insert({ type: "Ballot", data: [stranger] }), "unknown-credential", "Ballot");
  const copied = JSON.parse(good.ballots[0]);
  copied.credential = JSON.parse(good.ballots[1]).credential;
  await demandRefusal(insert({ type: "Ballot", data: [JSON.stringify(copied)] }), "wrong-hash", "Ballot");
});

test("defects in the tally are refused", async () => {
  const finish = (event) => [SETUP, ...BALLOTS, END, event, SHARE_1, SHARE_2, RESULT];
  const { election } = good;
  await demandRefusal(finish(tallyEvent(election, COUNTED.slice(1))), "wrong-tally", "EncryptedTally");
  await demandRefusal(finish(tallyEvent(election, good.ballots)), "wrong-tally", "EncryptedTally");
  await demandRefusal(finish(tallyEvent(election, COUNTED, { num_tallied: 5 })), "wrong-tally", "EncryptedTally");
  await demandRefusal(finish(tallyEvent(election, COUNTED, { total_weight: 5 })), "wrong-tally", "EncryptedTally");
  const replaced = tallyEvent(election, good.ballots.toSpliced(3, 1));
  await demandRefusal(finish(replaced), "wrong-tally", "EncryptedTally");
});

test("a ballot left out, with tally, decryption and result adjusted, is refused", async () => {
  const tally = tallyEvent(good.election, COUNTED.slice(1), { num_tallied: 4, total_weight: 4 });
  const shares = good.keys.map((key, index) => {
    return shareEvent(decryptTally(good.election, tally.data[0], key.privateKeyFile), index + 1);
  });
  const result = { type: "Result", data: [JSON.stringify({ result: [[1, 1, 1], [1, 0, 2]] })] };
  await demandRefusal([SETUP, ...BALLOTS, END, tally, ...shares, result], "wrong-tally", "EncryptedTally");
});

test("events out of place are refused", async () => {
  const head = [SETUP, ...BALLOTS];
  await demandRefusal([...head, TALLY, SHARE_1, SHARE_2, RESULT], "misplaced-event", "EncryptedTally");
  await demandRefusal([SETUP, ...BALLOTS.slice(1), END, BALLOT_1, TALLY], "misplaced-event", "Ballot");
  await demandRefusal([...head, END, TALLY, SHARE_1, SHARE_2, RESULT, END], "misplaced-event", "EndBallots");
  await demandRefusal([...BALLOTS, END], "misplaced-event", "Ballot");
  await demandRefusal([SETUP, { type: "Surprise", data: [] }], "wrong-shape", null);
});

test("defects in the decryption are refused", async () => {
  const head = [SETUP, ...BALLOTS, END, TALLY];
  const flip = (share) => share.decryption_proofs[0].reverse();
  const changed = edit(SHARE_2, 0, flip).data[0];
  await demandRefusal([...head, SHARE_1, shareEvent(changed, 2), RESULT], "bad-proof", "PartialDecryption");
  await demandRefusal([...head, shareEvent(SHARE_1.data[0], 2)], "bad-proof", "PartialDecryption");
  await demandRefusal([...head, shareEvent(SHARE_1.data[0], 3)], "unknown-trustee", "PartialDecryption");
  await demandRefusal([...head, shareEvent(SHARE_1.data[0], 0)], "unknown-trustee", "PartialDecryption");
  await demandRefusal([...head, SHARE_1, RESULT], "missing-decryption", "Result");
  const again = decryptTally(good.election, TALLY.data[0], good.keys[0].privateKeyFile);
  await demandRefusal([...head, SHARE_1, shareEvent(again, 1)], "duplicate-decryption", "PartialDecryption");
});

test("a changed result is refused", async () => {
  const head = good.events.slice(0, -1);
  const wrong = edit(RESULT, 0, ({ result }) => result[0].reverse() && (result[0][0] += 1));
  await demandRefusal([...head, wrong], "wrong-result", "Result");
  await demandRefusal([...head, edit(RESULT, 0, ({ result }) => result.pop())], "wrong-length", "Result");
  await demandRefusal([...head, edit(RESULT, 0, ({ result }) => (result[0][0] = "1"))], "bad-number", "Result");
});

test("every single changed byte of the file is refused", async () => {
  const bytes = writeArchive(good.events.slice(0, 2));
  for (let place = 0; place < bytes.length; place += 97) {
    const copy = bytes.slice();
    copy[place] ^= 1;
    const { accepted, error } = await verifyArchive(copy);
    assert.equal(accepted, false, `byte ${place}`);
    assert.equal(typeof error.code, "string");
  }
});

test("a cut file is refused, or is an unfinished election", async () => {
  const bytes = writeArchive(good.events);
  for (let length = 0; length < bytes.length; length += 1777) {
    const report = await verifyArchive(bytes.slice(0, length), { complete: true });
    assert.equal(report.accepted, false, `${length} bytes`);
  }
});

test("the finite field of Debian 12's tool is verified too", async () => {
  const other = makeElection("BELENIOS-2048");
  const { accepted, facts } = await verifyArchive(writeArchive(other.events), { complete: true });
  assert.ok(accepted);
  assert.deepEqual(facts.result, other.counts.map((row) => row.map(BigInt)));
});

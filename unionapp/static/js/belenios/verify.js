// The strict verifier of a whole election archive: the browser's own, independent of the server's.
// It covers homomorphic questions and trustees of the kind "Single".

import { parseArchive } from "./archive.js";
import { checkBallot } from "./ballot.js";
import { parseCredentialList } from "./credential.js";
import { parseElection } from "./election.js";
import { BeleniosError, demand, demandExactKeys, parseCanonicalJson, toText } from "./encoding.js";
import { addToTally, checkResult, emptyTally, parseWeight, writeTally } from "./tally.js";
import { checkPartialDecryption, parseTrustees } from "./trustee.js";

// How long one stretch of work may keep the page from answering, in milliseconds.
const STRETCH = 40;

// What may follow what. "ready" is the state in which a Result is allowed.
const STEPS = {
  start: { Setup: "open" },
  open: { Ballot: "open", EndBallots: "closed" },
  closed: { EncryptedTally: "tallied" },
  tallied: { PartialDecryption: "tallied", Result: "final" },
  final: {},
};

// Lets the page answer between stretches of work, and stops when it is told to.
class Pacer {
  constructor(total, { onProgress, signal }) {
    Object.assign(this, { total, onProgress, signal, done: 0, pausedAt: performance.now() });
  }

  async breathe() {
    this.signal?.throwIfAborted();
    if (performance.now() - this.pausedAt < STRETCH) return;
    this.onProgress?.({ done: this.done, total: this.total });
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
    this.pausedAt = performance.now();
  }
}

function start(archive, pacer) {
  return { archive, pacer, state: "start", ballots: new Map(), trackers: [], shares: new Map() };
}

function datum(run, hash, what) {
  const content = run.archive.data.get(hash);
  demand(content !== undefined, "missing-data", what);
  return content;
}

async function checkSetup(run, event) {
  const names = parseCanonicalJson(datum(run, event.payload, "setup"), "setup data");
  demandExactKeys(names, ["election", "trustees", "credentials"], "setup data");
  demand(Object.values(names).every((name, index) => name === event.data[index]), "wrong-data", "setup");
  const [election, trustees, credentials] = Object.values(names).map((name) => datum(run, name, "setup"));
  run.election = parseElection(election, { ballots: run.archive.events.length });
  const { group, publicKey } = run.election;
  run.trustees = parseTrustees(group, trustees);
  demand(group.equal(group.product(run.trustees), publicKey), "wrong-key", "the product of the trustees' keys");
  run.credentials = parseCredentialList(parseCanonicalJson(credentials, "credentials"));
  for (const credential of run.credentials.keys()) {
    group.decode(credential);
    await run.pacer.breathe();
  }
}

function checkCast(run, event) {
  const { credential, tracker, ciphertexts } = checkBallot(run.election, datum(run, event.payload, "ballot"));
  demand(run.credentials.has(credential), "unknown-credential", credential);
  run.trackers.push({ height: event.height, tracker, credential });
  run.ballots.set(credential, { tracker, ciphertexts });
}

function checkTally(run, event) {
  const [tallyHash, sizedHash] = event.data;
  const sized = parseCanonicalJson(datum(run, sizedHash, "sized tally"), "sized tally");
  demandExactKeys(sized, ["num_tallied", "total_weight", "encrypted_tally"], "sized tally");
  demand(sized.encrypted_tally === tallyHash, "wrong-data", "encrypted_tally");
  run.totalWeight = [...run.ballots.keys()].reduce((sum, voter) => sum + run.credentials.get(voter), 0n);
  demand(parseWeight(sized.num_tallied, "num_tallied") === BigInt(run.ballots.size), "wrong-tally", "num_tallied");
  demand(parseWeight(sized.total_weight, "total_weight") === run.totalWeight, "wrong-tally", "total_weight");
  run.tally = emptyTally(run.election);
  for (const [voter, { ciphertexts }] of run.ballots) {
    run.tally = addToTally(run.election, run.tally, ciphertexts, run.credentials.get(voter));
  }
  const written = toText(datum(run, tallyHash, "encrypted tally"));
  demand(writeTally(run.election, run.tally) === written, "wrong-tally", "the product of the ballots");
}

function checkShare(run, event) {
  const [shareHash, ownedHash] = event.data;
  const owned = parseCanonicalJson(datum(run, ownedHash, "owned"), "owned");
  demandExactKeys(owned, ["owner", "payload"], "owned");
  demand(owned.payload === shareHash, "wrong-data", "owned");
  const key = run.trustees[owned.owner - 1];
  demand(Number.isSafeInteger(owned.owner) && key !== undefined, "unknown-trustee", String(owned.owner));
  demand(!run.shares.has(owned.owner), "duplicate-decryption", String(owned.owner));
  const factors = checkPartialDecryption(run.election, run.tally, key, datum(run, shareHash, "decryption"));
  run.shares.set(owned.owner, factors);
}

function checkCounts(run, event) {
  demand(run.shares.size === run.trustees.length, "missing-decryption", `${run.shares.size}`);
  const raw = datum(run, event.payload, "result");
  run.result = checkResult(run.election, run.tally, [...run.shares.values()], raw);
}

const CHECKS = {
  Setup: checkSetup,
  Ballot: checkCast,
  EndBallots: () => {},
  EncryptedTally: checkTally,
  PartialDecryption: checkShare,
  Result: checkCounts,
};

async function checkEvent(run, event) {
  const next = STEPS[run.state][event.type];
  demand(next !== undefined, "misplaced-event", `${event.type} when the election is ${run.state}`);
  await CHECKS[event.type](run, event);
  run.state = next;
}

async function checkEvents(run) {
  const { archive, pacer } = run;
  for (const event of archive.events) {
    await pacer.breathe();
    try {
      await checkEvent(run, event);
    } catch (error) {
      error.event ??= { height: event.height, type: event.type };
      throw error;
    }
    pacer.done += 1;
  }
  pacer.onProgress?.({ done: pacer.done, total: pacer.total });
}

function demandExpectations(run, { complete, fingerprint, voters }) {
  demand(!complete || run.state === "final", "incomplete", run.state);
  demand(fingerprint === undefined || run.election.fingerprint === fingerprint, "wrong-election", "fingerprint");
  demand(voters === undefined || run.credentials.size === voters, "wrong-voters", `${run.credentials.size}`);
}

function facts(run) {
  const { election } = run;
  return {
    state: run.state,
    uuid: election.uuid,
    name: election.name,
    fingerprint: election.fingerprint,
    group: election.group.name,
    questions: election.questions,
    trustees: run.trustees.length,
    voters: run.credentials.size,
    cast: run.trackers.length,
    counted: run.ballots.size,
    totalWeight: run.totalWeight ?? null,
    trackers: run.trackers,
    countedTrackers: [...run.ballots.values()].map(({ tracker }) => tracker),
    result: run.result ?? null,
    lastEvent: run.archive.events.at(-1).hash,
  };
}

/**
 * Verify an archive (Uint8Array). Never throws for what the archive holds: the report says it.
 *
 * Options: complete (true: an archive without a result is refused), fingerprint and voters (what the caller knows
 * from elsewhere and the archive must agree with), onProgress({done, total}), signal (AbortSignal).
 *
 * Report: {accepted: true, facts} or {accepted: false, error: {code, detail, event}}, where event is {height,
 * type} or null when the file itself is at fault. facts: {state: "open" | "closed" | "tallied" | "final", uuid,
 * name, fingerprint, group, questions, trustees, voters, cast, counted, totalWeight, trackers: [{height, tracker,
 * credential}], countedTrackers, result: [[BigInt]] | null, lastEvent}.
 */
export async function verifyArchive(bytes, options = {}) {
  try {
    const archive = parseArchive(bytes);
    const run = start(archive, new Pacer(archive.events.length, options));
    await checkEvents(run);
    demandExpectations(run, options);
    return { accepted: true, facts: facts(run) };
  } catch (error) {
    if (!(error instanceof BeleniosError)) throw error;
    const { code, detail, event } = error;
    return { accepted: false, error: { code, detail, event: event ?? null } };
  }
}

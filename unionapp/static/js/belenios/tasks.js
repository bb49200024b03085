// The long computations of the ballot pages, as messages between a page and its worker can carry them:
// plain values in, plain values out. The page may also call them itself, where no worker may start.

import { ballotTracker, checkBallot, checkOpenings, choiceBits, createBallot } from "./ballot.js";
import { publicCredential } from "./credential.js";
import { parseElection } from "./election.js";
import { decryptTally, makeTrusteeKey } from "./trustee.js";
import { verifyArchive } from "./verify.js";

/**
 * Encrypt a ballot. election: raw bytes or text of election.json; credential: private; selections: for each
 * question a list of answer indexes, or "blank". Result: {ballot, tracker, vectors, openings}.
 */
async function encrypt({ election: raw, credential, selections }) {
  const election = parseElection(raw);
  const vectors = election.questions.map((question, index) => choiceBits(question, selections[index]));
  return { vectors, ...createBallot(election, credential, vectors) };
}

/** Check one ballot against election.json. Result: {credential, tracker}. */
async function check({ election, ballot }) {
  const { credential, tracker } = checkBallot(parseElection(election), ballot);
  return { credential, tracker };
}

/** Audit a spoilt ballot. Result: {honest: boolean, tracker}. */
async function audit({ election, ballot, vectors, openings }) {
  return { honest: checkOpenings(parseElection(election), ballot, vectors, openings), tracker: ballotTracker(ballot) };
}

/** The public credential of a private one. Result: text. */
async function identify({ election: raw, credential }) {
  const { group, uuid } = parseElection(raw);
  return publicCredential(group, uuid, credential);
}

/** A new trustee key of `group`: {privateKeyFile, publicKey, publicKeyFile}. */
async function makeKey({ group }) {
  return makeTrusteeKey(group);
}

/** A trustee's partial decryption: text. */
async function decrypt({ election, tally, privateKeyFile }) {
  return decryptTally(parseElection(election), tally, privateKeyFile);
}

/** Verify a whole archive; see verifyArchive for the report. */
async function verify({ archive, ...options }) {
  return verifyArchive(archive, options);
}

export const TASKS = { encrypt, check, audit, identify, makeKey, decrypt, verify };

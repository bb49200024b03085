// Making and checking ballots of crypto version 1.

import { credentialSecret } from "./credential.js";
import { choiceCount } from "./election.js";
import { base64Digest, demand, demandArray, demandExactKeys, parseCanonicalJson, toText } from "./encoding.js";
import { browserRandom } from "./group.js";
import { checkHomomorphic, encryptHomomorphic } from "./homomorphic.js";
import { checkKnowledge, demandProof, proveKnowledge } from "./proofs.js";

const BALLOT_KEYS = ["election_uuid", "election_hash", "credential", "answers", "signature"];

/** The tracker of a ballot: base64 of its SHA-256 without padding, 43 characters. */
export function ballotTracker(ballot) {
  return base64Digest(ballot);
}

/**
 * The vector of bits of a homomorphic answer. `selected`: indexes into question.answers, or "blank".
 * BeleniosError("bad-choices") when the question does not allow it.
 */
export function choiceBits(question, selected) {
  const bits = new Array(choiceCount(question)).fill(0);
  if (selected === "blank") {
    demand(question.blank, "bad-choices", "blank");
    bits[0] = 1;
    return bits;
  }
  for (const index of selected) {
    demand(Number.isInteger(index) && index >= 0 && index < question.answers.length, "bad-choices", "index");
    bits[index + (question.blank ? 1 : 0)] = 1;
  }
  return bits;
}

function answerContext(election, credential, random) {
  const { group, publicKey, fingerprint } = election;
  return { group, publicKey, scope: `${fingerprint}|${credential}`, random };
}

/**
 * Encrypt and sign a ballot.
 *
 * election: of parseElection. credential: the private one. vectors: for each question the bits, the blank
 * one first (see choiceBits).
 * Returns {ballot, tracker, openings}: the ballot is the exact text to cast; openings[i] is the secret
 * randomness of answer i and must never leave the voter's machine unless the ballot is spoilt for an audit.
 */
export function createBallot(election, credential, vectors, random = browserRandom) {
  demandArray(vectors, election.questions.length, "answers");
  const { group, uuid, fingerprint } = election;
  const secret = credentialSecret(group, uuid, credential);
  const publicText = group.encode(group.basePower(secret));
  const context = answerContext(election, publicText, random);
  const encrypted = election.questions.map((question, index) => encryptHomomorphic(context, question, vectors[index]));
  const unsigned = {
    election_uuid: uuid,
    election_hash: fingerprint,
    credential: publicText,
    answers: encrypted.map(({ answer }) => answer),
  };
  const hash = base64Digest(JSON.stringify(unsigned));
  const proof = proveKnowledge(group, `sig|${hash}|`, secret, random);
  const ballot = JSON.stringify({ ...unsigned, signature: { hash, proof } });
  return { ballot, tracker: ballotTracker(ballot), openings: encrypted.map(({ openings }) => openings) };
}

function checkSignature(group, ballot) {
  demandExactKeys(ballot.signature, ["hash", "proof"], "signature");
  const { signature, ...unsigned } = ballot;
  demand(signature.hash === base64Digest(JSON.stringify(unsigned)), "wrong-hash", "signature");
  const credential = group.decode(ballot.credential);
  demandProof(checkKnowledge(group, `sig|${signature.hash}|`, credential, signature.proof), "signature");
}

/**
 * Check the raw text of a ballot against the election: canonical form, fingerprint, signature, every proof.
 *
 * Whether the credential is on the list is for the caller. Returns {credential, tracker, ciphertexts},
 * ciphertexts[i] being [{alpha, beta}] of answer i. Throws BeleniosError.
 */
export function checkBallot(election, raw) {
  const ballot = parseCanonicalJson(raw, "ballot");
  demandExactKeys(ballot, BALLOT_KEYS, "ballot");
  demand(ballot.election_uuid === election.uuid, "wrong-election", "election_uuid");
  demand(ballot.election_hash === election.fingerprint, "wrong-election", "election_hash");
  demandArray(ballot.answers, election.questions.length, "answers");
  checkSignature(election.group, ballot);
  const context = answerContext(election, ballot.credential);
  const ciphertexts = election.questions.map((question, index) => {
    return checkHomomorphic(context, question, ballot.answers[index]);
  });
  return { credential: ballot.credential, tracker: ballotTracker(toText(raw)), ciphertexts };
}

/**
 * Audit of a spoilt ballot: true when every choice is the encryption of the bits said, with these openings.
 * A ballot whose openings were shown must not be cast.
 */
export function checkOpenings(election, raw, vectors, openings) {
  const { group, publicKey } = election;
  const ballot = parseCanonicalJson(raw, "ballot");
  return election.questions.every((_, index) => {
    return ballot.answers[index].choices.every(({ alpha, beta }, place) => {
      const r = openings[index][place];
      const expected = group.multiply(group.power(publicKey, r), group.basePower(BigInt(vectors[index][place])));
      return alpha === group.encode(group.basePower(r)) && beta === group.encode(expected);
    });
  });
}

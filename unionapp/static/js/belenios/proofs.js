// Zero-knowledge proofs of the protocol (version 1). A proof is {challenge, response} of decimal strings.
// An `x` that is secret only ever goes through group.power and group.basePower.

import { bytesToHex, sha256 } from "../../vendor/noble-hashes.js";
import { demand, demandArray, demandExactKeys, toBytes } from "./encoding.js";

/** H(prefix, [P1..Pn]): SHA-256 of the prefix and the elements joined by commas, modulo the order. */
export function hashToScalar(group, prefix, elements) {
  const text = prefix + elements.map((element) => group.encode(element)).join(",");
  return group.reduce(BigInt(`0x${bytesToHex(sha256(toBytes(text)))}`));
}

function writeProof(challenge, response) {
  return { challenge: challenge.toString(), response: response.toString() };
}

/** {challenge, response} as BigInt; every scalar must be in range. */
export function parseProof(group, proof) {
  demandExactKeys(proof, ["challenge", "response"], "proof");
  return { challenge: group.parseScalar(proof.challenge), response: group.parseScalar(proof.response) };
}

/** Proof that x of `group`.generator^x is known, bound to `prefix`. Also the signature scheme. */
export function proveKnowledge(group, prefix, x, random) {
  const w = group.randomScalar(random);
  const challenge = hashToScalar(group, prefix, [group.basePower(w)]);
  return writeProof(challenge, group.reduce(w - x * challenge));
}

/** True when `proof` shows knowledge of the logarithm of `element`. */
export function checkKnowledge(group, prefix, element, proof) {
  const { challenge, response } = parseProof(group, proof);
  const commitment = group.multiply(group.publicBasePower(response), group.publicPower(element, challenge));
  return hashToScalar(group, prefix, [commitment]) === challenge;
}

/** Proof that factor = alpha^x and key = g^x for the same x. */
export function proveDecryption(group, prefix, x, alpha, random) {
  const w = group.randomScalar(random);
  const challenge = hashToScalar(group, prefix, [group.basePower(w), group.power(alpha, w)]);
  return writeProof(challenge, group.reduce(w - x * challenge));
}

/** True when `proof` shows that `factor` is alpha to the logarithm of `key`. */
export function checkDecryption(group, prefix, { key, alpha, factor }, proof) {
  const { challenge, response } = parseProof(group, proof);
  const first = group.multiply(group.publicBasePower(response), group.publicPower(key, challenge));
  const second = group.multiply(group.publicPower(alpha, response), group.publicPower(factor, challenge));
  return hashToScalar(group, prefix, [first, second]) === challenge;
}

/**
 * Proof by disjunction under the key y: one of the branches is an encryption of the identity.
 *
 * branches: [{r, shift}], alpha of branch j is g^r and beta/g^M is y^r*g^shift; shift is 0 in the true branch.
 * trueIndex: which one is true. Returns one proof for each branch.
 */
export function proveDisjunction(group, prefix, y, branches, trueIndex, random) {
  const w = group.randomScalar(random);
  const commitments = [];
  const proofs = [];
  let others = 0n;
  branches.forEach(({ r, shift }, index) => {
    if (index === trueIndex) {
      commitments.push(group.basePower(w), group.power(y, w));
      proofs.push(null);
      return;
    }
    const challenge = group.randomScalar(random);
    const response = group.randomScalar(random);
    const exponent = group.reduce(response + r * challenge);
    const offset = group.basePower(group.reduce(shift * challenge));
    commitments.push(group.basePower(exponent), group.multiply(group.power(y, exponent), offset));
    proofs.push(writeProof(challenge, response));
    others += challenge;
  });
  const challenge = group.reduce(hashToScalar(group, prefix, commitments) - others);
  proofs[trueIndex] = writeProof(challenge, group.reduce(w - branches[trueIndex].r * challenge));
  return proofs;
}

/** Branches [{alpha, beta}], beta already divided by g^M, and their proofs: true when the disjunction holds. */
export function checkDisjunction(group, prefix, y, branches, proofs) {
  demandArray(proofs, branches.length, "disjunction");
  let sum = 0n;
  const commitments = branches.flatMap(({ alpha, beta }, index) => {
    const { challenge, response } = parseProof(group, proofs[index]);
    sum += challenge;
    return [
      group.multiply(group.publicBasePower(response), group.publicPower(alpha, challenge)),
      group.multiply(group.publicPower(y, response), group.publicPower(beta, challenge)),
    ];
  });
  return hashToScalar(group, prefix, commitments) === group.reduce(sum);
}

/** Demand that a check succeeded: BeleniosError("bad-proof", what). */
export function demandProof(holds, what) {
  demand(holds, "bad-proof", what);
}

// Answers that a mixnet will shuffle: the numbers of all answers in one ciphertext. There is no proof that the
// numbers make sense; a ranking that does not is dropped after the decryption.

import { ed25519 } from "../../vendor/noble-curves.js";
import { hexToBytes } from "../../vendor/noble-hashes.js";
import { demand, demandArray, demandExactKeys } from "./encoding.js";
import { checkKnowledge, demandProof, proveKnowledge } from "./proofs.js";

const BITS_OF_NUMBER = 8n;
const PADDING_BITS = 14n;

function pointOfNumber(number) {
  try {
    const point = ed25519.Point.fromBytes(hexToBytes(number.toString(16).padStart(64, "0")).reverse());
    return point.isTorsionFree() ? point : null;
  } catch {
    return null;
  }
}

/** Numbers 0..255 as an element: the first number of 256 bits with room below them that is a point. */
export function encodeNumbers(group, numbers) {
  demand(group.name === "Ed25519", "unsupported-question", group.name);
  demand(numbers.every((n) => Number.isInteger(n) && n >= 0 && n < 256), "bad-choices", "number");
  const packed = numbers.reduce((left, n) => (left << BITS_OF_NUMBER) + BigInt(n), 0n) << PADDING_BITS;
  for (let step = 0n; step < 1n << PADDING_BITS; step += 1n) {
    const point = pointOfNumber(packed + step);
    if (point !== null) return point;
  }
  throw new Error("no point among 2^14 numbers");
}

/** The `count` numbers that an element encodes. */
export function decodeNumbers(group, element, count) {
  let packed = BigInt(`0x${group.encode(element)}`) >> PADDING_BITS;
  const numbers = [];
  for (let i = 0; i < count; i += 1) {
    numbers.unshift(Number(packed & 255n));
    packed >>= BITS_OF_NUMBER;
  }
  return numbers;
}

function prefixOf({ publicKeyText, scope }, { alpha, beta }) {
  return `raweg|${scope}|${publicKeyText},${alpha},${beta}|`;
}

/** Encrypt the numbers of one answer. See encryptHomomorphic for the context and the result. */
export function encryptNonHomomorphic(context, question, numbers) {
  const { group, publicKey, random } = context;
  demandArray(numbers, question.answers.length, "choices");
  const r = group.randomScalar(random);
  const choices = {
    alpha: group.encode(group.basePower(r)),
    beta: group.encode(group.multiply(group.power(publicKey, r), encodeNumbers(group, numbers))),
  };
  const proof = proveKnowledge(group, prefixOf(context, choices), r, random);
  return { answer: { choices, proof }, openings: [r] };
}

/** Check one answer and give its ciphertext in a list of one; BeleniosError when anything is wrong. */
export function checkNonHomomorphic(context, question, answer) {
  const { group } = context;
  demandExactKeys(answer, ["choices", "proof"], "answer");
  demandExactKeys(answer.choices, ["alpha", "beta"], "choices");
  const ciphertext = { alpha: group.decode(answer.choices.alpha), beta: group.decode(answer.choices.beta) };
  const holds = checkKnowledge(group, prefixOf(context, answer.choices), ciphertext.alpha, answer.proof);
  demandProof(holds, "proof");
  return [ciphertext];
}

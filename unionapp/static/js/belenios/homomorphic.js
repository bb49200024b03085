// Answers to homomorphic questions: every choice an encrypted bit, proofs that the bits are bits and that
// their sum is allowed. With a blank choice the bit of it comes first.

import { demand, demandArray, demandExactKeys } from "./encoding.js";
import { choiceCount } from "./election.js";
import { checkDisjunction, demandProof, proveDisjunction } from "./proofs.js";

function sum(numbers) {
  return numbers.reduce((left, right) => left + right, 0);
}

function demandChoices(question, bits) {
  demandArray(bits, choiceCount(question), "choices");
  demand(bits.every((bit) => bit === 0 || bit === 1), "bad-choices", "bits");
  const blank = question.blank && bits[0] === 1;
  const marked = sum(question.blank ? bits.slice(1) : bits);
  demand(blank ? marked === 0 : marked >= question.min && marked <= question.max, "bad-choices", "number");
}

function statement(scope, choices) {
  return `${scope}|${choices.map(({ alpha, beta }) => `${alpha},${beta}`).join(",")}`;
}

function allowedSums({ min, max }) {
  return Array.from({ length: max - min + 1 }, (_, index) => min + index);
}

function proveBit(context, { alpha, beta }, bit, r) {
  const { group, publicKey, scope, random } = context;
  const branches = [0, 1].map((value) => ({ r, shift: BigInt(bit - value) }));
  return proveDisjunction(group, `prove|${scope}|${alpha},${beta}|`, publicKey, branches, bit, random);
}

function proveSum(context, question, choices, bits, openings) {
  const { group, publicKey, scope, random } = context;
  const r = group.reduce(openings.reduce((left, right) => left + right, 0n));
  const total = sum(bits);
  const alpha = group.encode(group.product(choices.map((choice) => choice.element.alpha)));
  const beta = group.encode(group.product(choices.map((choice) => choice.element.beta)));
  const branches = allowedSums(question).map((value) => ({ r, shift: BigInt(total - value) }));
  const prefix = `prove|${statement(scope, choices)}|${alpha},${beta}|`;
  return proveDisjunction(group, prefix, publicKey, branches, total - question.min, random);
}

function proveBlank(context, question, choices, bits, openings) {
  const { group, publicKey, scope, random } = context;
  const S = statement(scope, choices);
  const [blankBit, ...rest] = bits;
  const total = sum(rest);
  const r0 = openings[0];
  const rest0 = group.reduce(openings.slice(1).reduce((left, right) => left + right, 0n));
  const either = [{ r: r0, shift: BigInt(blankBit) }, { r: rest0, shift: BigInt(total) }];
  const allowed = allowedSums(question).map((value) => ({ r: rest0, shift: BigInt(total - value) }));
  const branches = [{ r: r0, shift: BigInt(blankBit - 1) }, ...allowed];
  const index = blankBit === 1 ? 0 : 1 + total - question.min;
  return {
    overall_proof: proveDisjunction(group, `bproof1|${S}|`, publicKey, branches, index, random),
    blank_proof: proveDisjunction(group, `bproof0|${S}|`, publicKey, either, blankBit, random),
  };
}

/**
 * Encrypt the bits of one answer. context: {group, publicKey, scope, random}; scope binds the proofs to the
 * election and the credential. Returns {answer, openings}: the openings are the secret randomness.
 */
export function encryptHomomorphic(context, question, bits) {
  const { group, publicKey, random } = context;
  demandChoices(question, bits);
  const openings = bits.map(() => group.randomScalar(random));
  const choices = bits.map((bit, index) => {
    const alpha = group.basePower(openings[index]);
    const beta = group.multiply(group.power(publicKey, openings[index]), group.basePower(BigInt(bit)));
    return { alpha: group.encode(alpha), beta: group.encode(beta), element: { alpha, beta } };
  });
  const proofs = question.blank
    ? proveBlank(context, question, choices, bits, openings)
    : { overall_proof: proveSum(context, question, choices, bits, openings) };
  const answer = {
    choices: choices.map(({ alpha, beta }) => ({ alpha, beta })),
    individual_proofs: bits.map((bit, index) => proveBit(context, choices[index], bit, openings[index])),
    ...proofs,
  };
  return { answer, openings };
}

function shifted(group, { alpha, beta }, value) {
  return { alpha, beta: value === 0 ? beta : group.divide(beta, group.publicBasePower(BigInt(value))) };
}

function total(group, ciphertexts) {
  return {
    alpha: group.product(ciphertexts.map(({ alpha }) => alpha)),
    beta: group.product(ciphertexts.map(({ beta }) => beta)),
  };
}

function checkSum(context, question, answer, ciphertexts) {
  const { group, publicKey, scope } = context;
  const all = total(group, ciphertexts);
  const prefix = `prove|${statement(scope, answer.choices)}|${group.encode(all.alpha)},${group.encode(all.beta)}|`;
  const branches = allowedSums(question).map((value) => shifted(group, all, value));
  demandProof(checkDisjunction(group, prefix, publicKey, branches, answer.overall_proof), "overall_proof");
}

function checkBlank(context, question, answer, ciphertexts) {
  const { group, publicKey, scope } = context;
  const S = statement(scope, answer.choices);
  const [blank, ...others] = ciphertexts;
  const rest = total(group, others);
  const either = checkDisjunction(group, `bproof0|${S}|`, publicKey, [blank, rest], answer.blank_proof);
  demandProof(either, "blank_proof");
  const branches = [
    shifted(group, blank, 1),
    ...allowedSums(question).map((value) => shifted(group, rest, value)),
  ];
  demandProof(checkDisjunction(group, `bproof1|${S}|`, publicKey, branches, answer.overall_proof), "overall_proof");
}

function parseChoice(group, choice) {
  demandExactKeys(choice, ["alpha", "beta"], "choice");
  return { alpha: group.decode(choice.alpha), beta: group.decode(choice.beta) };
}

/** Check one answer and give its ciphertexts [{alpha, beta}] as elements; BeleniosError when anything is wrong. */
export function checkHomomorphic(context, question, answer) {
  const { group, publicKey, scope } = context;
  const keys = ["choices", "individual_proofs", "overall_proof", ...(question.blank ? ["blank_proof"] : [])];
  demandExactKeys(answer, keys, "answer");
  const count = choiceCount(question);
  demandArray(answer.choices, count, "choices");
  demandArray(answer.individual_proofs, count, "individual_proofs");
  const ciphertexts = answer.choices.map((choice) => parseChoice(group, choice));
  ciphertexts.forEach((ciphertext, index) => {
    const { alpha, beta } = answer.choices[index];
    const branches = [0, 1].map((value) => shifted(group, ciphertext, value));
    const prefix = `prove|${scope}|${alpha},${beta}|`;
    const holds = checkDisjunction(group, prefix, publicKey, branches, answer.individual_proofs[index]);
    demandProof(holds, `individual_proof ${index + 1}`);
  });
  (question.blank ? checkBlank : checkSum)(context, question, answer, ciphertexts);
  return ciphertexts;
}

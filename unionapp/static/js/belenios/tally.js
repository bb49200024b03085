// The encrypted tally and the result of homomorphic questions.

import { choiceCount } from "./election.js";
import { demand, demandArray, demandExactKeys, parseCanonicalJson } from "./encoding.js";

// Above this the protocol writes weights and counts as strings.
const LARGEST_PLAIN_NUMBER = 2n ** 30n - 1n;

/** A count or weight as it stands in JSON: a number, or a string when it is large. Result: BigInt. */
export function parseWeight(value, what) {
  if (typeof value === "string") {
    demand(/^[1-9][0-9]{9,99}$/.test(value) && BigInt(value) > LARGEST_PLAIN_NUMBER, "bad-number", what);
    return BigInt(value);
  }
  demand(Number.isSafeInteger(value) && value >= 0, "bad-number", what);
  demand(BigInt(value) <= LARGEST_PLAIN_NUMBER, "bad-number", what);
  return BigInt(value);
}

/** The neutral tally: every place the identity. */
export function emptyTally({ group, questions }) {
  return questions.map((question) => {
    return Array.from({ length: choiceCount(question) }, () => ({ alpha: group.identity, beta: group.identity }));
  });
}

/** A tally with one more ballot's ciphertexts, raised to the voter's weight (BigInt). */
export function addToTally({ group }, tally, ciphertexts, weight) {
  const weighed = (element) => (weight === 1n ? element : group.publicPower(element, weight));
  return tally.map((row, i) => row.map(({ alpha, beta }, j) => ({
    alpha: group.multiply(alpha, weighed(ciphertexts[i][j].alpha)),
    beta: group.multiply(beta, weighed(ciphertexts[i][j].beta)),
  })));
}

/** The JSON text of a tally of elements. */
export function writeTally({ group }, tally) {
  const write = ({ alpha, beta }) => ({ alpha: group.encode(alpha), beta: group.encode(beta) });
  return JSON.stringify(tally.map((row) => row.map(write)));
}

/** The elements [[{alpha, beta}]] of a raw encrypted tally. */
export function parseEncryptedTally({ group, questions }, raw) {
  const rows = demandArray(parseCanonicalJson(raw, "encrypted tally"), questions.length, "encrypted tally");
  return rows.map((row, index) => {
    demandArray(row, choiceCount(questions[index]), "encrypted tally");
    return row.map((ciphertext) => {
      demandExactKeys(ciphertext, ["alpha", "beta"], "ciphertext");
      return { alpha: group.decodeAny(ciphertext.alpha), beta: group.decodeAny(ciphertext.beta) };
    });
  });
}

/**
 * Check a claimed result against the tally and the factors of all trustees.
 * Returns the counts [[BigInt]], the blank one first where a question has it.
 */
export function checkResult(election, tally, shares, raw) {
  const { group } = election;
  const source = parseCanonicalJson(raw, "result");
  demandExactKeys(source, ["result"], "result");
  demandArray(source.result, tally.length, "result");
  return tally.map((row, i) => {
    demandArray(source.result[i], row.length, "result");
    return row.map(({ beta }, j) => {
      const count = parseWeight(source.result[i][j], `result ${i + 1}.${j + 1}`);
      demand(count < group.order, "bad-number", "result");
      const factor = group.product(shares.map((share) => share[i][j]));
      const plain = group.divide(beta, factor);
      demand(group.equal(plain, group.publicBasePower(count)), "wrong-result", `${i + 1}.${j + 1}`);
      return count;
    });
  });
}

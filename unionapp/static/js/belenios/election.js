// The public description of an election: election.json of crypto version 1.

import { base64Digest, demand, demandArray, demandKeys, parseJson } from "./encoding.js";
import { groupNamed } from "./group.js";

const REQUIRED = ["version", "description", "name", "group", "public_key", "questions", "uuid"];
const OPTIONAL = ["administrator", "credential_authority", "language"];
const UUID = /^[1-9A-HJ-NP-Za-km-z]{14,}$/;

function demandTexts(texts, what) {
  demandArray(texts, undefined, what);
  demand(texts.every((text) => typeof text === "string"), "wrong-shape", what);
}

function parseHomomorphic(source, what) {
  demandKeys(source, ["answers", "min", "max", "question"], ["blank"], what);
  const { answers, min, max, question } = source;
  demandTexts(answers, what);
  demand(source.blank === undefined || typeof source.blank === "boolean", "wrong-shape", what);
  demand(typeof question === "string" && answers.length > 0 && max > 0, "bad-question", what);
  demand(Number.isSafeInteger(min) && Number.isSafeInteger(max), "wrong-shape", what);
  demand(min >= 0 && min <= max && max <= answers.length, "bad-question", what);
  return { question, answers, min, max, blank: source.blank === true };
}

function parseQuestion(source, index) {
  const what = `question ${index + 1}`;
  demandKeys(source, [], Object.keys(source ?? {}), what);
  demand(!Object.hasOwn(source, "type"), "unsupported-question", `${what}: ${source.type}`);
  return parseHomomorphic(source, what);
}

/**
 * Parse election.json from its raw bytes (or text): the fingerprint is of these very bytes.
 *
 * `ballots` tells roughly how many ballots will be made or checked, for the size of the tables.
 * Result: {fingerprint, uuid, name, description, group, publicKey, publicKeyText, questions, administrator,
 * credentialAuthority}; a question is {question, answers, min, max, blank}. Throws BeleniosError; its code is
 * "unsupported-question" for the kinds that a mixnet shuffles and for lists.
 */
export function parseElection(raw, { ballots = 1 } = {}) {
  const source = parseJson(raw, "election");
  demandKeys(source, REQUIRED, OPTIONAL, "election");
  demand(source.version === 1, "unsupported-version", String(source.version));
  demand(typeof source.uuid === "string" && UUID.test(source.uuid), "bad-uuid", String(source.uuid));
  demand(typeof source.name === "string" && typeof source.description === "string", "wrong-shape", "election");
  demandArray(source.questions, undefined, "questions");
  demand(source.questions.length > 0, "wrong-length", "questions");
  const group = groupNamed(source.group);
  const publicKey = group.decode(source.public_key);
  return {
    fingerprint: base64Digest(raw),
    uuid: source.uuid,
    name: source.name,
    description: source.description,
    group,
    publicKey: group.prepare(publicKey, ballots),
    publicKeyText: source.public_key,
    questions: source.questions.map(parseQuestion),
    administrator: source.administrator ?? null,
    credentialAuthority: source.credential_authority ?? null,
  };
}

/** How many ciphertexts an answer to this question has; the blank one counts. */
export function choiceCount(question) {
  return question.answers.length + (question.blank ? 1 : 0);
}

// Builds small elections and their archives for the tests, and rebuilds them with one thing changed, every hash
// and link of the chain made right again: so a refusal shows the check itself, not the chain.

import { choiceBits, createBallot, checkBallot } from "../../unionapp/static/js/belenios/ballot.js";
import { makeCredential, publicCredential } from "../../unionapp/static/js/belenios/credential.js";
import { parseElection } from "../../unionapp/static/js/belenios/election.js";
import { hexDigest, toBytes } from "../../unionapp/static/js/belenios/encoding.js";
import { groupNamed } from "../../unionapp/static/js/belenios/group.js";
import { addToTally, emptyTally, writeTally } from "../../unionapp/static/js/belenios/tally.js";
import { decryptTally, makeTrusteeKey } from "../../unionapp/static/js/belenios/trustee.js";

const TIMESTAMP = 1_790_000_000;
export const UUID = "9xGkTqVbZ3mW7h";

function tarEntry(name, content) {
  const size = content.length;
  const block = Buffer.alloc(512 + Math.ceil(size / 512) * 512);
  const put = (offset, text) => block.write(text, offset, "latin1");
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, size.toString(8).padStart(11, "0"));
  put(136, TIMESTAMP.toString(8).padStart(11, "0"));
  put(148, "        ");
  put(156, "0");
  const sum = block.subarray(0, 512).reduce((left, right) => left + right, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  block.set(content, 512);
  return block;
}

/** The bytes of an archive whose events are [{type, data: [text]}], the last datum being the payload. */
export function writeArchive(events) {
  const head = JSON.stringify({ version: 1, timestamp: String(TIMESTAMP) });
  const pieces = [tarEntry("BELENIOS", toBytes(head))];
  let parent = null;
  events.forEach(({ type, data }, height) => {
    for (const datum of data) pieces.push(tarEntry(`${hexDigest(datum)}.data.json`, toBytes(datum)));
    const payload = data.length === 0 ? {} : { payload: hexDigest(data.at(-1)) };
    const event = JSON.stringify({ ...(parent === null ? {} : { parent }), height, type, ...payload });
    parent = hexDigest(event);
    pieces.push(tarEntry(`${parent}.event.json`, toBytes(event)));
  });
  return new Uint8Array(Buffer.concat(pieces));
}

/** The three data of a Setup event, with the datum that names them. */
export function setup(election, trustees, credentials) {
  const names = { election: hexDigest(election), trustees: hexDigest(trustees), credentials: hexDigest(credentials) };
  return { type: "Setup", data: [election, trustees, credentials, JSON.stringify(names)] };
}

/** The EncryptedTally event of these raw ballots (the last one of each voter, already chosen). */
export function tallyEvent(election, raws, changes = {}) {
  let tally = emptyTally(election);
  for (const raw of raws) tally = addToTally(election, tally, checkBallot(election, raw).ciphertexts, 1n);
  const text = writeTally(election, tally);
  const sized = { num_tallied: raws.length, total_weight: raws.length, encrypted_tally: hexDigest(text), ...changes };
  return { type: "EncryptedTally", data: [text, JSON.stringify(sized)] };
}

/** The PartialDecryption event of one trustee. */
export function shareEvent(share, owner) {
  return { type: "PartialDecryption", data: [share, JSON.stringify({ owner, payload: hexDigest(share) })] };
}

export const YES_NO = { answers: ["はい", "いいえ"], blank: true, min: 1, max: 1, question: "規約を改正しますか" };
export const COMMITTEE = { answers: ["青木", "馬場", "千田"], min: 0, max: 2, question: "委員" };

/**
 * A finished election: two trustees, five voters of whom the third votes twice and the fifth not at all.
 * Result: {events, election, electionText, keys, credentials, ballots, counts}.
 */
export function makeElection(groupName = "Ed25519") {
  const group = groupNamed(groupName);
  const keys = [makeTrusteeKey(groupName), makeTrusteeKey(groupName)];
  const publicKey = group.encode(group.product(keys.map((key) => group.decode(key.publicKey))));
  const electionText = JSON.stringify({
    version: 1,
    description: "試験",
    name: "試験投票",
    group: groupName,
    public_key: publicKey,
    questions: [YES_NO, COMMITTEE],
    uuid: UUID,
  });
  const election = parseElection(electionText);
  const credentials = Array.from({ length: 5 }, () => makeCredential());
  const votes = [[0, [[0], [0, 1]]], [1, ["blank", []]], [2, [[1], [2]]], [2, [[0], [2]]], [3, [[1], [0, 2]]]];
  const ballots = votes.map(([voter, selections]) => {
    const vectors = election.questions.map((question, index) => choiceBits(question, selections[index]));
    return createBallot(election, credentials[voter], vectors).ballot;
  });
  const counts = [[1, 2, 1], [2, 1, 2]];
  const tally = tallyEvent(election, ballots.toSpliced(2, 1));
  const events = [
    setup(
      electionText,
      JSON.stringify(keys.map((key) => ["Single", JSON.parse(key.publicKeyFile)])),
      JSON.stringify(credentials.map((credential) => publicCredential(group, UUID, credential))),
    ),
    ...ballots.map((ballot) => ({ type: "Ballot", data: [ballot] })),
    { type: "EndBallots", data: [] },
    tally,
    ...keys.map((key, index) => shareEvent(decryptTally(election, tally.data[0], key.privateKeyFile), index + 1)),
    { type: "Result", data: [JSON.stringify({ result: counts })] },
  ];
  return { events, election, electionText, keys, credentials, ballots, counts };
}

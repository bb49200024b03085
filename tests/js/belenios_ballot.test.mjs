import assert from "node:assert/strict";
import test from "node:test";
import {
  ballotTracker,
  checkBallot,
  checkOpenings,
  choiceBits,
  createBallot,
} from "../../unionapp/static/js/belenios/ballot.js";
import { credentialSecret, makeCredential, tidyCredential } from "../../unionapp/static/js/belenios/credential.js";
import { parseElection } from "../../unionapp/static/js/belenios/election.js";
import { base64Digest, parseJson } from "../../unionapp/static/js/belenios/encoding.js";
import { groupNamed } from "../../unionapp/static/js/belenios/group.js";
import { proveKnowledge } from "../../unionapp/static/js/belenios/proofs.js";
import { makeTrusteeKey, parsePrivateKeyFile, parseTrustees } from "../../unionapp/static/js/belenios/trustee.js";
import { ed25519 } from "../../unionapp/static/vendor/noble-curves.js";
import { COMMITTEE, UUID, YES_NO } from "./make_archive.mjs";

const GROUPS = ["Ed25519", "BELENIOS-2048"];

function electionOf(groupName, questions = [YES_NO], changes = {}) {
  const { publicKey } = makeTrusteeKey(groupName);
  const base = { version: 1, description: "", name: "投票", group: groupName, public_key: publicKey };
  return JSON.stringify({ ...base, questions, uuid: UUID, ...changes });
}

function refusal(code) {
  return (error) => error.name === "BeleniosError" && error.code === code;
}

// Sign a ballot again after a change, so that only the check of the changed part can refuse it.
function resign(election, credential, ballot, change) {
  const { signature, ...unsigned } = JSON.parse(ballot);
  change(unsigned);
  const hash = base64Digest(JSON.stringify(unsigned));
  const secret = credentialSecret(election.group, election.uuid, credential);
  const proof = proveKnowledge(election.group, `sig|${hash}|`, secret);
  return JSON.stringify({ ...unsigned, signature: { hash, proof } });
}

for (const name of GROUPS) {
  test(`${name}: the generator has the stated order`, () => {
    const group = groupNamed(name);
    assert.ok(group.isIdentity(group.multiply(group.basePower(group.order - 1n), group.generator)));
    assert.ok(!group.isIdentity(group.generator));
  });

  test(`${name}: powers agree for secret and public exponents, zero included`, () => {
    const group = groupNamed(name);
    const element = group.basePower(group.randomScalar());
    for (const scalar of [0n, 1n, 2n, group.order - 1n, group.randomScalar()]) {
      assert.ok(group.equal(group.power(element, scalar), group.publicPower(element, scalar)));
      assert.ok(group.equal(group.basePower(scalar), group.publicBasePower(scalar)));
    }
    assert.ok(group.isIdentity(group.power(group.identity, 5n)));
  });

  test(`${name}: every kind of allowed answer passes its own check`, () => {
    const election = parseElection(electionOf(name, [YES_NO, COMMITTEE]));
    for (const selections of [[[0], []], ["blank", [1]], [[1], [0, 2]]]) {
      const vectors = election.questions.map((question, index) => choiceBits(question, selections[index]));
      const { ballot, tracker, openings } = createBallot(election, makeCredential(), vectors);
      assert.equal(checkBallot(election, ballot).tracker, tracker);
      assert.equal(tracker.length, 43);
      assert.ok(checkOpenings(election, ballot, vectors, openings));
      const other = [choiceBits(YES_NO, selections[0] === "blank" ? [0] : "blank"), vectors[1]];
      assert.ok(!checkOpenings(election, ballot, other, openings));
    }
  });

  test(`${name}: a scalar of the order or more is refused although it proves the same`, () => {
    const election = parseElection(electionOf(name));
    const { ballot } = createBallot(election, makeCredential(), [[0, 1, 0]]);
    const change = (path) => {
      const value = JSON.parse(ballot);
      const proof = path(value);
      proof.response = (BigInt(proof.response) + election.group.order).toString();
      return JSON.stringify(value);
    };
    assert.throws(() => checkBallot(election, change((value) => value.signature.proof)), refusal("bad-scalar"));
  });

  test(`${name}: swapped or exchanged parts are refused under a good signature`, () => {
    const election = parseElection(electionOf(name));
    const credential = makeCredential();
    const { ballot } = createBallot(election, credential, [[0, 1, 0]]);
    const changes = {
      "choices swapped": ({ answers: [answer] }) => answer.choices.reverse(),
      "overall proof reversed": ({ answers: [answer] }) => answer.overall_proof.reverse(),
      "blank proof reversed": ({ answers: [answer] }) => answer.blank_proof.reverse(),
      "bit proof reversed": ({ answers: [answer] }) => answer.individual_proofs[2].reverse(),
    };
    for (const [what, change] of Object.entries(changes)) {
      assert.throws(() => checkBallot(election, resign(election, credential, ballot, change)), refusal("bad-proof"), what);
    }
    const same = resign(election, credential, ballot, () => {});
    assert.notEqual(checkBallot(election, same).tracker, ballotTracker(ballot));
  });

  test(`${name}: elements outside the group or badly written are refused`, () => {
    const group = groupNamed(name);
    const bad = name === "Ed25519"
      ? ["", "00".repeat(32), "ff".repeat(32), `7${"f".repeat(61)}ee`, group.encode(group.basePower(2n)).toUpperCase(),
        `7${"f".repeat(61)}ec`, `80${"00".repeat(30)}01`]
      : ["0", "-1", "01", group.prime.toString(), (group.prime - 1n).toString(), (group.prime + 1n).toString(), "3"];
    bad.push(group.encode(group.identity));
    for (const text of bad) assert.throws(() => group.decode(text), refusal("bad-element"), text);
    assert.ok(group.equal(group.decode(group.encode(group.generator)), group.generator));
    assert.ok(group.isIdentity(group.decodeAny(group.encode(group.identity))));
  });

  test(`${name}: a trustee's key files check, another's private key does not`, () => {
    const one = makeTrusteeKey(name);
    const two = makeTrusteeKey(name);
    assert.equal(parsePrivateKeyFile(one.privateKeyFile).publicKey, one.publicKey);
    const mixed = JSON.stringify({ ...JSON.parse(one.privateKeyFile), public_key: two.publicKey });
    assert.throws(() => parsePrivateKeyFile(mixed), refusal("wrong-key"));
    const group = groupNamed(name);
    const listed = (file) => JSON.stringify([["Single", file]]);
    assert.equal(parseTrustees(group, listed(JSON.parse(one.publicKeyFile))).length, 1);
    const stolen = { pok: JSON.parse(one.publicKeyFile).pok, public_key: two.publicKey };
    assert.throws(() => parseTrustees(group, listed(stolen)), refusal("bad-proof"));
  });
}

test("a point beside the subgroup of prime order is refused, however well it is written", () => {
  const group = groupNamed("Ed25519");
  const ofOrderEight = ed25519.Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
  const mixed = group.basePower(5n).add(ofOrderEight);
  assert.throws(() => group.decode(group.encode(mixed)), refusal("bad-element"));
  assert.throws(() => group.decodeAny(group.encode(ofOrderEight)), refusal("bad-element"));
  assert.ok(group.equal(group.decode(group.encode(mixed.subtract(ofOrderEight))), group.basePower(5n)));
});

test("answers that the question does not allow are not encrypted", () => {
  const election = parseElection(electionOf("Ed25519", [YES_NO, COMMITTEE]));
  const credential = makeCredential();
  for (const bits of [[0, 0, 0], [1, 1, 0], [0, 1, 1], [0, 2, 0], [0, 1], [0, 1, 0, 0]]) {
    assert.throws(() => createBallot(election, credential, [bits, [0, 0, 0]]));
  }
  assert.throws(() => createBallot(election, credential, [[0, 1, 0], [1, 1, 1]]), refusal("bad-choices"));
  assert.throws(() => choiceBits(COMMITTEE, "blank"), refusal("bad-choices"));
  assert.throws(() => choiceBits(COMMITTEE, [3]), refusal("bad-choices"));
});

test("a ballot is refused by another election, with other keys, and with spaces in it", () => {
  const election = parseElection(electionOf("Ed25519"));
  const { ballot } = createBallot(election, makeCredential(), [[0, 1, 0]]);
  const other = parseElection(electionOf("Ed25519"));
  assert.throws(() => checkBallot(other, ballot), refusal("wrong-election"));
  assert.throws(() => checkBallot(election, ballot.replace(",", ", ")), refusal("not-canonical"));
  assert.throws(() => checkBallot(election, `${ballot}\n`), refusal("not-canonical"));
  const { signature, ...unsigned } = JSON.parse(ballot);
  assert.throws(() => checkBallot(election, JSON.stringify({ signature, ...unsigned })), refusal("not-canonical"));
  assert.throws(() => checkBallot(election, JSON.stringify(unsigned)), refusal("wrong-shape"));
});

test("elections that we cannot read, or that contradict themselves, are refused", () => {
  const refused = [
    ["unsupported-version", { version: 2 }],
    ["unknown-group", { group: "RFC-3526-2048" }],
    ["bad-uuid", { uuid: "short" }],
    ["unsupported-question", { questions: [{ type: "NonHomomorphic", value: { answers: ["a"], question: "" } }] }],
    ["bad-question", { questions: [{ ...COMMITTEE, min: 3, max: 2 }] }],
    ["bad-question", { questions: [{ ...COMMITTEE, max: 4 }] }],
    ["wrong-shape", { surprise: 1 }],
    ["bad-element", { public_key: `${"0".repeat(63)}1` }],
  ];
  for (const [code, changes] of refused) {
    assert.throws(() => parseElection(electionOf("Ed25519", [YES_NO], changes)), refusal(code), JSON.stringify(changes));
  }
});

test("a key that stands twice is refused, whatever its value", () => {
  assert.deepEqual(parseJson('{"a":"\\"b\\":","c":[{"a":1}]}', "x"), { a: '"b":', c: [{ a: 1 }] });
  assert.throws(() => parseJson('{"a":1,"a":1}', "x"), refusal("not-json"));
  assert.throws(() => parseJson('{"a":{"b":1, "b" :2}}', "x"), refusal("not-json"));
});

test("typed credentials are tidied, wrong ones refused", () => {
  const credential = makeCredential();
  assert.equal(tidyCredential(credential.replaceAll("-", "")), credential);
  assert.equal(tidyCredential(` ${credential.replaceAll("-", " ー ")}　`), credential);
  assert.throws(() => tidyCredential(credential.slice(1)), refusal("bad-credential"));
  assert.throws(() => tidyCredential(`0${credential.slice(1)}`), refusal("bad-credential"));
  assert.throws(() => credentialSecret(groupNamed("Ed25519"), UUID, credential.replaceAll("-", "")),
    refusal("bad-credential"));
});

// The sealed formats against the vectors that the Python side made and checks too.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as caseFormat from "../../unionapp/static/js/sealing/case_format.js";
import { canonicalJson, fromBase64Url, toBase64Url } from "../../unionapp/static/js/sealing/encoding.js";
import * as handlerKeys from "../../unionapp/static/js/sealing/handler_keys.js";
import * as padding from "../../unionapp/static/js/sealing/padding.js";
import { derive } from "../../unionapp/static/js/sealing/passphrase.js";
import * as receipt from "../../unionapp/static/js/sealing/receipt.js";
import * as sealedBox from "../../unionapp/static/js/sealing/sealed_box.js";
import * as stream from "../../unionapp/static/js/sealing/stream.js";
import { Chacha20Poly1305, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "../../unionapp/static/vendor/hpke.js";

const VECTORS = new URL("../crypto/sealing/vectors/", import.meta.url);
const CHEAP = { t: 1, m: 64, p: 1 };

function vectors(name) {
  return JSON.parse(readFileSync(new URL(`${name}.json`, VECTORS), "utf8"));
}

function bytes(hex) {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function hex(data) {
  return Buffer.from(data).toString("hex");
}

function refusal(code, facts) {
  return (error) => {
    assert.equal(error.name, "SealingError", String(error));
    assert.equal(error.code, code);
    if (facts !== undefined) assert.deepEqual(error.facts, facts);
    return true;
  };
}

async function collect(parts) {
  const pieces = [];
  for await (const part of parts) pieces.push(part);
  return new Uint8Array(Buffer.concat(pieces));
}

function queue(...chunks) {
  const waiting = chunks.map(bytes);
  return (length) => {
    const next = waiting.shift();
    assert.equal(next.length, length);
    return next;
  };
}

function flipped(data, place = data.length - 1) {
  return data.with(place, data[place] ^ 1);
}

test("canonical JSON has the bytes of the hash chain's vectors", () => {
  for (const { row, canonical } of vectors("hashchain").links) {
    assert.equal(new TextDecoder().decode(canonicalJson(row)), canonical);
  }
  assert.equal(new TextDecoder().decode(canonicalJson({ "\u{1f600}": 1, "\uff5e": 2 })), '{"\uff5e":2,"\u{1f600}":1}');
  assert.throws(() => canonicalJson({ a: "\ud800" }), refusal("not-unicode"));
  assert.throws(() => canonicalJson({ a: 0.5 }), refusal("not-canonical"));
});

test("base64url has one spelling", () => {
  assert.equal(hex(fromBase64Url("-_8", 2)), "fbff");
  assert.equal(toBase64Url(bytes("fbff")), "-_8");
  for (const text of ["-_9", "-_8=", "+/8", "-_8 ", "-_", null]) {
    assert.throws(() => fromBase64Url(text, 2), refusal("bad-encoding"));
  }
});

test("HPKE agrees with RFC 9180, appendix A.2.1", async () => {
  const vector = vectors("hpke").rfc9180_a_2_1;
  const suite = new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Chacha20Poly1305(),
  });
  const recipientKey = await suite.kem.importKey("raw", bytes(vector.skRm), false);
  const context = await suite.createRecipientContext({ recipientKey, enc: bytes(vector.enc), info: bytes(vector.info) });
  const opened = await context.open(bytes(vector.ct), bytes(vector.aad));
  assert.equal(hex(new Uint8Array(opened)), vector.pt);
});

test("sealed boxes of Python open, changed ones do not", async () => {
  for (const vector of vectors("hpke").cases) {
    const [key, sealed, info] = [bytes(vector.private_key), bytes(vector.sealed), bytes(vector.info)];
    assert.equal(hex(sealedBox.publicKeyOf(key)), vector.public_key);
    assert.equal(hex(await sealedBox.open(key, sealed, info)), vector.plaintext);
    const other = bytes(`${vector.info}00`);
    await assert.rejects(sealedBox.open(key, sealed, other), refusal("not-opened"));
    await assert.rejects(sealedBox.open(key, flipped(sealed), info), (error) => error.code === "not-opened");
    await assert.rejects(sealedBox.open(key, flipped(sealed, 0), info), (error) => error.code === "not-opened");
    await assert.rejects(sealedBox.open(key, sealed.slice(0, 47), info), refusal("not-opened"));
    const own = await sealedBox.seal(bytes(vector.public_key), bytes(vector.plaintext), info);
    assert.equal(own.length, vector.plaintext.length / 2 + sealedBox.OVERHEAD_BYTES);
    assert.equal(hex(await sealedBox.open(key, own, info)), vector.plaintext);
  }
});

test("unusable public keys are refused", async () => {
  const info = new Uint8Array(0);
  await assert.rejects(sealedBox.seal(new Uint8Array(31), info, info), (error) => error.code === "bad-key");
  await assert.rejects(sealedBox.seal(new Uint8Array(32), info, info), (error) => error.code === "bad-key");
});

test("receipts read and write as in Python", () => {
  const { cases, typed, refused } = vectors("receipt");
  for (const each of cases) {
    const entropy = bytes(each.entropy);
    for (const language of ["japanese", "english"]) {
      assert.deepEqual(receipt.words(entropy, language), each[language]);
      assert.equal(hex(receipt.parse(each[language].join(" "))), each.entropy);
    }
    const keys = receipt.derive(entropy);
    assert.equal(hex(keys.lookupId), each.lookup_id);
    assert.equal(hex(keys.storedLookup), each.stored_lookup);
    assert.equal(hex(keys.privateKey), each.private_key);
    assert.equal(hex(keys.publicKey), each.public_key);
  }
  for (const text of Object.values(typed.texts)) assert.equal(hex(receipt.parse(text)), typed.entropy, text);
  const codes = { count: "receipt-count", unknown: "receipt-unknown-word", checksum: "receipt-checksum" };
  for (const { typed: text, error, ...facts } of refused) {
    assert.throws(() => receipt.parse(text), refusal(codes[error], facts));
  }
  assert.equal(receipt.newEntropy().length, 16);
  assert.throws(() => receipt.words(new Uint8Array(15), "english"), refusal("bad-entropy"));
});

test("padded lengths are Python's", () => {
  const { text, file } = vectors("padding");
  for (const { size, padded_size } of text) {
    const content = new Uint8Array(size).fill(7);
    assert.equal(padding.padText(content).length, padded_size);
    assert.equal(hex(padding.unpadText(padding.padText(content))), hex(content));
  }
  for (const { size, padded_size } of file) assert.equal(padding.paddedFileSize(size), padded_size);
});

test("wrong padding is refused", async () => {
  const padded = padding.padText(bytes("0102"));
  const wrong = [new Uint8Array(0), new Uint8Array(4096), flipped(padded), padded.slice(1)];
  const tooLong = new Uint8Array(8192);
  tooLong.set(padded);
  for (const each of [...wrong, tooLong]) assert.throws(() => padding.unpadText(each), refusal("bad-padding"));

  const content = new Uint8Array(5000).fill(9);
  const whole = Buffer.concat([content, padding.fileFiller(content.length)]);
  const parts = [whole.subarray(0, 4999), whole.subarray(4999, 5001), whole.subarray(5001)];
  assert.equal(hex(await collect(padding.stripFile(parts, 5000))), hex(content));
  for (const bad of [[whole.subarray(0, -1)], [whole, bytes("00")], [flipped(new Uint8Array(whole), 5001)]]) {
    await assert.rejects(collect(padding.stripFile(bad, 5000)), refusal("bad-padding"));
  }
});

function plaintextOf(size) {
  return Uint8Array.from({ length: size }, (_, index) => index % 251);
}

test("streams are Python's byte for byte, whatever the parts", async () => {
  const { key, prefix, cases } = vectors("stream");
  for (const { size, sealed_size, sealed_sha256 } of cases) {
    const plain = plaintextOf(size);
    const parts = [plain.subarray(0, 10), plain.subarray(10, 65_550), plain.subarray(65_550)];
    const sealed = await collect(stream.encrypt(parts, bytes(key), bytes(prefix)));
    assert.equal(sealed.length, sealed_size);
    assert.equal(stream.sealedSize(size), sealed_size);
    assert.equal(createHash("sha256").update(sealed).digest("hex"), sealed_sha256);
    const pieces = [sealed.subarray(0, 7), sealed.subarray(7, 65_600), sealed.subarray(65_600)];
    assert.deepEqual(await collect(stream.decrypt(pieces, bytes(key))), plain);
    assert.deepEqual(await collect(stream.decrypt(stream.partsOf(new Blob([sealed])), bytes(key))), plain);
  }
});

test("streams that were cut, moved or changed are refused", async () => {
  const { key, prefix } = vectors("stream");
  const sealed = await collect(stream.encrypt([plaintextOf(140_000)], bytes(key), bytes(prefix)));
  const chunk = 65_536 + 16;
  const at = (index) => sealed.slice(19 + index * chunk, 19 + (index + 1) * chunk);
  const head = sealed.slice(0, 19);
  const broken = {
    "prefix only": [head],
    "part of the prefix": [head.slice(1)],
    "last chunk missing": [head, at(0), at(1)],
    "chunks swapped": [head, at(1), at(0), at(2)],
    "chunk doubled": [head, at(0), at(0), at(1), at(2)],
    "byte changed": [flipped(sealed, 70_000)],
    "byte added": [sealed, bytes("00")],
    "another prefix": [flipped(sealed, 0)],
  };
  for (const [what, parts] of Object.entries(broken)) {
    await assert.rejects(collect(stream.decrypt(parts, bytes(key))), (error) => error.code === "stream-broken", what);
  }
  await assert.rejects(collect(stream.decrypt([sealed], new Uint8Array(32))), refusal("stream-broken", { chunk: 0 }));
  await assert.rejects(collect(stream.encrypt([], new Uint8Array(31), bytes(prefix))), refusal("bad-key"));
});

test("passphrases stretch as in Python", async () => {
  for (const { passphrase, salt, authentication, encryption, ...cost } of vectors("passphrase").cases) {
    const halves = await derive(passphrase, bytes(salt), cost);
    assert.equal(hex(halves.authentication), authentication);
    assert.equal(hex(halves.encryption), encryption);
  }
  await assert.rejects(derive("", new Uint8Array(16), CHEAP), refusal("empty-passphrase"));
  await assert.rejects(derive("x", new Uint8Array(15), CHEAP), refusal("bad-salt"));
});

test("a handler's bundle is Python's byte for byte and opens", async () => {
  const vector = vectors("handler_bundle");
  const random = queue(vector.randomness, vector.salt, vector.nonce);
  const { bundle, keys } = await handlerKeys.makeBundle(vector.handler, vector.passphrase, { random });
  assert.equal(bundle, vector.bundle);
  assert.equal(hex(keys.publicKey), vector.public_key);
  assert.equal(hex(keys.verifyKey), vector.verify_key);
  const opened = await handlerKeys.unlockBundle(handlerKeys.parseBundle(bundle), vector.passphrase);
  assert.deepEqual(opened.keys, keys);
});

test("a changed bundle, a wrong passphrase and a cheap cost are refused; relocking works", async () => {
  const lowest = CHEAP;
  const made = await handlerKeys.makeBundle("sato", "原画と動画", { cost: CHEAP });
  assert.throws(() => handlerKeys.parseBundle(made.bundle), refusal("bad-bundle"));
  const parsed = handlerKeys.parseBundle(made.bundle, { lowest });
  await assert.rejects(handlerKeys.unlockBundle(parsed, "原画と動"), refusal("bundle-locked"));
  const other = await handlerKeys.makeBundle("sato", "x", { cost: CHEAP });
  const mixed = { ...parsed, publicKey: other.keys.publicKey };
  await assert.rejects(handlerKeys.unlockBundle(mixed, "原画と動画"), refusal("bundle-locked"));
  const again = await handlerKeys.relockBundle("sato", made.keys, "another", { cost: CHEAP });
  const opened = await handlerKeys.unlockBundle(handlerKeys.parseBundle(again.bundle, { lowest }), "another");
  assert.deepEqual(opened.keys, made.keys);
  for (const change of [{ v: 2 }, { extra: 1 }, { handler: "a b" }, { wrapped: "AA" }, { kdf: null }]) {
    const text = JSON.stringify({ ...JSON.parse(made.bundle), ...change });
    assert.throws(() => handlerKeys.parseBundle(text, { lowest }), (error) => error.code === "bad-bundle");
  }
});

test("messages, keys and signatures are Python's byte for byte", async () => {
  const vector = vectors("message");
  const reportKey = bytes(vector.report_key);
  const commitment = caseFormat.reportKeyCommitment(reportKey, vector.case, vector.key_version);
  assert.equal(hex(commitment), vector.commitment);
  const wraps = vector.wraps.map(({ recipient, sealed }) => ({ recipient, sealed: bytes(sealed) }));
  const report = { caseId: vector.case, keyVersion: vector.key_version, commitment, wraps };
  for (const { recipient, private_key } of vector.wraps) {
    assert.deepEqual(await caseFormat.unwrapReportKey(report, recipient, bytes(private_key)), reportKey);
  }
  for (const { id, key } of vector.attachments) assert.equal(hex(caseFormat.attachmentKey(reportKey, id)), key);
  for (const { seq, role, nonce, payload, message, signature } of vector.messages) {
    const header = { case: vector.case, seq, role };
    const sealed = caseFormat.sealMessage(reportKey, header, JSON.parse(payload), queue(nonce));
    assert.equal(hex(sealed), message);
    const opened = caseFormat.openMessage(reportKey, header, sealed);
    assert.equal(opened.text, JSON.parse(payload).text);
    assert.equal(hex(caseFormat.signMessage(bytes(vector.signing_seed), header, sealed)), signature);
    assert.ok(caseFormat.verifyMessage(bytes(vector.verify_key), header, sealed, bytes(signature)));
  }
});

test("messages moved, changed or signed by another are refused", () => {
  const reportKey = caseFormat.newReportKey();
  const header = { case: "c-1", seq: 0, role: "reporter" };
  const message = caseFormat.sealMessage(reportKey, header, { text: "内容" });
  const places = [{ ...header, seq: 1 }, { ...header, case: "c-2" }, { ...header, role: "handler" }];
  for (const place of places) {
    assert.throws(() => caseFormat.openMessage(reportKey, place, message), refusal("message-broken"));
  }
  assert.throws(() => caseFormat.openMessage(reportKey, header, flipped(message)), refusal("message-broken"));
  assert.throws(() => caseFormat.openMessage(caseFormat.newReportKey(), header, message), refusal("message-broken"));
  assert.throws(() => caseFormat.sealMessage(reportKey, header, { text: 1 }), refusal("bad-payload"));
  assert.throws(() => caseFormat.sealMessage(reportKey, { ...header, seq: -1 }, { text: "" }), refusal("bad-header"));
  const { signing_seed, verify_key } = vectors("message");
  const signature = caseFormat.signMessage(bytes(signing_seed), header, message);
  assert.ok(caseFormat.verifyMessage(bytes(verify_key), header, message, signature));
  assert.ok(!caseFormat.verifyMessage(bytes(verify_key), places[0], message, signature));
  assert.ok(!caseFormat.verifyMessage(bytes(verify_key), header, message, flipped(signature, 3)));
});

test("a report is sealed to two case workers at least, and to the key it commits to", async () => {
  const reporter = receipt.derive(receipt.newEntropy());
  const [ueda, sato] = [receipt.derive(receipt.newEntropy()), receipt.derive(receipt.newEntropy())];
  const reportKey = caseFormat.newReportKey();
  const handlers = { ueda: ueda.publicKey, sato: sato.publicKey };
  const report = await caseFormat.newReport("c-1", handlers, reporter.publicKey, { reportKey });
  assert.deepEqual(report.wraps.map(({ recipient }) => recipient), ["ueda", "sato", "reporter"]);
  assert.deepEqual(await caseFormat.unwrapReportKey(report, "reporter", reporter.privateKey), reportKey);
  const unwrap = (changes, who, key) => caseFormat.unwrapReportKey({ ...report, ...changes }, who, key);
  await assert.rejects(unwrap({}, "mori", ueda.privateKey), refusal("no-wrap"));
  await assert.rejects(unwrap({}, "ueda", sato.privateKey), (error) => error.code === "not-opened");
  await assert.rejects(unwrap({ keyVersion: 2 }, "ueda", ueda.privateKey), (error) => error.code === "not-opened");
  const commitment = new Uint8Array(32);
  await assert.rejects(unwrap({ commitment }, "ueda", ueda.privateKey), refusal("wrong-report-key"));
  const one = caseFormat.newReport("c-1", { ueda: ueda.publicKey }, reporter.publicKey, { reportKey });
  await assert.rejects(one, refusal("too-few-handlers"));
});

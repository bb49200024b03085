// The election archive UUID.bel: an old-style tar that only grows, whose entries are named by their hashes and
// whose events form a chain. Reading it rebuilds every header and demands identical bytes.

import { demand, demandExactKeys, hexDigest, parseCanonicalJson, toBytes } from "./encoding.js";

const BLOCK = 512;
const HEX = /^[0-9a-f]{64}$/;

// The data that stand before an event in the archive, besides the datum that its payload names last.
const DATA_BEFORE = {
  Setup: [4, 5],
  Ballot: [1],
  EndBallots: [0],
  EncryptedTally: [2],
  Shuffle: [2],
  EndShuffles: [0],
  PartialDecryption: [2],
  Result: [1],
};

function writeAscii(block, offset, text) {
  block.set(toBytes(text), offset);
}

function header(name, size, timestamp) {
  const block = new Uint8Array(BLOCK);
  writeAscii(block, 0, name);
  writeAscii(block, 100, "0000644");
  writeAscii(block, 108, "0000000");
  writeAscii(block, 116, "0000000");
  writeAscii(block, 124, size.toString(8).padStart(11, "0"));
  writeAscii(block, 136, timestamp.toString(8).padStart(11, "0"));
  writeAscii(block, 148, " ".repeat(8));
  writeAscii(block, 156, "0");
  const sum = block.reduce((left, right) => left + right, 0);
  writeAscii(block, 148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return block;
}

function field(block, offset, length) {
  const bytes = block.subarray(offset, offset + length);
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end === -1 ? bytes : bytes.subarray(0, end)));
}

function octal(block, offset) {
  const text = field(block, offset, 12);
  demand(/^[0-7]{11}$/.test(text), "bad-archive", "octal number");
  return Number.parseInt(text, 8);
}

function sameBytes(left, right) {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function readEntry(bytes, offset) {
  demand(offset + BLOCK <= bytes.length, "truncated-archive", `byte ${offset}`);
  const block = bytes.subarray(offset, offset + BLOCK);
  const entry = { name: field(block, 0, 100), size: octal(block, 124), timestamp: octal(block, 136) };
  demand(sameBytes(block, header(entry.name, entry.size, entry.timestamp)), "bad-archive", `header at ${offset}`);
  const start = offset + BLOCK;
  const next = start + Math.ceil(entry.size / BLOCK) * BLOCK;
  demand(next <= bytes.length, "truncated-archive", entry.name);
  demand(bytes.subarray(start + entry.size, next).every((byte) => byte === 0), "bad-archive", "padding");
  return { ...entry, content: bytes.subarray(start, start + entry.size), next };
}

function readTimestamp(entry) {
  demand(entry.name === "BELENIOS", "bad-archive", "first entry");
  const head = parseCanonicalJson(entry.content, "archive header");
  demandExactKeys(head, ["version", "timestamp"], "archive header");
  demand(head.version === 1, "unsupported-version", String(head.version));
  demand(head.timestamp === String(entry.timestamp), "bad-archive", "timestamp");
  return entry.timestamp;
}

function readEvent(content, hash, previous) {
  const source = parseCanonicalJson(content, "event");
  const height = previous === null ? 0 : previous.height + 1;
  const keys = [
    ...(previous === null ? [] : ["parent"]),
    "height",
    "type",
    ...(["EndBallots", "EndShuffles"].includes(source?.type) ? [] : ["payload"]),
  ];
  demandExactKeys(source, keys, "event");
  demand(Object.hasOwn(DATA_BEFORE, source.type), "unknown-event", String(source.type));
  demand(source.height === height, "broken-chain", `height ${source.height}`);
  demand((source.parent ?? null) === (previous?.hash ?? null), "broken-chain", "parent");
  demand(source.payload === undefined || HEX.test(source.payload), "wrong-shape", "payload");
  return { height, type: source.type, payload: source.payload ?? null, hash };
}

function attach(event, pending) {
  demand(DATA_BEFORE[event.type].includes(pending.length), "wrong-data", `${pending.length} data before the event`);
  const last = pending.at(-1) ?? null;
  demand(event.payload === last, "wrong-data", "the payload is not the datum before the event");
  return { ...event, data: pending };
}

function nameOf(entry) {
  const match = /^([0-9a-f]{64})\.(data|event)\.json$/.exec(entry.name);
  demand(match !== null, "bad-archive", entry.name);
  demand(hexDigest(entry.content) === match[1], "wrong-hash", entry.name);
  return { hash: match[1], kind: match[2] };
}

// Which event an error belongs to: every error that `work` throws gets `event` = {height, type}.
function locateErrors(event, work) {
  try {
    return work();
  } catch (error) {
    error.event ??= { height: event.height, type: event.type };
    throw error;
  }
}

/**
 * Parse an archive (Uint8Array). Checks the form of the file, hashes, chain and the order of data, not the
 * cryptography. Returns {timestamp, events, data}: timestamp in seconds; events [{height, type, payload, hash,
 * data}] with data the hashes of the data that stand before the event; data a Map from hash to bytes.
 * Throws BeleniosError, with `event` where one is known.
 */
export function parseArchive(bytes) {
  let entry = readEntry(bytes, 0);
  const timestamp = readTimestamp(entry);
  const data = new Map();
  const events = [];
  let pending = [];
  while (entry.next < bytes.length) {
    const place = { height: events.length, type: null };
    entry = locateErrors(place, () => readEntry(bytes, entry.next));
    demand(entry.timestamp === timestamp, "bad-archive", `time of ${entry.name}`);
    const { hash, kind } = locateErrors(place, () => nameOf(entry));
    if (kind === "data") {
      locateErrors(place, () => demand(!data.has(hash), "duplicate-data", hash));
      data.set(hash, entry.content);
      pending.push(hash);
    } else {
      const { content } = entry;
      const event = locateErrors(place, () => readEvent(content, hash, events.at(-1) ?? null));
      events.push(locateErrors(event, () => attach(event, pending)));
      pending = [];
    }
  }
  demand(pending.length === 0, "wrong-data", "data after the last event");
  demand(events.length > 0, "bad-archive", "no event");
  return { timestamp, events, data };
}

// The reporter's receipt: 128 random bits, written as twelve BIP39 words in Japanese or English.

import { sha256 } from "../../vendor/noble-hashes.js";
import { english, entropyToMnemonic, japanese, mnemonicToEntropy } from "../../vendor/scure-bip39.js";
import { browserRandom, demand, expand, SealingError } from "./encoding.js";
import { publicKeyOf } from "./sealed_box.js";

export const ENTROPY_BYTES = 16;
export const WORDS = 12;

const LISTS = { japanese, english };
const KNOWN = Object.fromEntries(
  Object.entries(LISTS).map(([language, list]) => [language, new Set(list.map((word) => word.normalize("NFKD")))]),
);

/** Fresh entropy for a receipt: 16 bytes. */
export function newEntropy(random = browserRandom) {
  return random(ENTROPY_BYTES);
}

/** The twelve words (NFC) of 16 bytes. language: "japanese" or "english". SealingError("bad-entropy"). */
export function words(entropy, language) {
  demand(entropy.length === ENTROPY_BYTES, "bad-entropy");
  return entropyToMnemonic(entropy, LISTS[language]).split(/[ \u3000]/).map((word) => word.normalize("NFC"));
}

function toHiragana(text) {
  return text.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}

function split(typed) {
  const marked = typed.replaceAll("\u309b", "\u3099").replaceAll("\u309c", "\u309a");
  const composed = toHiragana(marked.normalize("NFKD").toLowerCase()).normalize("NFC");
  const found = composed.split(/[^\p{L}\p{Nl}\p{No}]+/u).filter((word) => word !== "");
  return found.map((word) => word.normalize("NFKD"));
}

/**
 * Read twelve words, as people type and paste them, back into 16 bytes of entropy.
 * SealingError: "receipt-count" {found}, "receipt-unknown-word" {position from 1}, "receipt-checksum".
 */
export function parse(typed) {
  const found = split(typed);
  demand(found.length === WORDS, "receipt-count", { found: found.length });
  const hits = (language) => found.filter((word) => KNOWN[language].has(word)).length;
  const language = hits("english") > hits("japanese") ? "english" : "japanese";
  found.forEach((word, index) => demand(KNOWN[language].has(word), "receipt-unknown-word", { position: index + 1 }));
  try {
    return mnemonicToEntropy(found.join(" "), LISTS[language]);
  } catch {
    throw new SealingError("receipt-checksum");
  }
}

/** What a receipt opens: {lookupId, storedLookup, privateKey, publicKey}, 32 bytes each. */
export function derive(entropy) {
  demand(entropy.length === ENTROPY_BYTES, "bad-entropy");
  const lookupId = expand(entropy, "unionapp/receipt/lookup/v1");
  const privateKey = expand(entropy, "unionapp/receipt/x25519/v1");
  return { lookupId, storedLookup: sha256(lookupId), privateKey, publicKey: publicKeyOf(privateKey) };
}

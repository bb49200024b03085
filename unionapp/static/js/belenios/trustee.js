// A trustee's work (kind "Single"): making a key pair, and decrypting a share of the encrypted tally.

import { parseEncryptedTally } from "./tally.js";
import { demand, demandArray, demandExactKeys, parseCanonicalJson, parseJson } from "./encoding.js";
import { browserRandom, groupNamed } from "./group.js";
import { checkDecryption, checkKnowledge, demandProof, proveDecryption, proveKnowledge } from "./proofs.js";

function keyPrefix(group, publicText) {
  return `pok|${group.name}|${publicText}|`;
}

/**
 * A new key pair. Returns {privateKeyFile, publicKey, publicKeyFile}: the private file is the text
 * {"group","private_key","public_key"} that only the trustee keeps; the public one goes to the server.
 */
export function makeTrusteeKey(groupName, random = browserRandom) {
  const group = groupNamed(groupName);
  const x = group.randomScalar(random);
  demand(x !== 0n, "bad-scalar", "private key");
  const publicKey = group.encode(group.basePower(x));
  const pok = proveKnowledge(group, keyPrefix(group, publicKey), x, random);
  return {
    publicKey,
    privateKeyFile: JSON.stringify({ group: groupName, private_key: x.toString(), public_key: publicKey }),
    publicKeyFile: JSON.stringify({ pok, public_key: publicKey }),
  };
}

/** The scalar in a private key file, checked against its public half: {group, privateKey, publicKey}. */
export function parsePrivateKeyFile(text) {
  const file = demandExactKeys(parseJson(text, "private key"), ["group", "private_key", "public_key"], "private key");
  const group = groupNamed(file.group);
  const privateKey = group.parseScalar(file.private_key);
  demand(group.encode(group.basePower(privateKey)) === file.public_key, "wrong-key", "public_key");
  return { group, privateKey, publicKey: file.public_key };
}

/** Check {"pok","public_key"} and give the public key as an element. */
export function checkTrusteeKey(group, key) {
  demandExactKeys(key, ["pok", "public_key"], "trustee key");
  const element = group.decode(key.public_key);
  demandProof(checkKnowledge(group, keyPrefix(group, key.public_key), element, key.pok), "pok");
  return element;
}

/** Check the list of trustees; their public keys in order. Threshold trustees are "unsupported-trustee". */
export function parseTrustees(group, raw) {
  const trustees = demandArray(parseCanonicalJson(raw, "trustees"), undefined, "trustees");
  demand(trustees.length > 0, "wrong-length", "trustees");
  const keys = trustees.map((item, index) => {
    demandArray(item, 2, `trustee ${index + 1}`);
    demand(item[0] === "Single", "unsupported-trustee", String(item[0]));
    return checkTrusteeKey(group, item[1]);
  });
  demand(new Set(keys.map((key) => group.encode(key))).size === keys.length, "duplicate-trustee");
  return keys;
}

function decryptionPrefix(election, publicText) {
  return `decrypt|${election.fingerprint}|${publicText}|`;
}

/**
 * The trustee's share of the decryption, as the text to send.
 *
 * election: of parseElection; tally: raw encrypted tally; privateKeyFile: text of the file. The caller should have
 * verified the archive first: this decrypts whatever it is given.
 */
export function decryptTally(election, tally, privateKeyFile, random = browserRandom) {
  const { group, privateKey, publicKey } = parsePrivateKeyFile(privateKeyFile);
  demand(group === election.group, "wrong-key", "group");
  const prefix = decryptionPrefix(election, publicKey);
  const ciphertexts = parseEncryptedTally(election, tally);
  const each = (transform) => ciphertexts.map((row) => row.map(({ alpha }) => transform(alpha)));
  return JSON.stringify({
    decryption_factors: each((alpha) => group.encode(group.power(alpha, privateKey))),
    decryption_proofs: each((alpha) => proveDecryption(group, prefix, privateKey, alpha, random)),
  });
}

/** Check a share against the trustee's key and the tally (elements); the factors in the tally's shape. */
export function checkPartialDecryption(election, ciphertexts, key, raw) {
  const { group } = election;
  const share = parseCanonicalJson(raw, "partial decryption");
  demandExactKeys(share, ["decryption_factors", "decryption_proofs"], "partial decryption");
  const prefix = decryptionPrefix(election, group.encode(key));
  demandArray(share.decryption_factors, ciphertexts.length, "decryption_factors");
  demandArray(share.decryption_proofs, ciphertexts.length, "decryption_proofs");
  return ciphertexts.map((row, i) => {
    const factors = demandArray(share.decryption_factors[i], row.length, "decryption_factors");
    const proofs = demandArray(share.decryption_proofs[i], row.length, "decryption_proofs");
    return row.map(({ alpha }, j) => {
      const factor = group.decodeAny(factors[j]);
      demandProof(checkDecryption(group, prefix, { key, alpha, factor }, proofs[j]), `decryption ${i + 1}.${j + 1}`);
      return factor;
    });
  });
}

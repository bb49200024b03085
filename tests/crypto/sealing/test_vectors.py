"""The vectors that the browser's implementation must meet too.

Every file in vectors/ is rebuilt here from fixed seeds and compared. After a deliberate change of a format,
write them anew with ``PYTHONPATH=. python tests/crypto/sealing/test_vectors.py``. Binary values are hex.
"""

import datetime as dt
import hashlib
import hmac
import itertools
import json
import pathlib

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from unionapp.crypto import (
    case_format,
    handler_keys,
    hashchain,
    padding,
    passphrase,
    receipt,
    sealed_box,
    stream,
)

FOLDER = pathlib.Path(__file__).parent / "vectors"

# RFC 9180, appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode
RFC9180_A_2_1 = {
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "skEm": "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600",
    "skRm": "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
    "pkRm": "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a",
    "enc": "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
    "shared_secret": "0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7",
    "key": "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91",
    "base_nonce": "5c4d98150661b848853b547f",
    "seq": 0,
    "pt": "4265617574792069732074727574682c20747275746820626561757479",
    "aad": "436f756e742d30",
    "ct": "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
}


def seed(label, length):
    return hashlib.shake_256(b"unionapp test vector: " + label.encode()).digest(length)


def counting(size):
    return bytes(n % 251 for n in range(size))


# HPKE again, from the RFC's sections 4.1 and 5.1: the library never lets us choose the ephemeral key


def _extract(suite, salt, label, ikm):
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")


def _expand(prk, suite, label, info, length):
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labeled + b"\x01", "sha256")[:length]


def hpke_schedule(ephemeral, public_key, info):
    kem, suite = b"KEM" + bytes([0, 0x20]), b"HPKE" + bytes([0, 0x20, 0, 1, 0, 3])
    own = X25519PrivateKey.from_private_bytes(ephemeral)
    shared = own.exchange(X25519PublicKey.from_public_bytes(public_key))
    enc = own.public_key().public_bytes_raw()
    eae_prk = _extract(kem, b"", b"eae_prk", shared)
    secret = _expand(eae_prk, kem, b"shared_secret", enc + public_key, 32)
    context = b"\0" + _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", info)
    prk = _extract(suite, secret, b"secret", b"")
    return (
        enc,
        secret,
        _expand(prk, suite, b"key", context, 32),
        _expand(prk, suite, b"base_nonce", context, 12),
    )


def hpke_seal(ephemeral, public_key, plaintext, info):
    enc, _, key, nonce = hpke_schedule(ephemeral, public_key, info)
    return enc + ChaCha20Poly1305(key).encrypt(nonce, plaintext, b"")


def build_hpke():
    cases = []
    for number, (plaintext, info) in enumerate(
        [(b"", b""), (b"\0" * 32, b"unionapp"), ("原画".encode(), b"a\0b")]
    ):
        private, ephemeral = seed(f"hpke {number}", 32), seed(f"hpke ephemeral {number}", 32)
        public = sealed_box.public_key(private)
        sealed = hpke_seal(ephemeral, public, plaintext, info)
        cases.append(
            {
                "private_key": private.hex(),
                "public_key": public.hex(),
                "ephemeral_private_key": ephemeral.hex(),
                "info": info.hex(),
                "plaintext": plaintext.hex(),
                "sealed": sealed.hex(),
            }
        )
    return {"suite": "0x0020, 0x0001, 0x0003", "rfc9180_a_2_1": RFC9180_A_2_1, "cases": cases}


def build_receipt():
    entropies = [bytes(16), b"\x7f" * 16, b"\xff" * 16, seed("receipt 0", 16), seed("receipt 1", 16)]
    cases = []
    for entropy in entropies:
        keys = receipt.derive(entropy)
        cases.append(
            {
                "entropy": entropy.hex(),
                "japanese": list(receipt.words(entropy, receipt.Language.JAPANESE)),
                "english": list(receipt.words(entropy, receipt.Language.ENGLISH)),
                "lookup_id": keys.lookup_id.hex(),
                "stored_lookup": keys.stored_lookup.hex(),
                "private_key": keys.private_key.hex(),
                "public_key": keys.public_key.hex(),
            }
        )
    about = ["abandon"] * 11 + ["about"]
    typed = {
        "capitals and spaces": "  ABANDON " * 11 + " About\r\n",
        "full-width": "\u3000".join("".join(chr(ord(c) + 0xFEE0) for c in word) for word in about),
        "numbered lines": "\n".join(f"{n}. {word}" for n, word in enumerate(about, 1)),
        "katakana": "アイコクシン " * 11 + "アオゾラ",
        "half-width katakana": "ｱｲｺｸｼﾝ、" * 11 + "ｱｵｿﾞﾗ",
        "circled numbers": "".join(f"{chr(0x2460 + n)}あいこくしん" for n in range(11)) + "⑫あおそ゛ら",
    }
    refused = [
        {"typed": "", "error": "count", "found": 0},
        {"typed": " ".join(about[1:]), "error": "count", "found": 11},
        {"typed": " ".join([*about[:4], "abandom", *about[5:]]), "error": "unknown", "position": 5},
        {"typed": " ".join([*about[:11], "あおぞら"]), "error": "unknown", "position": 12},
        {"typed": " ".join(["about", *about[:11]]), "error": "checksum"},
    ]
    return {"cases": cases, "typed": {"entropy": bytes(16).hex(), "texts": typed}, "refused": refused}


def build_stream():
    key, prefix = seed("stream key", 32), seed("stream prefix", 19)
    cases = []
    for size in (0, 1, 100, 65_535, 65_536, 65_537, 131_072, 200_000):
        sealed = b"".join(stream.encrypt([counting(size)], key, prefix))
        case = {"size": size, "sealed_size": len(sealed), "sealed_sha256": hashlib.sha256(sealed).hexdigest()}
        cases.append(case | ({"sealed": sealed.hex()} if size <= 100 else {}))
    return {
        "plaintext": "byte n is n mod 251",
        "chunk_bytes": stream.CHUNK_BYTES,
        "key": key.hex(),
        "prefix": prefix.hex(),
        "cases": cases,
    }


def build_padding():
    sizes = [0, 1, 4094, 4095, 4096, 4097, 8192, 65_536, 1_000_000, 5_000_000, 50_000_000]
    return {
        "text": [{"size": size, "padded_size": len(padding.pad_text(bytes(size)))} for size in sizes[:7]],
        "file": [{"size": size, "padded_size": padding.padded_file_size(size)} for size in sizes],
    }


PASSPHRASES = ["correct horse battery staple", "げんが と どうが を まもる", "ｆｕｌｌ－ｗｉｄｔｈ　ｶﾞ"]


def build_passphrase():
    costs = [passphrase.BROWSER_COST, passphrase.Argon2Cost(1, 64, 1), passphrase.Argon2Cost(3, 128, 1)]
    cases = []
    for number, (text, cost) in enumerate(zip(PASSPHRASES, costs, strict=True)):
        salt = seed(f"passphrase {number}", 16)
        halves = passphrase.derive(text, salt, cost)
        cases.append(
            {
                "passphrase": text,
                "salt": salt.hex(),
                "t": cost.passes,
                "m": cost.memory_kib,
                "p": cost.lanes,
                "authentication": halves.authentication.hex(),
                "encryption": halves.encryption.hex(),
            }
        )
    return {"cases": cases}


def build_handler_bundle():
    randomness, salt, nonce = seed("handler", 64), seed("handler salt", 16), seed("handler nonce", 24)
    keys = handler_keys.keys_from(randomness)
    lock = handler_keys.Lock(PASSPHRASES[0], salt, nonce, passphrase.BROWSER_COST)
    bundle = handler_keys.wrap("Ueda_03-x", keys, lock)
    return {
        "handler": bundle.handler,
        "passphrase": PASSPHRASES[0],
        "randomness": randomness.hex(),
        "salt": salt.hex(),
        "nonce": nonce.hex(),
        "public_key": keys.public_key.hex(),
        "verify_key": keys.verify_key.hex(),
        "associated_data": bundle.associated_data().decode(),
        "bundle": bundle.to_json(),
        "statement": _statement_vector(keys),
    }


def _statement_vector(keys):
    committee = handler_keys.HandlerKeys(bytes(32), seed("committee", 32))
    days = dt.date(2026, 4, 1), dt.date(2027, 3, 31)
    statement = handler_keys.HandlerStatement("Ueda_03-x", "相談員", keys.public_key, keys.verify_key, *days)
    return {
        "committee_seed": committee.signing_seed.hex(),
        "committee_key": committee.verify_key.hex(),
        "canonical": hashchain.canonical(statement.row()).decode(),
        "signature": statement.sign(committee.signing_seed).hex(),
    }


def _wrap_vector(report_key, case, recipient, version):
    private, ephemeral = seed(f"reader {recipient}", 32), seed(f"wrap ephemeral {recipient}", 32)
    info = b"\0".join([b"unionapp/rk/v1", case.encode(), recipient.encode(), str(version).encode()])
    public = sealed_box.public_key(private)
    return {
        "recipient": recipient,
        "private_key": private.hex(),
        "public_key": public.hex(),
        "ephemeral_private_key": ephemeral.hex(),
        "info": info.hex(),
        "sealed": hpke_seal(ephemeral, public, report_key, info).hex(),
    }


def build_message():
    report_key, case, version = seed("report key", 32), "c-5vQ_x2", 1
    file = case_format.Attachment("f-1", "カット袋 012.jpg", "image/jpeg", 123_456)
    said = case_format.Payload(
        'リテイクが未払いです。\n"Retakes" are unpaid. 🎞', "retake", {"since": "6月"}, (file,)
    )
    payloads = [said, case_format.Payload(""), case_format.Payload("x" * 4051)]
    roles = ["reporter", "handler", "reporter"]
    signing_seed, messages = seed("signer", 32), []
    for seq, (payload, role) in enumerate(zip(payloads, roles, strict=True)):
        header = case_format.MessageHeader(case, seq, role)
        nonce = seed(f"message nonce {seq}", 24)
        message = case_format.seal_message(report_key, header, payload, nonce=nonce)
        messages.append(
            {
                "seq": seq,
                "role": role,
                "nonce": nonce.hex(),
                "associated_data": header.associated_data().decode(),
                "payload": hashchain.canonical(case_format._payload_json(payload)).decode(),
                "message": message.hex(),
                "signature": case_format.sign_message(signing_seed, header, message).hex(),
            }
        )
    return {
        "case": case,
        "key_version": version,
        "report_key": report_key.hex(),
        "commitment": case_format.report_key_commitment(report_key, case, version).hex(),
        "wraps": [_wrap_vector(report_key, case, who, version) for who in ("ueda", "sato", "reporter")],
        "signing_seed": signing_seed.hex(),
        "verify_key": handler_keys.HandlerKeys(bytes(32), signing_seed).verify_key.hex(),
        "messages": messages,
        "attachments": [
            {"id": i, "key": case_format.attachment_key(report_key, i).hex()} for i in ("f-1", "Z_9")
        ],
    }


def build_hashchain():
    rows = [{"b": 1, "a": "原画"}, {}, {"nested": {"z": [True, None, '"\\/\n\u2028'], "é": -5}}]
    hashes = list(itertools.accumulate(rows, hashchain.link, initial=hashchain.GENESIS))[1:]
    links = [
        {"row": row, "canonical": hashchain.canonical(row).decode(), "hash": digest.hex()}
        for row, digest in zip(rows, hashes, strict=True)
    ]
    return {"genesis": hashchain.GENESIS.hex(), "links": links}


BUILDERS = {
    "handler_bundle": build_handler_bundle,
    "hashchain": build_hashchain,
    "hpke": build_hpke,
    "message": build_message,
    "padding": build_padding,
    "passphrase": build_passphrase,
    "receipt": build_receipt,
    "stream": build_stream,
}


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", BUILDERS)
def test_the_stored_vectors_are_what_the_code_makes(name):
    assert load(name) == BUILDERS[name]()


def test_every_stored_file_has_its_builder():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(BUILDERS)


def test_the_reference_hpke_meets_the_published_vector():
    vector = {name: bytes.fromhex(value) for name, value in RFC9180_A_2_1.items() if name != "seq"}
    enc, secret, key, nonce = hpke_schedule(vector["skEm"], vector["pkRm"], vector["info"])
    assert (enc, secret) == (vector["enc"], vector["shared_secret"])
    assert (key, nonce) == (vector["key"], vector["base_nonce"])
    assert ChaCha20Poly1305(key).encrypt(nonce, vector["pt"], vector["aad"]) == vector["ct"]


def test_the_library_opens_what_the_reference_hpke_sealed():
    for case in load("hpke")["cases"]:
        private, sealed, info = (bytes.fromhex(case[name]) for name in ("private_key", "sealed", "info"))
        assert sealed_box.open_(private, sealed, info).hex() == case["plaintext"]


def test_the_message_vector_opens_from_each_wrap():
    vector = load("message")
    wraps = [case_format.KeyWrap(w["recipient"], bytes.fromhex(w["sealed"])) for w in vector["wraps"]]
    sealed = case_format.SealedReportKey(
        vector["case"], vector["key_version"], bytes.fromhex(vector["commitment"]), tuple(wraps)
    )
    for wrap in vector["wraps"]:
        private = bytes.fromhex(wrap["private_key"])
        key = case_format.unwrap_report_key(sealed, wrap["recipient"], private)
        assert key.hex() == vector["report_key"]
    first = vector["messages"][0]
    header = case_format.MessageHeader(vector["case"], 0, "reporter")
    payload = case_format.open_message(key, header, bytes.fromhex(first["message"]))
    assert payload.attachments[0].name == "カット袋 012.jpg"


def test_the_bundle_vector_opens():
    vector = load("handler_bundle")
    bundle = handler_keys.parse_bundle(vector["bundle"], lowest=passphrase.BROWSER_COST)
    keys = handler_keys.unwrap(bundle, vector["passphrase"])
    assert (keys.private_key + keys.signing_seed).hex() == vector["randomness"]


def write_vectors():
    for name, build in BUILDERS.items():
        text = json.dumps(build(), ensure_ascii=False, indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    write_vectors()

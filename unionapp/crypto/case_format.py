"""The sealed form of a report: one random report key, sealed to each reader, and messages under it.

Report key ``RK``: 32 random bytes a case and key version. Ids are 1 to 64 of ``A-Z a-z 0-9 _ -``, so a zero
byte separates them without doubt. Numbers in ``info`` are decimal ASCII without leading zeros::

    sealed RK    = sealed_box.seal(recipient, RK,
                     info = "unionapp/rk/v1" || 0 || case id || 0 || recipient id || 0 || key version)
    commitment   = HKDF-SHA256(RK, salt = empty, 32 bytes,
                     info = "unionapp/rk-commitment/v1" || 0 || case id || 0 || key version)
    message      = nonce (24 random bytes) || XChaCha20-Poly1305(RK, nonce, AAD, padded payload)
    AAD          = canonical JSON {"case": ..., "role": ..., "seq": ..., "v": 1}     seq counts from 0
    payload      = UTF-8 JSON, ``padding.pad_text``: a sealed message is 40 + a multiple of 4,096 bytes long
    signature    = Ed25519("unionapp/message-signature/v1" || 0 || AAD || 0 || message)       64 bytes
    attachment   = stream.encrypt(file || padding.file_filler(size), key, prefix)
    its key      = HKDF-SHA256(RK, salt = empty, 32 bytes,
                     info = "unionapp/attachment/v1" || 0 || attachment id)

The payload is ``{"v": 1, "text": ..., "category": ..., "answers": {...}, "attachments": [{"id": ...,
"name": ..., "type": ..., "size": ...}]}``; ``category`` and ``answers`` are left out when there are none. A
file's name, type and true size stand nowhere else. Any JSON order and spacing is read; ours is canonical.

The commitment is public and stored with the case. XChaCha20-Poly1305 alone lets a dishonest sender make one
ciphertext that opens under two keys to two texts; every reader who checks the commitment has the same RK.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import constant_time
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from unionapp.crypto import sealed_box
from unionapp.crypto.hashchain import JsonValue, canonical
from unionapp.crypto.padding import PaddingError, pad_text, unpad_text

REPORT_KEY_BYTES = 32
NONCE_BYTES = 24
TAG_BYTES = 16
REPORTER: Final = "reporter"
FEWEST_HANDLERS = 2

_VERSION: Final = 1
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PAYLOAD_MEMBERS = {"v", "text", "category", "answers", "attachments"}
_ATTACHMENT_MEMBERS = {"id", "name", "type", "size"}


class MessageError(ValueError):
    """The message was changed, belongs elsewhere or to another key, or holds no payload of this version."""


class ReportKeyError(ValueError):
    """The report key is not the one this case committed to, or has the wrong length."""


class TooFewHandlersError(ValueError):
    """A report must be readable by two case workers at least: one lost key must not lose the case."""


@dataclass(frozen=True)
class Attachment:
    """What a message says of a file: ``size`` is in bytes, unpadded; name and type are the sender's claim."""

    id: str
    name: str
    type: str
    size: int


@dataclass(frozen=True)
class Payload:
    """What a message says. ``answers`` maps question ids of a form to the answers' text."""

    text: str
    category: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class MessageHeader:
    """Where a message stands: its case, its number there (from 0), the role that wrote it. Not secret."""

    case: str
    seq: int
    role: str

    def __post_init__(self) -> None:
        _identifier(self.case)
        _identifier(self.role)
        if self.seq < 0:
            raise ValueError("messages count from 0")

    def associated_data(self) -> bytes:
        """Return the canonical JSON the message is bound to."""
        return canonical({"v": _VERSION, "case": self.case, "seq": self.seq, "role": self.role})


@dataclass(frozen=True)
class KeyWrap:
    """A report key sealed to one recipient."""

    recipient: str
    sealed: bytes


@dataclass(frozen=True)
class SealedReportKey:
    """All that is stored of a report key: who can open it, and the commitment they check."""

    case: str
    key_version: int
    commitment: bytes
    wraps: tuple[KeyWrap, ...]


def _identifier(text: str) -> bytes:
    if not _ID.fullmatch(text):
        raise ValueError("an id is 1 to 64 of A-Z a-z 0-9 _ -")
    return text.encode()


def _number(value: int) -> bytes:
    if value < 1:
        raise ValueError("key versions count from 1")
    return str(value).encode()


def _whole(report_key: bytes) -> bytes:
    if len(report_key) != REPORT_KEY_BYTES:
        raise ReportKeyError(f"a report key has {REPORT_KEY_BYTES} bytes")
    return report_key


def _expand(report_key: bytes, *info: bytes) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"\0".join(info))
    return hkdf.derive(_whole(report_key))


def _wrap_info(case: str, recipient: str, key_version: int) -> bytes:
    return b"\0".join([b"unionapp/rk/v1", _identifier(case), _identifier(recipient), _number(key_version)])


def new_report(
    case: str, handlers: Mapping[str, bytes], reporter_key: bytes, *, report_key: bytes, key_version: int = 1
) -> SealedReportKey:
    """Seal a fresh random ``report_key`` to each handler (id: X25519 key) and to the reporter's receipt key.

    Raises TooFewHandlersError under two handlers, ValueError when one is called "reporter", ReportKeyError,
    and SealKeyError for an unusable public key.
    """
    if len(handlers) < FEWEST_HANDLERS:
        raise TooFewHandlersError(f"{len(handlers)} handlers instead of {FEWEST_HANDLERS} or more")
    if REPORTER in handlers:
        raise ValueError("no handler is called reporter")
    commitment = report_key_commitment(report_key, case, key_version)
    keys = {**handlers, REPORTER: reporter_key}
    wraps = [
        KeyWrap(who, wrap_report_key(report_key, case, who, key_version, key)) for who, key in keys.items()
    ]
    return SealedReportKey(case, key_version, commitment, tuple(wraps))


def report_key_commitment(report_key: bytes, case: str, key_version: int) -> bytes:
    """Return the 32 public bytes that fix the report key of a case. Raises ReportKeyError, ValueError."""
    return _expand(report_key, b"unionapp/rk-commitment/v1", _identifier(case), _number(key_version))


def wrap_report_key(
    report_key: bytes, case: str, recipient: str, key_version: int, recipient_key: bytes
) -> bytes:
    """Seal a report key to one more recipient. Raises ReportKeyError, SealKeyError, ValueError (bad id)."""
    return sealed_box.seal(recipient_key, _whole(report_key), _wrap_info(case, recipient, key_version))


def unwrap_report_key(report: SealedReportKey, recipient: str, private_key: bytes) -> bytes:
    """Open the report key as ``recipient`` and check the commitment.

    Raises KeyError when nothing is sealed to that recipient, SealOpenError when it does not open, and
    ReportKeyError when it opens to a key the case did not commit to.
    """
    sealed = {wrap.recipient: wrap.sealed for wrap in report.wraps}[recipient]
    info = _wrap_info(report.case, recipient, report.key_version)
    report_key = sealed_box.open_(private_key, sealed, info)
    commitment = report_key_commitment(report_key, report.case, report.key_version)
    if not constant_time.bytes_eq(commitment, report.commitment):
        raise ReportKeyError("not the report key this case committed to")
    return report_key


def attachment_key(report_key: bytes, attachment_id: str) -> bytes:
    """Derive the stream key of one file. Ids are random and never used twice. Raises ReportKeyError."""
    return _expand(report_key, b"unionapp/attachment/v1", _identifier(attachment_id))


def seal_message(report_key: bytes, header: MessageHeader, payload: Payload, *, nonce: bytes) -> bytes:
    """Seal a payload at its place; ``nonce`` is 24 fresh random bytes.

    Raises ReportKeyError, and ValueError on another nonce length or a text that is no Unicode.
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a message nonce has {NONCE_BYTES} bytes")
    padded, aad = pad_text(canonical(_payload_json(payload))), header.associated_data()
    sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(padded, aad, nonce, _whole(report_key))
    return nonce + bytes(sealed)


def open_message(report_key: bytes, header: MessageHeader, message: bytes) -> Payload:
    """Open a message at its place. Raises ReportKeyError, MessageError."""
    key, aad = _whole(report_key), header.associated_data()
    nonce, sealed = message[:NONCE_BYTES], message[NONCE_BYTES:]
    if len(sealed) < TAG_BYTES:
        raise MessageError("shorter than any message")
    try:
        padded = crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, aad, nonce, key)
        text = unpad_text(bytes(padded))
    except (CryptoError, PaddingError) as error:
        raise MessageError("not a message of this case, place and key") from error
    return _parsed(text)


def _parsed(text: bytes) -> Payload:
    try:
        return _payload(json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise MessageError("no payload of this version") from error


def sign_message(signing_seed: bytes, header: MessageHeader, message: bytes) -> bytes:
    """Sign a sealed message as a case worker; 64 bytes. Readers share RK, so only this tells who wrote it."""
    return Ed25519PrivateKey.from_private_bytes(signing_seed).sign(_signed(header, message))


def verify_message(verify_key: bytes, header: MessageHeader, message: bytes, signature: bytes) -> None:
    """Check a case worker's signature. Raises MessageError."""
    try:
        Ed25519PublicKey.from_public_bytes(verify_key).verify(signature, _signed(header, message))
    except (InvalidSignature, ValueError) as error:
        raise MessageError("not signed by this case worker") from error


def _signed(header: MessageHeader, message: bytes) -> bytes:
    return b"\0".join([b"unionapp/message-signature/v1", header.associated_data(), message])


def _payload_json(payload: Payload) -> dict[str, JsonValue]:
    members: dict[str, JsonValue] = {
        "v": _VERSION,
        "text": payload.text,
        "attachments": [dict(vars(attachment)) for attachment in payload.attachments],
    }
    if payload.category is not None:
        members["category"] = payload.category
    if payload.answers:
        members["answers"] = dict(payload.answers)
    return members


def _payload(found: object) -> Payload:
    if not isinstance(found, dict) or not {"v", "text", "attachments"} <= set(found) <= _PAYLOAD_MEMBERS:
        raise ValueError("missing or unknown members")
    if found["v"] != _VERSION or isinstance(found["v"], bool):
        raise ValueError("another version")
    answers = found.get("answers", {})
    if not isinstance(answers, dict) or not isinstance(found["attachments"], list):
        raise TypeError("an object or a list is missing")
    return Payload(
        text=_string(found["text"]),
        category=_string(found["category"]) if "category" in found else None,
        answers={question: _string(answer) for question, answer in answers.items()},
        attachments=tuple(_attachment(each) for each in found["attachments"]),
    )


def _attachment(found: object) -> Attachment:
    if not isinstance(found, dict) or set(found) != _ATTACHMENT_MEMBERS:
        raise ValueError("an attachment with missing or unknown members")
    size = found["size"]
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ValueError("an attachment without a size")
    identifier = _identifier(_string(found["id"])).decode()
    return Attachment(identifier, _string(found["name"]), _string(found["type"]), size)


def _string(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError("a string is missing")
    return found

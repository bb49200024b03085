"""The reporter's receipt: 128 random bits, written as twelve words in Japanese or English.

Words: BIP39 (128 bits of entropy and 4 of checksum, 2,048 words a list). The secret is the entropy, not the
words and not BIP39's PBKDF2 seed: the same secret reads in either language. From the entropy e, by
HKDF-SHA256 (RFC 5869) with an empty salt and 32 bytes of output::

    lookup id           = HKDF(e, info = "unionapp/receipt/lookup/v1")    the server keeps only its SHA-256
    X25519 private key  = HKDF(e, info = "unionapp/receipt/x25519/v1")    used raw, as in RFC 7748

No slow hash: OWASP ASVS 5.0 asks for one (6.5.2) only for lookup secrets under 112 bits of entropy.
"""

import functools
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from mnemonic import Mnemonic

from unionapp.crypto import sealed_box

ENTROPY_BYTES = 16
WORDS = 12

_SPACING_SOUND_MARKS = str.maketrans({"\u309b": "\u3099", "\u309c": "\u309a"})
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_NO_LETTER = re.compile(r"[\W\d_]+")


class Language(StrEnum):
    """The languages a receipt is written in, by their BIP39 list."""

    JAPANESE = "japanese"
    ENGLISH = "english"


class ReceiptError(ValueError):
    """What was typed is no receipt. No error of this family carries a typed word."""


class WordCountError(ReceiptError):
    """Not twelve words; ``found`` says how many there were."""

    def __init__(self, found: int) -> None:
        super().__init__(f"{found} words instead of {WORDS}")
        self.found = found


class UnknownWordError(ReceiptError):
    """A word is not in the list; ``position`` counts words from 1."""

    def __init__(self, position: int) -> None:
        super().__init__(f"word {position} is not in the list")
        self.position = position


class ReceiptChecksumError(ReceiptError):
    """Every word is in the list, but a word or the order is wrong."""


@dataclass(frozen=True, repr=False)
class ReceiptKeys:
    """What a receipt opens: the lookup id finds the case, the key pair reads it."""

    lookup_id: bytes
    private_key: bytes
    public_key: bytes

    @property
    def stored_lookup(self) -> bytes:
        """The SHA-256 of the lookup id: the only thing of the receipt a server keeps."""
        return hashlib.sha256(self.lookup_id).digest()


@functools.cache
def _book(language: Language) -> Mnemonic:
    return Mnemonic(language.value)


@functools.cache
def _known(language: Language) -> frozenset[str]:
    return frozenset(_book(language).wordlist)


def words(entropy: bytes, language: Language) -> tuple[str, ...]:
    """Write 16 bytes of entropy as twelve words in NFC. Raises ValueError on another length."""
    if len(entropy) != ENTROPY_BYTES:
        raise ValueError(f"a receipt has {ENTROPY_BYTES} bytes of entropy")
    phrase: str = _book(language).to_mnemonic(entropy)
    return tuple(unicodedata.normalize("NFC", word) for word in phrase.split())


def parse(typed: str) -> bytes:
    """Read twelve words, as people type and paste them, back into 16 bytes of entropy.

    Full-width and half-width letters, capitals, katakana, any spaces, line breaks, punctuation and numbering
    ("1. word", "①") make no difference. Raises WordCountError, UnknownWordError, ReceiptChecksumError.
    """
    found = _split(typed)
    if len(found) != WORDS:
        raise WordCountError(len(found))
    language = max(Language, key=lambda each: sum(word in _known(each) for word in found))
    for position, word in enumerate(found, 1):
        if word not in _known(language):
            raise UnknownWordError(position)
    return _entropy(found, language)


def _entropy(found: list[str], language: Language) -> bytes:
    try:
        return bytes(_book(language).to_entropy(found))
    except ValueError:
        raise ReceiptChecksumError("a word or the order of the words is wrong") from None


def _split(typed: str) -> list[str]:
    """Return the words of the text in NFKD, the form of the BIP39 lists."""
    text = unicodedata.normalize("NFKD", typed.translate(_SPACING_SOUND_MARKS)).casefold()
    composed = unicodedata.normalize("NFC", text.translate(_TO_HIRAGANA))
    return [unicodedata.normalize("NFKD", word) for word in _NO_LETTER.split(composed) if word]


def derive(entropy: bytes) -> ReceiptKeys:
    """Derive the lookup id and the key pair. Raises ValueError unless the entropy has 16 bytes."""
    if len(entropy) != ENTROPY_BYTES:
        raise ValueError(f"a receipt has {ENTROPY_BYTES} bytes of entropy")
    private_key = _expand(entropy, b"unionapp/receipt/x25519/v1")
    return ReceiptKeys(
        lookup_id=_expand(entropy, b"unionapp/receipt/lookup/v1"),
        private_key=private_key,
        public_key=sealed_box.public_key(private_key),
    )


def _expand(entropy: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(entropy)

"""Keys of names: in which order they stand, by which spellings they are found."""

import re
import unicodedata

import jaconv

from unionapp.roster.lettering import comparison_key, reading

_SMALL = dict(zip(map(ord, "ァィゥェォッャュョヮヵヶ"), "アイウエオツヤユヨワカケ", strict=True))
_VOICING = re.compile("[\u3099\u309a]")
_ROWS = {
    "ア": "アカサタナハマヤラワ",
    "イ": "イキシチニヒミリ",
    "ウ": "ウクスツヌフムユル",
    "エ": "エケセテネヘメレ",
    "オ": "オコソトノホモヨロヲ",
}
_VOWEL = {kana: vowel for vowel, row in _ROWS.items() for kana in row}
# Hepburn and Kunrei, long vowels and their absence, are one: Ōta, Oota, Ohta and Ota find 太田.
_ONE_SPELLING = (
    ("sh(?=[aou])", "sy"),
    ("ch(?=[aou])", "ty"),
    ("j(?=[aou])", "zy"),
    ("shi", "si"),
    ("chi", "ti"),
    ("tsu", "tu"),
    ("fu", "hu"),
    ("ji", "zi"),
    ("m(?=[bpm])", "n"),
    ("oh(?![aeiouy])", "o"),
    ("o[ou]+", "o"),
    ("u+", "u"),
    ("n+", "n"),
)


def sort_key(name: str, name_reading: str) -> str:
    """Return the text by whose code points people stand in the order of the fifty sounds.

    Voicing, small kana and the long-vowel mark count only where everything else is equal (JIS X 4061,
    simplified); a name without a reading stands by its own characters, after the kana.
    """
    written = reading(name_reading) or name
    level = _VOICING.sub("", unicodedata.normalize("NFD", written)).translate(_SMALL)
    plain: list[str] = []
    for character in level:
        plain.append(_VOWEL.get(plain[-1], character) if character == "ー" and plain else character)
    return f"{''.join(plain)}\t{written}\t{name}".casefold()


def romaji_key(text: str) -> str:
    """Return Latin letters in the one spelling under which romanisations of a name are equal."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if c.isascii() and c.isalpha())
    for pattern, spelling in _ONE_SPELLING:
        bare = re.sub(pattern, spelling, bare)
    return bare


def search_text(*texts: str | None) -> str:
    """Return the folded text that a search looks in: each as written, and kana in Latin letters too."""
    keys: list[str] = []
    for text in filter(None, texts):
        keys.append(comparison_key(text))
        if romaji := romaji_key(jaconv.kana2alphabet(jaconv.kata2hira(reading(text)))):
            keys.append(romaji)
    return "\n".join(dict.fromkeys(keys))


def mail_key(address: str | None) -> str | None:
    """Return the form in which mail addresses are compared; None for none."""
    return address.strip().casefold() if address and address.strip() else None

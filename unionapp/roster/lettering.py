"""Forms of letters in Japanese lists: widths, kana, marks that cannot be seen, and keys for comparing."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

_WIDE_FORMS = re.compile("[\uff01-\uffef]+")
_LOOSE_VOICING = re.compile("[\u3041-\u30ff][\u3099\u309a]")
_SPACES = re.compile(r"\s+")
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_JOINERS = re.compile(r"[\s・･.,,'’‐-―−_()\[\]「」/\-]+")
_HYPHENS = re.compile("[‐‑‒–—―−ー─━-]")
_HYPHENS_FOR_LONG_VOWEL = re.compile("(?<=[ァ-ヺー])[-‐‑‒–—―−─━]+")
_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_NOT_A_READING = re.compile("[^ァ-ヿA-Za-zÀ-ɏ .'’-]")


def data_table(name: str) -> dict[str, object]:
    """Return the data file of this library called `name`, parsed from TOML."""
    return tomllib.loads((files("unionapp.roster") / "data" / name).read_text(encoding="utf-8"))


def one_space(text: str) -> str:
    """Return text with every run of white space, U+3000 and line breaks included, as one space; ends bare."""
    return _SPACES.sub(" ", text).strip()


def full_kana(text: str) -> str:
    """Return text with half-width kana made full and full-width ASCII made half.

    Unlike NFKC on the whole it leaves every kanji as written: 神 (U+FA19) and 﨑 stay what a register holds.
    """
    if text.isascii():
        return text
    widened = _WIDE_FORMS.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    return _LOOSE_VOICING.sub(lambda pair: unicodedata.normalize("NFC", pair[0]), widened)


def name(text: str) -> str:
    """Return a person's or studio's name as written, in full kana with single spaces."""
    return one_space(full_kana(text))


def reading(text: str) -> str:
    """Return a reading in katakana; a hyphen after kana is the long-vowel mark."""
    katakana = name(text).translate(_HIRAGANA_TO_KATAKANA)
    return _HYPHENS_FOR_LONG_VOWEL.sub(lambda run: "ー" * len(run[0]), katakana)


def is_reading(text: str) -> bool:
    """Say whether a normalised reading is kana or Latin letters only."""
    return _NOT_A_READING.search(text) is None


def plain(text: str) -> str:
    """Return text in NFKC with ASCII hyphens for all their look-alikes: for numbers, addresses and dates."""
    if text.isascii():
        return one_space(text)
    return one_space(_HYPHENS.sub("-", unicodedata.normalize("NFKC", text)))


def key(text: str) -> str:
    """Return the folded form in which headings and labels are compared, bare of width, case and joins."""
    return _bare(text)


def _bare(text: str) -> str:
    """Compatibility form, case folded, without joining marks; composed again where a mark stood between."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", _JOINERS.sub("", folded))


@cache
def _kanji_variants() -> dict[int, str]:
    groups = data_table("variants.toml")["groups"]
    if not isinstance(groups, dict):
        raise TypeError("variants.toml: groups is no table")
    return {ord(variant): standard for standard, variants in groups.items() for variant in variants}


def comparison_key(name: str) -> str:
    """Return the key under which two spellings of one person's name are equal.

    Folds width, case, hiragana and katakana, small ヶ, spaces and joining marks, variation selectors, and the
    kanji forms that registers keep apart and keyboards do not (髙 to 高, 﨑 to 崎, 邊 and 邉 to 辺).
    Only for comparing: two people may share a key.
    """
    bare = _bare(_VARIATION_SELECTORS.sub("", name))
    katakana = bare.translate(_HIRAGANA_TO_KATAKANA).replace("ヶ", "ケ").replace("ヵ", "カ")
    return unicodedata.normalize("NFKC", katakana.translate(_kanji_variants()))

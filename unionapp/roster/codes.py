"""The codes of work and of contract, read from data/codes.toml with their labels, synonyms and sources."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from unionapp.roster import lettering

_BETWEEN_JOBS = re.compile(r"[、・･/／,，;；|｜&＆+＋\n]|\s{2,}|\u3000")
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]")


@dataclass(frozen=True)
class Code:
    """One code with its label in both languages, the other words for it, and where it was read."""

    code: str
    ja: str
    en: str
    synonyms: tuple[str, ...]
    source: str
    certainty: str


def _read(section: str) -> Mapping[str, Code]:
    entries = lettering.data_table("codes.toml")[section]
    if not isinstance(entries, dict):
        raise TypeError(f"codes.toml: {section} is no table")
    return MappingProxyType(
        {
            code: Code(
                code, entry["ja"], entry["en"], tuple(entry["synonyms"]), entry["source"], entry["certainty"]
            )
            for code, entry in entries.items()
        },
    )


def _labels(entries: Mapping[str, Code]) -> Mapping[str, tuple[str, str]]:
    return MappingProxyType({code: (entry.ja, entry.en) for code, entry in entries.items()})


def _words(entries: Mapping[str, Code]) -> dict[str, str]:
    words: dict[str, str] = {}
    for entry in entries.values():
        for word in (entry.code, entry.ja, entry.en, *entry.synonyms):
            if words.setdefault(lettering.key(word), entry.code) != entry.code:
                raise ValueError(f"codes.toml: {word} means two codes")
    return words


JOB_CODES = _read("job_categories")
EMPLOYMENT_CODES = _read("employment_forms")
JOB_CATEGORIES: Mapping[str, tuple[str, str]] = _labels(JOB_CODES)
EMPLOYMENT_FORMS: Mapping[str, tuple[str, str]] = _labels(EMPLOYMENT_CODES)
_JOB_WORDS = _words(JOB_CODES)
_EMPLOYMENT_WORDS = _words(EMPLOYMENT_CODES)


def _code_of(word: str, words: Mapping[str, str]) -> str | None:
    return words.get(lettering.key(word)) or words.get(lettering.key(_BRACKETED.sub("", word)))


@lru_cache(maxsize=4096)
def job_categories(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes of the jobs named in one cell, in its order, and the words that name none.

    Several stand beside each other after 、 ・ / , ; or a line break; a label that holds such a mark itself
    (プロップ・衣装デザイン) is tried before its parts.
    """
    if whole := _code_of(text, _JOB_WORDS):
        return (whole,), ()
    parts = [part.strip() for part in _BETWEEN_JOBS.split(text) if part and part.strip()]
    codes: dict[str, None] = {}
    unknown: list[str] = []
    while parts:
        pair = _code_of("".join(parts[:2]), _JOB_WORDS) if len(parts) > 1 else None
        word = parts.pop(0)
        if pair:
            parts.pop(0)
            codes[pair] = None
        elif found := _code_of(word, _JOB_WORDS):
            codes[found] = None
        else:
            unknown.append(word)
    return tuple(codes), tuple(unknown)


@lru_cache(maxsize=1024)
def employment_form(text: str) -> str | None:
    """Return the code of a form of employment, or None for a word that is no known form."""
    return _code_of(text, _EMPLOYMENT_WORDS)

"""What is wrong with a list: where, what, and what to do, as data and in words of both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from unionapp.roster import lettering


class Level(StrEnum):
    """How much a problem weighs: an error keeps its row (or the whole file) out, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One thing wrong. `row` counts from 1 as spreadsheets show it; None means the file as a whole."""

    code: str
    level: Level = Level.ERROR
    row: int | None = None
    letter: str = ""
    heading: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def column(self) -> str:
        """The column as a person names it: its heading with its letter, or either alone."""
        if self.heading and self.letter:
            return f"{self.heading} ({self.letter})"
        return self.heading or self.letter


class UnreadableFileError(Exception):
    """The file as a whole cannot be read as a list; `problem` says why and what to do."""

    def __init__(self, code: str, *, row: int | None = None, **facts: str) -> None:
        super().__init__(code)
        self.problem = Problem(code, Level.ERROR, row=row, facts=facts)


def letter(index: int) -> str:
    """Return the letters of the column with this index counted from 0: A, B, ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@cache
def _messages() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    messages: dict[str, Mapping[str, tuple[str, str]]] = {}
    for code, languages in lettering.data_table("messages.toml").items():
        if not isinstance(languages, dict):
            raise TypeError(f"messages.toml: {code} is no table")
        messages[code] = {lang: (what, advice) for lang, (what, advice) in languages.items()}
    return messages


def describe(problem: Problem, lang: str) -> tuple[str, str]:
    """Return what is wrong and what to do about it, in Japanese ("ja") or English (any other language)."""
    what, advice = _messages()[problem.code]["ja" if lang == "ja" else "en"]
    return what % problem.facts, advice % problem.facts

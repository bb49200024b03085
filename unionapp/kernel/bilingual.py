"""Texts that people write in two languages: data, not translations of the program."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import Dialect, Text, TypeDecorator

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")


@dataclass(frozen=True)
class Bilingual:
    """One text in Japanese and English; ``authoritative`` names the language that governs."""

    ja: str
    en: str
    authoritative: Language = "ja"

    def text(self, language: str) -> str:
        """Return the text in ``language``, or in the governing language where that one is empty."""
        chosen = self.en if language == "en" else self.ja
        return chosen or (self.ja if self.authoritative == "ja" else self.en)


class BilingualType(TypeDecorator[Bilingual]):
    """A column that keeps a Bilingual as one JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Bilingual | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else json.dumps(asdict(value), ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Bilingual | None:  # noqa: ARG002
        return None if value is None else Bilingual(**json.loads(value))

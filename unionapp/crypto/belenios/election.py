"""The election file: what is asked, in which group, under which key. Its raw bytes are what all hash."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from unionapp.crypto.belenios.canonical import b64_digest, dump, load, whole
from unionapp.crypto.belenios.credentials import BASE58
from unionapp.crypto.belenios.errors import InvalidObject, Unsupported
from unionapp.crypto.belenios.groups import Element, Group, group_named
from unionapp.crypto.belenios.proofs import RandomBelow

CRYPTO_VERSION: Final = 1
_UUID: Final = re.compile(f"[{BASE58}]{{14,64}}", re.ASCII)
_REQUIRED: Final = ("version", "description", "name", "group", "public_key", "questions", "uuid")
_OPTIONAL: Final = ("administrator", "credential_authority", "language")


@dataclass(frozen=True)
class Question:
    """A homomorphic question: choose `minimum` to `maximum` of the answers, or blank where allowed."""

    question: str
    answers: tuple[str, ...]
    minimum: int
    maximum: int
    blank: bool = False

    @property
    def slots(self) -> int:
        """Return how many bits a ballot encrypts: one per answer, and one before them for blank."""
        return len(self.answers) + self.blank

    def json(self) -> dict[str, Any]:
        blank = {"blank": True} if self.blank else {}
        limits = {"min": self.minimum, "max": self.maximum}
        return {"answers": list(self.answers), **blank, **limits, "question": self.question}


@dataclass(frozen=True)
class Election:
    """An election and the bytes it was read from or written as."""

    uuid: str
    name: str
    description: str
    group: Group
    public_key: Element
    questions: tuple[Question, ...]
    raw: bytes

    @cached_property
    def fingerprint(self) -> str:
        """Return the 43 characters that every ballot and proof of this election carries."""
        return b64_digest(self.raw)


def generate_uuid(random_below: RandomBelow) -> str:
    """Return a fresh election identifier: 14 characters of Base58."""
    return "".join(BASE58[random_below(58)] for _ in range(14))


def make_election(
    uuid: str, name: str, description: str, group: Group, public_key: Element, questions: tuple[Question, ...]
) -> Election:
    """Write an election file and return it as read back. Raises InvalidObject for impossible questions."""
    return read_election(
        dump(
            {
                "version": CRYPTO_VERSION,
                "description": description,
                "name": name,
                "group": group.name,
                "public_key": group.encode(public_key),
                "questions": [question.json() for question in questions],
                "uuid": uuid,
            },
        ),
    )


def read_election(raw: bytes) -> Election:
    """Read an election file. Raises Unsupported for types and versions not read here, else InvalidObject."""
    value = load(raw)
    if not isinstance(value, dict) or not set(_REQUIRED) <= set(value) <= {*_REQUIRED, *_OPTIONAL}:
        raise InvalidObject(f"the election needs the fields {', '.join(_REQUIRED)} and no unknown ones")
    if type(value["version"]) is not int or value["version"] != CRYPTO_VERSION:
        raise Unsupported(f"this version reads only elections of crypto version {CRYPTO_VERSION}")
    group = group_named(value["group"])
    uuid = _text(value["uuid"], "uuid")
    if not _UUID.fullmatch(uuid):
        raise InvalidObject("the uuid is not 14 or more characters of Base58")
    questions = value["questions"]
    if not isinstance(questions, list) or not questions:
        raise InvalidObject("the election asks no question")
    return Election(
        uuid,
        _text(value["name"], "name"),
        _text(value["description"], "description"),
        group,
        group.decode(value["public_key"]),
        tuple(_read_question(question) for question in questions),
        raw,
    )


def _read_question(value: Any) -> Question:
    if not isinstance(value, dict):
        raise InvalidObject("a question is not an object")
    if "type" in value:
        raise Unsupported(f"this version does not read questions of type {str(value['type'])[:40]!r}")
    if (
        not {"answers", "min", "max", "question"}
        <= set(value)
        <= {"answers", "blank", "min", "max", "question"}
    ):
        raise InvalidObject("a question needs answers, min, max and question, and no unknown fields")
    answers, blank = value["answers"], value.get("blank", False)
    if not isinstance(answers, list) or not answers or type(blank) is not bool:
        raise InvalidObject("a question has no answers, or blank is neither true nor false")
    minimum, maximum = whole(value["min"], "min"), whole(value["max"], "max")
    if not minimum <= maximum <= len(answers) or not maximum:
        raise InvalidObject("a question's limits contradict each other or its number of answers")
    texts = tuple(_text(answer, "answer") for answer in answers)
    return Question(_text(value["question"], "question"), texts, minimum, maximum, blank)


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise InvalidObject(f"{what}: expected a text")
    return value

"""Elections, what they ask, and their trustees. Who voted and what was voted are in roll.py and box.py."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, Dialect, Enum, ForeignKey, LargeBinary, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from unionapp.kernel.access import Permission
from unionapp.kernel.bilingual import Bilingual
from unionapp.kernel.db import Model, new_id


class ElectionState(StrEnum):
    """Where an election stands; the package's docstring tells what each word means."""

    DRAFT = "draft"
    KEYS = "keys"
    OPENING = "opening"
    OPEN = "open"
    CLOSED = "closed"
    DECRYPTING = "decrypting"
    CHECKING = "checking"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class Group(StrEnum):
    """The mathematical group, by its name in the protocol."""

    ED25519 = "Ed25519"
    BELENIOS_2048 = "BELENIOS-2048"


PROGRAM: Final = None  # a move that only the program itself makes, in a job

MOVES: Final[Mapping[tuple[ElectionState, ElectionState], Permission | None]] = {
    (ElectionState.DRAFT, ElectionState.KEYS): Permission.BALLOT_MANAGE,
    (ElectionState.KEYS, ElectionState.OPENING): Permission.BALLOT_MANAGE,
    (ElectionState.OPENING, ElectionState.OPEN): PROGRAM,
    (ElectionState.OPEN, ElectionState.CLOSED): Permission.BALLOT_MANAGE,
    (ElectionState.CLOSED, ElectionState.DECRYPTING): PROGRAM,
    (ElectionState.DECRYPTING, ElectionState.CHECKING): Permission.BALLOT_DECRYPT,
    (ElectionState.CHECKING, ElectionState.FINISHED): PROGRAM,
    **{
        (state, ElectionState.CANCELLED): Permission.BALLOT_MANAGE
        for state in (
            ElectionState.DRAFT,
            ElectionState.KEYS,
            ElectionState.OPENING,
            ElectionState.OPEN,
            ElectionState.CLOSED,
            ElectionState.DECRYPTING,
        )
    },
}

# Once no ballot can be added, members may read all of the box.
PUBLISHED: Final = frozenset(
    {ElectionState.CLOSED, ElectionState.DECRYPTING, ElectionState.CHECKING, ElectionState.FINISHED}
)


@dataclass(frozen=True)
class Answer:
    """One answer of a question. ``code`` lets pages draw it: "yes", "no", or empty."""

    text: Bilingual
    code: str = ""


class AnswersType(TypeDecorator[tuple[Answer, ...]]):
    """A column that keeps the answers of a question as one JSON list."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[Answer] | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else [asdict(answer) for answer in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Answer, ...] | None:  # noqa: ARG002
        if value is None:
            return None
        return tuple(Answer(Bilingual(**answer["text"]), answer["code"]) for answer in value)


def _word(states: type[StrEnum]) -> Enum:
    return Enum(
        states, native_enum=False, length=40, values_callable=lambda each: [one.value for one in each]
    )


class Election(Model):
    """One ballot of the union.

    ``belenios_id`` is its name in the protocol, ``fingerprint`` the hash of its paper once it is open.
    ``text_hash`` (SHA-256, hexadecimal) and ``text_url`` lead to the text voted on; both empty where none is.
    ``codes_by_server`` says that the server made the voting codes, which its pages must tell. ``opened_at``
    and ``closed_at`` are when it really happened. ``voters`` is the size of the roll; ``counted`` the number
    of voters whose ballot counts, ``last_event`` the hash that commits to the whole archive.
    """

    __tablename__ = "election"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    belenios_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[ElectionState] = mapped_column(_word(ElectionState), default=ElectionState.DRAFT)
    title: Mapped[Bilingual]
    summary: Mapped[Bilingual]
    text_hash: Mapped[str] = mapped_column(default="")
    text_url: Mapped[str] = mapped_column(default="")
    group: Mapped[Group] = mapped_column("group_name", _word(Group), default=Group.ED25519)
    codes_by_server: Mapped[bool] = mapped_column(default=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    fingerprint: Mapped[str] = mapped_column(default="")
    voters: Mapped[int | None]
    counted: Mapped[int | None]
    result: Mapped[list[list[int]] | None] = mapped_column(JSON(none_as_null=True))
    last_event: Mapped[str] = mapped_column(default="")

    questions: Mapped[list["Question"]] = relationship(
        order_by="Question.position", cascade="all, delete-orphan"
    )
    trustees: Mapped[list["Trustee"]] = relationship(
        order_by="Trustee.position", cascade="all, delete-orphan"
    )

    @property
    def has_all_keys(self) -> bool:
        """Tell whether every trustee has given a key."""
        return bool(self.trustees) and all(trustee.public_key is not None for trustee in self.trustees)

    @property
    def has_all_shares(self) -> bool:
        """Tell whether every trustee has decrypted their part."""
        return bool(self.trustees) and all(trustee.share is not None for trustee in self.trustees)


class Question(Model):
    """One question of the paper: choose ``minimum`` to ``maximum`` answers, or blank where allowed.

    ``rule`` is the code of the decision rule that is applied to its counts.
    """

    __tablename__ = "election_question"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), index=True)
    position: Mapped[int]
    text: Mapped[Bilingual]
    answers: Mapped[tuple[Answer, ...]] = mapped_column(AnswersType)
    minimum: Mapped[int] = mapped_column(default=1)
    maximum: Mapped[int] = mapped_column(default=1)
    blank: Mapped[bool] = mapped_column(default=True)
    rule: Mapped[str] = mapped_column(Text, default="more_yes_than_no")

    __table_args__ = (UniqueConstraint("election_id", "position"),)


class Trustee(Model):
    """One trustee of one election. ``position`` counts from 1 as in the archive.

    ``public_key`` and ``share`` are the very bytes handed in: the public key with its proof, and the partial
    decryption. No private key is ever here.
    """

    __tablename__ = "election_trustee"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), index=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    given_at: Mapped[datetime | None]
    share: Mapped[bytes | None] = mapped_column(LargeBinary)
    decrypted_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("election_id", "member_id"),
        UniqueConstraint("election_id", "position"),
    )

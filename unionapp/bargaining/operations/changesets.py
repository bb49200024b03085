"""One step of a line: collect what changes on a locked line, then write it with its hashes."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from unionapp.bargaining import queries
from unionapp.bargaining.models import (
    Agreement,
    AgreementLine,
    Changeset,
    ClauseText,
    Coverage,
    Deed,
    Document,
    LineKind,
    Node,
    Pairing,
    PairingState,
    Part,
    Party,
    Rating,
    Unit,
    UnitKind,
    UnitText,
    text_sha,
)
from unionapp.crypto import hashchain
from unionapp.kernel.access import Actor
from unionapp.kernel.db import Model, new_id
from unionapp.kernel.errors import ConflictError, NotFoundError
from unionapp.kernel.i18n import lazy

RANK_STEP: Final = 65_536
"""The distance between new neighbours; sixteen units fit between two before all are spaced anew."""


class GoneError(ConflictError):
    """The unit, or what it stood in, was removed meanwhile."""

    message = lazy("Somebody removed this unit meanwhile.")


class Pen:
    """What one changeset changes. The line's row stays locked until the transaction ends.

    Two writers therefore never see the same head; if they did, the unique constraints would refuse one.
    """

    def __init__(self, session: Session, agreement: Agreement, line: AgreementLine) -> None:
        self.session = session
        self.agreement = agreement
        self.line = line
        self.head = queries.head_of(session, line)
        self.document: Document = queries.document_at(session, agreement, self.head)
        self._units: list[Unit] = []
        self._nodes: dict[uuid.UUID, tuple[uuid.UUID | None, int, bool]] = {}
        self._texts: dict[tuple[uuid.UUID, str], str] = {}
        self._ratings: dict[tuple[uuid.UUID, str], Rating | None] = {}
        self._pairs: list[dict[str, Any]] = []
        self._order: dict[uuid.UUID | None, list[uuid.UUID]] = {}

    def part(self, unit_id: uuid.UUID) -> Part:
        """Return a unit as it stands at the head. Raises NotFoundError when it is gone."""
        found = self.document.by_id.get(unit_id)
        if found is None:
            raise NotFoundError
        return found

    def siblings(self, parent: uuid.UUID | None) -> list[uuid.UUID]:
        """Return the ids under a unit in order, with what this pen has done so far."""
        if parent not in self._order:
            self._order[parent] = [part.id for part in self.document.children(parent)]
        return self._order[parent]

    def add(
        self,
        kind: UnitKind,
        parent: uuid.UUID | None,
        place: int,
        texts: Mapping[str, str],
        library_path: str = "",
    ) -> uuid.UUID:
        """Add a unit at a place among its siblings, counted from 0; return its id."""
        unit = Unit(id=new_id(), agreement_id=self.agreement.id, kind=kind, library_path=library_path)
        self._units.append(unit)
        self.place(unit.id, parent, place)
        for language, text in texts.items():
            if text:
                self.write(unit.id, language, text)
        return unit.id

    def place(self, unit_id: uuid.UUID, parent: uuid.UUID | None, place: int) -> None:
        """Let a unit stand at a place among its siblings; the others keep their order."""
        order = self.siblings(parent)
        if unit_id in order:
            order.remove(unit_id)
        order.insert(place, unit_id)
        low = self._rank(order[place - 1]) if place else None
        high = self._rank(order[place + 1]) if place + 1 < len(order) else None
        rank = _between(low, high)
        if rank is None:
            for index, each in enumerate(order):
                self._nodes[each] = (parent, (index + 1) * RANK_STEP, True)
        else:
            self._nodes[unit_id] = (parent, rank, True)

    def keep(self, part: Part) -> None:
        """Let a unit stand exactly as it does on another line."""
        self._nodes[part.id] = (part.parent, part.rank, True)

    def put_back(self, node: Node) -> None:
        """Let a removed unit stand again where it stood."""
        self._nodes[node.unit_id] = (node.parent_unit_id, node.rank, True)

    def take_out(self, part: Part) -> None:
        """Take a unit out of the text, with everything below it."""
        for each in self.document.under(part):
            self._nodes[each.id] = (each.parent, each.rank, False)

    def write(self, unit_id: uuid.UUID, language: str, body: str) -> None:
        """Give a unit a text."""
        self._texts[unit_id, language] = body

    def rate(self, unit_id: uuid.UUID, code: str, rating: Rating | None) -> None:
        """Say what a unit is worth for a code, or that it claims nothing."""
        self._ratings[unit_id, code] = rating

    def pair(
        self, unit_id: uuid.UUID, texts: Mapping[str, str], state: PairingState, by: uuid.UUID | None
    ) -> None:
        """Say that two texts of a unit belong together."""
        self._pairs.append(
            {
                "id": new_id(),
                "unit_id": unit_id,
                "ja_sha": text_sha(texts["ja"]),
                "en_sha": text_sha(texts["en"]),
                "state": state,
                "by": by,
            }
        )

    def record(
        self,
        deed: Deed,
        *,
        actor: Actor,
        at: datetime,
        message: str = "",
        merge_parent_id: uuid.UUID | None = None,
    ) -> Changeset:
        """Write the changeset; the caller records the event."""
        changeset = Changeset(
            id=new_id(),
            line_id=self.line.id,
            number=self.head.number + 1 if self.head else 1,
            parent_id=self.head.id if self.head else None,
            merge_parent_id=merge_parent_id,
            author_id=actor.member_id,
            party=Party.UNION,
            at=at,
            deed=deed,
            message=message,
            manifest=hashchain.link(hashchain.GENESIS, self._manifest()),
            previous=self.head.hash if self.head else hashchain.GENESIS,
        )
        changeset.hash = hashchain.link(changeset.previous, chained(changeset))
        self._store_texts()
        self.session.add(changeset)
        self.session.add_all(self._units)
        self.session.flush()  # nodes and texts point to the changeset and the units
        self._store_changes(changeset)
        self.store_pairs(at)
        self.session.flush()  # a second writer must meet the unique constraints now, inside the verb
        return changeset

    def _rank(self, unit_id: uuid.UUID) -> int:
        if unit_id in self._nodes:
            return self._nodes[unit_id][1]
        return self.document.by_id[unit_id].rank

    def _store_texts(self) -> None:
        bodies = {text_sha(body): body for body in self._texts.values()}
        _insert_new(self.session, ClauseText, [{"sha256": sha, "body": body} for sha, body in bodies.items()])

    def _store_changes(self, changeset: Changeset) -> None:
        own = {"changeset_id": changeset.id}
        self.session.add_all(
            Node(**own, unit_id=unit_id, parent_unit_id=parent, rank=rank, present=present)
            for unit_id, (parent, rank, present) in self._nodes.items()
        )
        self.session.add_all(
            UnitText(**own, unit_id=unit_id, language=language, text_sha=text_sha(body))
            for (unit_id, language), body in self._texts.items()
        )
        self.session.add_all(
            Coverage(
                **own,
                unit_id=unit_id,
                code=code,
                level=rating.level if rating else None,
                note=rating.note if rating else "",
            )
            for (unit_id, code), rating in self._ratings.items()
        )

    def store_pairs(self, at: datetime) -> None:
        """Write the pairings; alone they need no changeset, for no text changes."""
        _insert_new(self.session, Pairing, [pair | {"at": at} for pair in self._pairs])

    def _manifest(self) -> dict[str, Any]:
        """Return the state after this changeset: per unit its place, its texts' hashes, its ratings."""
        state: dict[str, Any] = {
            str(part.id): _entry(part.parent, part.rank, part.texts, part.ratings)
            for part in self.document.parts
        }
        for unit_id, (parent, rank, present) in self._nodes.items():
            entry = state.setdefault(str(unit_id), _entry(parent, rank, {}, {}))
            entry |= {"parent": str(parent) if parent else None, "rank": rank}
            if not present:
                del state[str(unit_id)]
        for (unit_id, language), body in self._texts.items():
            if str(unit_id) in state:
                state[str(unit_id)][language] = text_sha(body).hex()
        for (unit_id, code), rating in self._ratings.items():
            if str(unit_id) in state:
                state[str(unit_id)]["levels"][code] = rating.level if rating else None
        return state


def take_pen(session: Session, agreement: Agreement, kind: LineKind = LineKind.UNION_WORKING) -> Pen:
    """Lock a line and read its head. Raises NotFoundError when there is no such line."""
    line = session.scalar(
        select(AgreementLine)
        .where(AgreementLine.agreement_id == agreement.id, AgreementLine.kind == kind)
        .with_for_update()
    )
    if line is None:
        raise NotFoundError
    return Pen(session, agreement, line)


def chained(changeset: Changeset) -> dict[str, Any]:
    """Return what a changeset's hash covers, besides the hash before it."""
    return {
        "id": str(changeset.id),
        "line": str(changeset.line_id),
        "number": changeset.number,
        "merge_parent": str(changeset.merge_parent_id) if changeset.merge_parent_id else None,
        "author": str(changeset.author_id) if changeset.author_id else None,
        "party": changeset.party.value,
        "at": changeset.at.isoformat(timespec="microseconds"),
        "deed": changeset.deed.value,
        "message": changeset.message,
        "manifest": changeset.manifest.hex(),
    }


def _entry(
    parent: uuid.UUID | None, rank: int, texts: Mapping[str, str], ratings: Mapping[str, Rating]
) -> dict[str, Any]:
    return {
        "parent": str(parent) if parent else None,
        "rank": rank,
        **{language: text_sha(body).hex() for language, body in texts.items()},
        "levels": {code: rating.level for code, rating in ratings.items()},
    }


def _between(low: int | None, high: int | None) -> int | None:
    """Return a rank between two, or None when there is no room."""
    if high is None:
        return (low or 0) + RANK_STEP
    middle = ((low or 0) + high) // 2
    return middle if (low or 0) < middle < high else None


def _insert_new(session: Session, table: type[Model], rows: list[dict[str, Any]]) -> None:
    """Insert rows unless they stand there: texts are shared by all who write the same words."""
    if not rows:
        return
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(make(table).values(rows).on_conflict_do_nothing())

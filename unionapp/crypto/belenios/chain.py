"""The chain of events: each names the one before it, and only some may follow others."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from unionapp.crypto.belenios.archive import (
    BALLOT,
    DATA_FILES,
    ENCRYPTED_TALLY,
    END_BALLOTS,
    PARTIAL_DECRYPTION,
    RESULT,
    SETUP,
    UNREAD,
    Archive,
    Event,
    Record,
)
from unionapp.crypto.belenios.canonical import hex_digest
from unionapp.crypto.belenios.errors import InvalidObject, Unsupported, VerificationError

_MAY_FOLLOW: Final[Mapping[str | None, frozenset[str]]] = MappingProxyType(
    {
        None: frozenset({SETUP}),
        SETUP: frozenset({BALLOT, END_BALLOTS}),
        BALLOT: frozenset({BALLOT, END_BALLOTS}),
        END_BALLOTS: frozenset({ENCRYPTED_TALLY}),
        ENCRYPTED_TALLY: frozenset({PARTIAL_DECRYPTION}),
        PARTIAL_DECRYPTION: frozenset({PARTIAL_DECRYPTION, RESULT}),
        RESULT: frozenset(),
    },
)


@contextmanager
def at(event_type: str | None, height: int) -> Iterator[None]:
    """Turn InvalidObject into the VerificationError of the event that is being checked."""
    try:
        yield
    except InvalidObject as error:
        raise VerificationError(event_type, height, str(error)) from error


def check_chain(archive: Archive, *, complete: bool) -> None:
    """Check heights, parents, order, and that each event owns its data. Raises VerificationError.

    `complete` asks for a Result at the end.
    """
    parent: str | None = None
    last_type: str | None = None
    for height, record in enumerate(archive.records):
        with at(None, height):
            event = record.link
        with at(event.label, height):
            _check_place(event, (height, parent))
            _check_order(event, last_type)
            _check_data(event, record)
        parent, last_type = hex_digest(record.event), event.type
    if last_type is None:
        raise VerificationError(None, None, "the archive holds no event")
    if complete and last_type != RESULT:
        raise VerificationError(
            last_type, len(archive.records) - 1, "the archive ends here, without a Result"
        )


def _check_place(event: Event, expected: tuple[int, str | None]) -> None:
    height, parent = expected
    if event.height != height:
        raise InvalidObject(f"the event says height {event.height}")
    if event.parent != parent:
        raise InvalidObject("the event's parent is not the event before it")


def _check_order(event: Event, last_type: str | None) -> None:
    if event.type in UNREAD:
        raise Unsupported("this version does not read shuffles")
    if event.type not in DATA_FILES:
        raise InvalidObject("unknown type of event")
    if event.type not in _MAY_FOLLOW[last_type]:
        raise InvalidObject(f"this event cannot follow {last_type or 'the beginning'}")


def _check_data(event: Event, record: Record) -> None:
    if event.type == SETUP and len(record.data) == DATA_FILES[SETUP] + 1:
        raise Unsupported("this version does not read a certificate of the credentials")
    if len(record.data) != DATA_FILES[event.type]:
        raise InvalidObject(f"{len(record.data)} data files where {DATA_FILES[event.type]} belong")
    if event.payload != (hex_digest(record.data[-1]) if record.data else None):
        raise InvalidObject("the payload is not the event's last data file")

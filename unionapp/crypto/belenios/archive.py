"""The `.bel` archive: an old-style tar without end, of data files and the hash-chained events that own them.

The bytes are a function of the header's timestamp and the ordered records, so a database may keep the
records as rows and write the file whenever it is asked for.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO, Final

from unionapp.crypto.belenios.canonical import dump, fields, hex_digest, load_canonical, load_loosely
from unionapp.crypto.belenios.errors import InvalidObject, VerificationError

SETUP: Final = "Setup"
BALLOT: Final = "Ballot"
END_BALLOTS: Final = "EndBallots"
ENCRYPTED_TALLY: Final = "EncryptedTally"
PARTIAL_DECRYPTION: Final = "PartialDecryption"
RESULT: Final = "Result"

# How many data files each event owns; the last of them is the event's payload.
DATA_FILES: Final = {
    SETUP: 4,
    BALLOT: 1,
    END_BALLOTS: 0,
    ENCRYPTED_TALLY: 2,
    PARTIAL_DECRYPTION: 2,
    RESULT: 1,
}
UNREAD: Final = frozenset({"Shuffle", "EndShuffles"})
MAX_BYTES: Final = 1 << 30  # read whole into memory; about 250,000 yes/no ballots

_BLOCK: Final = 512
_MOST_DATA: Final = 5  # a Setup with the certificate that `chain` refuses by name
_HEADER_NAME: Final = "BELENIOS"
_SIZE: Final = re.compile(rb"[0-7]{11}")
_SECONDS: Final = re.compile(r"0|[1-9][0-9]{0,8}|[1-7][0-9]{9}", re.ASCII)  # what eleven octal digits hold
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LABEL: Final = re.compile(r"[A-Za-z]{1,40}", re.ASCII)
_DATA, _EVENT = ".data.json", ".event.json"


@dataclass(frozen=True)
class Event:
    """One link of the chain."""

    parent: str | None
    height: int
    type: str
    payload: str | None

    @property
    def label(self) -> str | None:
        """Return the type as messages may show it; None for what could confuse a reader's terminal."""
        return self.type if _LABEL.fullmatch(self.type) else None

    def raw(self) -> bytes:
        """Return the bytes of an event whose hashes are hexadecimal, as `read_event` makes sure."""
        parent = "" if self.parent is None else f'"parent":"{self.parent}",'
        payload = "" if self.payload is None else f',"payload":"{self.payload}"'
        return f'{{{parent}"height":{self.height},"type":{dump(self.type).decode()}{payload}}}'.encode()


@dataclass(frozen=True)
class Record:
    """An event's bytes and the data files that stand before it, in their order."""

    event: bytes
    data: tuple[bytes, ...]

    @cached_property
    def link(self) -> Event:
        """Return the event as read; raises InvalidObject."""
        return read_event(self.event)


@dataclass
class Archive:
    """An election's records in order; only `append` adds to them."""

    timestamp: int  # seconds since 1970, the time of every entry
    records: list[Record] = field(default_factory=list)

    def append(self, event_type: str, *data: bytes) -> Record:
        """Add the next event with its data files and return the record."""
        record = next_record(self.records[-1].event if self.records else None, event_type, data)
        self.records.append(record)
        return record

    def to_bytes(self) -> bytes:
        """Return the whole file."""
        return b"".join(write(self.timestamp, self.records))

    @property
    def last_event_hash(self) -> str:
        """Return the hash that commits to everything so far."""
        return hex_digest(self.records[-1].event)


def next_record(last_event: bytes | None, event_type: str, data: Iterable[bytes]) -> Record:
    """Return the record that follows `last_event` (None: the first). Pure: a server keeps the rows itself."""
    files = tuple(data)
    if len(files) != DATA_FILES[event_type]:
        raise InvalidObject(f"an event of type {event_type} owns {DATA_FILES[event_type]} data files")
    parent = None if last_event is None else hex_digest(last_event)
    height = 0 if last_event is None else read_event(last_event).height + 1
    payload = hex_digest(files[-1]) if files else None
    return Record(Event(parent, height, event_type, payload).raw(), files)


def write(timestamp: int, records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the file piece by piece."""
    yield _entry(_HEADER_NAME, dump({"version": 1, "timestamp": str(timestamp)}), timestamp)
    for record in records:
        for data in record.data:
            yield _entry(hex_digest(data) + _DATA, data, timestamp)
        yield _entry(hex_digest(record.event) + _EVENT, record.event, timestamp)


def read_event(raw: bytes) -> Event:
    """Read one event's bytes strictly. Raises InvalidObject."""
    value = load_loosely(raw)
    if not isinstance(value, dict):
        raise InvalidObject("the event is not an object")
    event = Event(value.get("parent"), value.get("height", -1), value.get("type", ""), value.get("payload"))
    typed = type(event.height) is int and isinstance(event.type, str)
    if not (typed and _is_hash(event.parent) and _is_hash(event.payload) and event.raw() == raw):
        raise InvalidObject("the event is not made of parent, height, type and payload")
    return event


def _is_hash(value: object) -> bool:
    return value is None or (isinstance(value, str) and _HASH.fullmatch(value) is not None)


def read_file(path: str | os.PathLike[str]) -> Archive:
    """Read an archive file strictly. Raises VerificationError, also for what cannot be read as a file."""
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise VerificationError(None, None, "not a regular file")
            return read(file, status.st_size)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise VerificationError(None, None, f"cannot be read: {reason}") from error


def read(file: BinaryIO, size: int) -> Archive:
    """Read `size` bytes of an archive strictly: names, times, padding. Raises VerificationError."""
    if size > MAX_BYTES:
        raise VerificationError(None, None, f"larger than {MAX_BYTES} bytes")
    reader = _Reader(file, size)
    reader.read_header()
    archive = Archive(reader.timestamp)
    seen: set[str] = set()
    data: list[tuple[str, bytes]] = []
    while reader.left:
        height = len(archive.records)
        name, content = reader.entry(height)
        if name.endswith(_EVENT):
            archive.records.append(_record(height, (name, content), data, seen))
            data = []
        else:
            data.append((name, content))
            if len(data) > _MOST_DATA:
                raise VerificationError(None, height, "more data files than any event owns")
    if data:
        raise VerificationError(
            None, len(archive.records), "the archive ends before the event of its last data"
        )
    return archive


def _record(
    height: int, event_file: tuple[str, bytes], data: list[tuple[str, bytes]], seen: set[str]
) -> Record:
    record = Record(event_file[1], tuple(content for _, content in data))
    event_type = None
    try:
        event_type = record.link.label
        for name, content in data:
            _check_name(name, hex_digest(content) + _DATA, seen)
        _check_name(event_file[0], hex_digest(record.event) + _EVENT, seen)
    except InvalidObject as error:
        raise VerificationError(event_type, height, str(error)) from error
    return record


def _check_name(name: str, expected: str, seen: set[str]) -> None:
    if name != expected:
        raise InvalidObject(f"the content of {name[:16]!r}… does not have this hash")
    if name in seen:
        raise InvalidObject(f"the file {name[:16]!r}… stands twice in the archive")
    seen.add(name)


class _Reader:
    """Takes entries from the file; every byte outside the contents must be what `_entry` would write."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.left = size
        self.timestamp = 0

    def read_header(self) -> None:
        block = self._take(_BLOCK)
        size = self._size(block)
        content = self._take(size) if size is not None and size < _BLOCK else b""
        padding = self._take(-len(content) % _BLOCK)
        try:
            version, timestamp = fields(load_canonical(content), ("version", "timestamp"), "header")
        except InvalidObject as error:
            raise VerificationError(None, None, f"not a Belenios archive: {error}") from error
        if type(version) is not int or version != 1:
            raise VerificationError(None, None, "this version reads only archives of version 1")
        if not isinstance(timestamp, str) or not _SECONDS.fullmatch(timestamp):
            raise VerificationError(None, None, "the header's timestamp is not a number of seconds")
        self.timestamp = int(timestamp)
        if block + content + padding != _entry(_HEADER_NAME, content, self.timestamp):
            raise VerificationError(None, None, "the header's entry is not written as the format says")

    def entry(self, height: int) -> tuple[str, bytes]:
        block = self._take(_BLOCK)
        size = self._size(block)
        name = block[:100].rstrip(b"\0").decode("latin-1")
        if size is None or not name.endswith((_DATA, _EVENT)):
            raise VerificationError(None, height, "a tar entry has an unreadable name or size")
        if size > self.left:
            raise VerificationError(None, height, "the archive is cut off in the middle of a file")
        content = self._take(size)
        padding = self._take(-size % _BLOCK)
        if block != _tar_header(name, size, self.timestamp) or padding.strip(b"\0"):
            raise VerificationError(
                None, height, f"the tar entry {name[:16]!r}… is not written as the format says"
            )
        if len(padding) != -size % _BLOCK:
            raise VerificationError(None, height, "the archive is cut off in the middle of a file")
        return name, content

    def _take(self, count: int) -> bytes:
        taken = self._file.read(min(count, self.left))
        self.left = self.left - len(taken) if len(taken) == min(count, self.left) else 0
        return taken

    @staticmethod
    def _size(block: bytes) -> int | None:
        return int(block[124:135], 8) if _SIZE.fullmatch(block[124:135]) else None


def _entry(name: str, content: bytes, timestamp: int) -> bytes:
    return _tar_header(name, len(content), timestamp) + content + bytes(-len(content) % _BLOCK)


def _tar_header(name: str, size: int, timestamp: int) -> bytes:
    before = name.encode("latin-1").ljust(100, b"\0") + b"0000644\x000000000\x000000000\0"
    before += f"{size:011o}\0{timestamp:011o}\0".encode()
    checksum = sum(before) + 8 * ord(" ") + ord("0")
    return (before + f"{checksum:06o}\0 0".encode()).ljust(_BLOCK, b"\0")


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a named pipe must not keep us waiting

"""Reading TOML tables with every fault noted, instead of only the first."""

from collections.abc import Container
from datetime import date, datetime
from typing import Any

from unionapp.bargaining.library.entries import Text


class LibraryFaultsError(ValueError):
    """The library's files have faults; `faults` lists all of them, each with its file and place."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("The clause library has faults:\n" + "\n".join(f"- {fault}" for fault in faults))


class Reading:
    """One pass over the files: the faults found and the tables opened."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._tables: list[Table] = []

    def open(self, where: str, raw: object) -> "Table":
        """Open a table of this reading."""
        table = Table(self, where, raw)
        self._tables.append(table)
        return table

    def note_unknown_keys(self) -> None:
        """Note each key nobody asked for as a fault: it is a misspelt one."""
        for table in self._tables:
            for key in table.unasked():
                table.fault(f"{key} is no key that is read here")


class Table:
    """One TOML table. A getter notes a fault and gives an empty value if its key is missing or wrong."""

    def __init__(self, reading: Reading, where: str, raw: object) -> None:
        self.where = where
        self._reading = reading
        self._raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        self._asked: set[str] = set()
        if not isinstance(raw, dict):
            self.fault("should be a table")

    def fault(self, what: str) -> None:
        """Note a fault at this place."""
        self._reading.faults.append(f"{self.where}: {what}")

    def unasked(self) -> list[str]:
        """Keys that no getter was asked for."""
        return [key for key in self._raw if key not in self._asked]

    def has(self, key: str) -> bool:
        """Whether the key is there at all."""
        return key in self._raw

    def keys(self) -> list[str]:
        """List the table's keys, in the order of the file."""
        return list(self._raw)

    def string(self, key: str, among: Container[str] | None = None) -> str:
        """Read a text that is not blank and, with `among`, one of those."""
        value = self._value(key, str)
        if value is None or not value.strip():
            self.fault(f"{key} is missing or empty")
            return ""
        if among is not None and value not in among:
            self.fault(f"{key} = {value!r} is not known")
        return str(value)

    def strings(self, key: str) -> tuple[str, ...]:
        """Read a list of texts; empty if the key is absent."""
        values: list[Any] = self._value(key, list) or []
        if not all(isinstance(value, str) for value in values):
            self.fault(f"{key} should hold texts only")
            return ()
        return tuple(values)

    def integer(self, key: str) -> int | None:
        """Read a whole number, or None if the key is absent."""
        value = self._value(key, int)
        return None if value is None else int(value)

    def flag(self, key: str) -> bool:
        """Read true or false; false if the key is absent."""
        return bool(self._value(key, bool))

    def day(self, key: str, default: date | None = None) -> date:
        """Read a date without a time of day; `default` is the one of the whole file."""
        value = self._value(key, date) or default
        if value is None or isinstance(value, datetime):
            self.fault(f"{key} should be a date")
            return date.min
        return date.fromisoformat(value.isoformat())

    def text(self, key: str) -> Text:
        """Read a table with `ja` and `en`."""
        return self.table(key).both()

    def both(self) -> Text:
        """Read this table's own `ja` and `en`."""
        return Text(self.string("ja"), self.string("en"))

    def default_text(self, key: str) -> Text | None:
        """Both languages, or one text or number that serves for both; None if the key is absent."""
        value = self._raw.get(key)
        if value is None or isinstance(value, dict):
            return None if value is None else self.text(key)
        self._asked.add(key)
        return Text(str(value), str(value))

    def table(self, key: str) -> "Table":
        """Open the table under a key; an absent one is a fault."""
        self._asked.add(key)
        return self._reading.open(f"{self.where}: {key}", self._raw.get(key))

    def tables(self, key: str) -> list["Table"]:
        """Open the tables under a key, numbered from 1 in messages; empty if the key is absent."""
        values: list[Any] = self._value(key, list) or []
        return [
            self._reading.open(f"{self.where}: {key} {number}", value)
            for number, value in enumerate(values, start=1)
        ]

    def _value(self, key: str, kind: type) -> Any:
        self._asked.add(key)
        value = self._raw.get(key)
        is_kind = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if value is None or is_kind:
            return value
        self.fault(f"{key} should be of kind {kind.__name__}")
        return None

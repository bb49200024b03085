"""How a StrEnum is kept: as its word, in a text column."""

from enum import StrEnum

from sqlalchemy import Enum


def words_of(states: type[StrEnum]) -> Enum:
    """Return the column type that keeps a StrEnum as its word."""
    return Enum(
        states, native_enum=False, length=40, values_callable=lambda each: [one.value for one in each]
    )

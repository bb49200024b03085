"""How large a list may be before it is refused."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Upper bounds: bytes of the file and of an unpacked workbook, rows, columns, cells that a sheet spans.

    The defaults hold ten times the largest union of animators known (about 6,000 members), with wide lists.
    """

    file_bytes: int = 20_000_000
    unpacked_bytes: int = 150_000_000
    parts: int = 1_000
    rows: int = 100_000
    columns: int = 200
    cells: int = 3_000_000


LIMITS = Limits()

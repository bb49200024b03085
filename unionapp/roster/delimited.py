"""Text with separators: which encoding, which separator, which cells."""

import csv
import io
import re
from collections import Counter
from datetime import date
from itertools import islice

from unionapp.roster.limits import Limits
from unionapp.roster.problems import UnreadableFileError

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp932": "Shift_JIS (CP932)",
}
# cp932 maps single bytes no Japanese text holds to these; they betray text of another encoding
_STRAY_IN_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_THREE_BYTES = re.compile("[\u0800-\U0010ffff]")
_ISO_2022_JP = re.compile(rb"\x1b(\$[@B]|\([BJI])")
_SEPARATORS = ",\t;"
_SAMPLE_ROWS = 30
_SAMPLE_CHARACTERS = 100_000
_BINARY_SHARE = 0.02


def read(data: bytes, limits: Limits) -> tuple[list[list[str | date]], str]:
    """Return the rows of text with separators, and the name of its encoding.

    Raises UnreadableFileError when it is no text, its encoding is broken or it exceeds the limits.
    """
    text, encoding = decode(data)
    _refuse_binary(text)
    return _rows(text, separator(text), limits), _ENCODING_NAMES[encoding]


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and its codec: by byte order mark, else UTF-8, else CP932 (Excel in Japan)."""
    for mark, codec in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_or_refuse(data.removeprefix(mark), codec), codec
    if _ISO_2022_JP.search(data) and data.isascii():
        raise UnreadableFileError("old_jis")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        codec = "utf-8" if _is_damaged_utf8(data) else "cp932"
    return _decode_or_refuse(data, codec), codec


def _is_damaged_utf8(data: bytes) -> bool:
    """Tell UTF-8 with a few broken bytes from CP932, in which three bytes are hardly ever UTF-8 by chance.

    Pairs do not count: half-width kana of CP932 often look like a pair of UTF-8.
    """
    lenient = data.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    return len(_THREE_BYTES.findall(lenient)) - broken > broken


def _decode_or_refuse(data: bytes, codec: str) -> str:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start, codec) from error
    if codec == "cp932" and (stray := _STRAY_IN_CP932.search(text)):
        raise _undecodable(data, len(text[: stray.start()].encode("cp932")), codec)
    return text


def _undecodable(data: bytes, start: int, codec: str) -> UnreadableFileError:
    line, place = _position(data[:start].decode(codec, errors="replace"))
    return UnreadableFileError(
        "undecodable",
        encoding=_ENCODING_NAMES[codec],
        line=line,
        place=place,
        byte=f"0x{data[start]:02X}",
    )


def _position(before: str) -> tuple[str, str]:
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return str(len(lines)), str(len(lines[-1]) + 1)


def _refuse_binary(text: str) -> None:
    start = text[:_SAMPLE_CHARACTERS]
    odd = len(_CONTROL.findall(start)) + start.count("\x00")
    if odd > 1 and odd > len(start) * _BINARY_SHARE:
        raise UnreadableFileError("file_binary")
    if "\x00" in text:
        line, place = _position(text[: text.index("\x00")])
        raise UnreadableFileError("nul", line=line, place=place)


def separator(text: str) -> str:
    """Return the separator that cuts most of the first rows into one number of cells; a comma in doubt."""
    sample = text[:_SAMPLE_CHARACTERS]
    return max(_SEPARATORS, key=lambda mark: _regularity(sample, mark))


def _regularity(sample: str, mark: str) -> tuple[int, int]:
    _let_cells_be_long(len(sample))
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=mark)
    widths = Counter(len(row) for row in islice(reader, _SAMPLE_ROWS) if len(row) > 1)
    if not widths:
        return 0, 0
    width, times = widths.most_common(1)[0]
    return times, width


def _let_cells_be_long(characters: int) -> None:
    """Let the csv module hand over cells of any length: each column has its own limit and its place."""
    csv.field_size_limit(max(csv.field_size_limit(), characters))


def _rows(text: str, mark: str, limits: Limits) -> list[list[str | date]]:
    _let_cells_be_long(len(text))
    rows: list[list[str | date]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        for row in reader:
            if len(row) > limits.columns:
                raise UnreadableFileError("too_many_columns", row=len(rows) + 1, limit=f"{limits.columns:,}")
            rows.append(list(row))
            if len(rows) > limits.rows:
                raise UnreadableFileError("too_many_rows", limit=f"{limits.rows:,}")
    except csv.Error as error:
        raise UnreadableFileError("broken_quotes", row=len(rows) + 1) from error
    return rows

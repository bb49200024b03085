"""What the commands share: one clear line on standard error, exit 1 or 2, JSON alone on output."""

import io
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask

from unionapp import config

EXAMINED_IS_BAD = 1
WRONG_USE = 2

_UNDECODED = re.compile("[\udc80-\udcff]+")

AppMaker = Callable[[config.Settings], Flask]
_maker: list[AppMaker] = []


class TooLargeError(ValueError):
    """A file holds more than a command reads: its path and the limit in bytes."""

    def __init__(self, path: Path, limit: int) -> None:
        super().__init__(f"{path}: larger than {limit:,} bytes")


def prepare_streams() -> None:
    """Let output be UTF-8 whatever the locale says, and let closed streams lead nowhere.

    What no encoding can write is shown as an escape; in JSON that is the very same string.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # a file opened later would get this number and receive what is printed
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  # open to the end
    sys.stdout = _text_stream(sys.stdout, 1)
    sys.stderr = _text_stream(sys.stderr, 2)


def read_file(path: Path, limit: int) -> bytes:
    """Return the bytes of a file or of a pipe such as ``<(command)``.

    Raises OSError, and TooLargeError for more than `limit` bytes. A named pipe is refused: it may wait for
    ever for somebody who writes.
    """
    if stat.S_ISFIFO(path.stat().st_mode) and path.resolve().exists():
        raise OSError(None, "this is a named pipe, not a file", str(path))
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise TooLargeError(path, limit)
    return content


def use_app(maker: AppMaker) -> None:
    """Tell the commands how an application is made; cli.py does, as only it may know app.py."""
    _maker[:] = [maker]


def fail_examined(message: str) -> NoReturn:
    """End the command: what it examined is bad."""
    print(f"unionapp: {_one_line(message)}", file=sys.stderr)
    raise SystemExit(EXAMINED_IS_BAD)


def fail_usage(message: str) -> NoReturn:
    """End the command: it was called or configured wrongly."""
    print(f"unionapp: {_one_line(message)}", file=sys.stderr)
    raise SystemExit(WRONG_USE)


def say(message: str) -> None:
    """Print one line for a person."""
    print(message)


def say_json(value: Any) -> None:
    """Print one JSON value and nothing else."""
    print(json.dumps(value, ensure_ascii=False))


def settings() -> config.Settings:
    """Read the settings, or end the command with all faults."""
    try:
        return config.from_env(os.environ)
    except config.SettingsError as error:
        fail_usage("; ".join(error.faults))


@contextmanager
def opened_app() -> Iterator[Flask]:
    """Give an application context for a command that works on the database."""
    app = _maker[0](settings())
    with app.app_context():
        yield app


def _text_stream(stream: Any, number: int) -> Any:
    if stream is None:
        stream = os.fdopen(number, "w", closefd=False)
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream


def _one_line(message: str) -> str:
    """Return a message as one line that cannot command a terminal; file names may hold anything."""
    named = _UNDECODED.sub(_decoded, " ".join(str(message).split()))
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in named
    )


def _decoded(bytes_of_a_name: re.Match[str]) -> str:
    return os.fsencode(bytes_of_a_name[0]).decode("utf-8", "backslashreplace")

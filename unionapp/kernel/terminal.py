"""What the commands share: one clear line on standard error, exit 1 or 2, JSON alone on output."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from flask import Flask

from unionapp import config

EXAMINED_IS_BAD = 1
WRONG_USE = 2

AppMaker = Callable[[config.Settings], Flask]
_maker: list[AppMaker] = []


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


def _one_line(message: str) -> str:
    return " ".join(str(message).split())

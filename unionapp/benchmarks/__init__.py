"""``unionapp bench``: each benchmark measures its rival or limit in the same run and says what it saw."""

import importlib
import platform
from collections.abc import Callable
from typing import Any

import click

from unionapp.kernel import terminal

Measured = dict[str, Any]


@click.group()
def bench() -> None:
    """Measure how fast the program is, against a limit or a rival in the same run."""


def _finish(name: str, measured: Measured, *, as_json: bool) -> None:
    where = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}
    if as_json:
        terminal.say_json({"benchmark": name, **measured, "where": where})
        return
    terminal.say(f"{name} (Python {where['python']}, {where['system']} {where['machine']})")
    for key, value in measured.items():
        shown = f"{value:.4g}" if isinstance(value, float) else value
        terminal.say(f"  {key.replace('_', ' '):<32} {shown}")


def _call(module: str, function: str, *arguments: Any) -> Measured:
    measure: Callable[..., Measured] = getattr(importlib.import_module(module), function)
    return measure(*arguments)


_SOME = click.IntRange(1, 10_000_000)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")


@bench.command()
@click.option("--ballots", default=500, type=_SOME, show_default=True)
@click.option("--jobs", default=1, type=click.IntRange(1, 256), show_default=True, help="Processes.")
@_json
def verify(ballots: int, jobs: int, as_json: bool) -> None:  # noqa: FBT001  # click gives flags by position
    """Verify an election, against libsodium's cost of the same multiplications."""
    measured = _call("unionapp.crypto.belenios.measure", "measure_verify", ballots, jobs)
    _finish("verify", measured, as_json=as_json)


@bench.command()
@click.option("--ballots", default=400, type=_SOME, show_default=True)
@click.option("--writers", default=8, type=click.IntRange(1, 64), show_default=True)
@_json
def cast(ballots: int, writers: int, as_json: bool) -> None:  # noqa: FBT001  # click gives flags by position
    """Cast ballots through the whole application, against the check alone."""
    measured = _call("unionapp.benchmarks.casting", "measure_cast", ballots, writers)
    _finish("cast", measured, as_json=as_json)


@bench.command()
@click.option("--pages", default=100, type=_SOME, show_default=True, help="Pages in each language.")
@click.option(
    "--rival-seconds",
    default=10,
    type=click.IntRange(1, 3600),
    show_default=True,
    help="When to stop whole-document difflib.",
)
@_json
def redline(pages: int, rival_seconds: float, as_json: bool) -> None:  # noqa: FBT001  # the same
    """Compare two versions of long texts, against difflib on the whole document."""
    measured = _call("unionapp.redline.measure", "measure_redline", pages, rival_seconds)
    _finish("redline", measured, as_json=as_json)


@bench.command()
@click.option("--units", default=3855, type=_SOME, show_default=True)
@click.option("--edits", default=198, type=_SOME, show_default=True, help="Edits of each of two editors.")
@_json
def merge(units: int, edits: int, as_json: bool) -> None:  # noqa: FBT001  # the same
    """Merge two editors' work, against git merge-file."""
    if edits > units:
        terminal.fail_usage(f"no more edits than units, please: {edits} of {units}")
    _finish("merge", _call("unionapp.redline.measure", "measure_merge", units, edits), as_json=as_json)


@bench.command()
@click.option("--characters", default=2000, type=_SOME, show_default=True)
@click.option("--attachment-bytes", default=5_000_000, type=click.IntRange(min=0), show_default=True)
@_json
def report(characters: int, attachment_bytes: int, as_json: bool) -> None:  # noqa: FBT001  # the same
    """Seal an anonymous report, against the HPKE seals it needs."""
    measured = _call("unionapp.crypto.measure_report", "measure_report", characters, attachment_bytes)
    _finish("report", measured, as_json=as_json)

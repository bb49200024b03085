"""Commands of membership: rolls from other programs."""

import os
import re
from pathlib import Path
from typing import Any

import click

from unionapp.kernel import clock
from unionapp.kernel.access import SYSTEM
from unionapp.kernel.i18n import speaking
from unionapp.kernel.terminal import (
    TooLargeError,
    fail_examined,
    fail_usage,
    opened_app,
    read_file,
    say,
    say_json,
)
from unionapp.kernel.unit_of_work import unit_of_work
from unionapp.membership import operations, queries
from unionapp.roster.limits import LIMITS
from unionapp.roster.people import Roster, read_people
from unionapp.roster.problems import Problem, describe

_WORDS = {
    "en": {
        "counts": "{rows} rows: {valid} valid, {invalid} invalid, {duplicates} doubled",
        "problem": "row {row}, {column}: {what} {what_to_do}",
        "file": "file: {what} {what_to_do}",
        "row": "row {row}: {what} {what_to_do}",
        "known": "{known} are members already",
        "dry": "Nothing was written.",
        "added": "{added} members were added by import {import_id}",
    },
    "ja": {
        "counts": "{rows}行：取り込めるもの{valid}、誤りのあるもの{invalid}、重複{duplicates}",
        "problem": "{row}行目、{column}：{what}{what_to_do}",
        "file": "ファイル：{what}{what_to_do}",
        "row": "{row}行目：{what}{what_to_do}",
        "known": "すでに組合員：{known}",
        "dry": "何も書き込んでいません。",
        "added": "{added}人を組合員に加えました（取り込み{import_id}）",
    },
}


@click.group()
def members() -> None:
    """Work with the roll of members."""


@members.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only read the file; needs no database and writes nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value and nothing else.")
@click.option("--lang", type=click.Choice(["ja", "en"]), help="Language of the messages [default: by LANG].")
def import_roll(file: Path, *, dry_run: bool, as_json: bool, lang: str | None) -> None:
    """Import a roll of people from a CSV or XLSX FILE.

    Rows with errors, rows that repeat an earlier one and people who are members already are left out and
    named, and the exit status is 0 all the same. It is 1 when the file as a whole cannot be read, 2 when the
    command is used wrongly.
    """
    language = lang or _language()
    roster = _read(file, language)
    told = _told(roster, language)
    if not dry_run:
        told |= _apply(roster, language)
    if as_json:
        say_json(told)
    else:
        _say(told, language, dry_run=dry_run)


def _read(file: Path, lang: str) -> Roster:
    try:
        size = file.stat().st_size
        roster = _too_large(file, size) or _people(file)
    except TooLargeError as error:  # its size was not known beforehand: a pipe, a device
        fail_examined(str(error))
    except OSError as error:
        fail_usage(f"{file}: {error.strerror}")
    if roster.refused:
        fault = next(problem for problem in roster.problems if problem.level == "error")
        fail_examined(f"{file}: {' '.join(describe(fault, lang))}")
    return roster


def _people(file: Path) -> Roster:
    return read_people(read_file(file, LIMITS.file_bytes), file.name, today=clock.today())


def _too_large(file: Path, size: int) -> Roster | None:
    """Return a refused roll for a file beyond the limit, which is not worth reading into memory."""
    if size <= LIMITS.file_bytes:
        return None
    facts = {"size": f"{size:,}", "limit": f"{LIMITS.file_bytes:,}"}
    return Roster(file.name, 0, (), (Problem("file_too_large", facts=facts),), ())


def _told(roster: Roster, lang: str) -> dict[str, Any]:
    problems = []
    for problem in roster.problems:
        what, what_to_do = describe(problem, lang)
        problems.append(
            {"row": problem.row, "column": problem.column, "what": what, "what_to_do": what_to_do}
        )
    return {**roster.counts(), "problems": problems}


def _apply(roster: Roster, lang: str) -> dict[str, Any]:
    """Stage and apply the roll in one transaction; the problems then name those who are members already."""
    at = clock.now()
    with opened_app(), speaking(lang), unit_of_work() as session:
        batch = operations.stage_import(session, roster, actor=SYSTEM, at=at)
        added = operations.apply_import(session, batch, actor=SYSTEM, at=at)
        lines = queries.problem_lines(batch, lang)
        return {
            "known": batch.known,
            "added": added,
            "import_id": str(batch.id),
            "problems": [
                {"row": line.row, "column": line.column, "what": line.what, "what_to_do": line.what_to_do}
                for line in lines
            ],
        }


def _say(told: dict[str, Any], lang: str, *, dry_run: bool) -> None:
    words = _WORDS[lang]
    for problem in told["problems"]:
        form = "file" if problem["row"] is None else "problem" if problem["column"] else "row"
        say(words[form].format(**problem))
    say(words["counts"].format(**told))
    if dry_run:
        say(words["dry"])
    else:
        say(words["known"].format(**told))
        say(words["added"].format(**told))


def _language() -> str:
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ja" if re.match(r"ja\b|ja_", said) else "en"

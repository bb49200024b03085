"""What `unionapp bench redline` and `unionapp bench merge` measure, with the rival in the same run.

A wrong answer raises WrongAnswerError, however fast it came. Times are seconds of wall clock, the medians of
RUNS.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from unionapp.redline.diff import new_text, old_text, redline
from unionapp.redline.marks import changes
from unionapp.redline.merge import Conflict, Conflicted, Merged
from unionapp.redline.sample import PAGE_CHARACTERS, Language, edited, paragraphs, revised
from unionapp.redline.segmentation import tokens
from unionapp.redline.units import UnitMerge, merge_units

RUNS: Final = 3
CONTESTED: Final = 60
SEED: Final = 20_261_123
LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")

_Outcome = TypeVar("_Outcome")


class WrongAnswerError(RuntimeError):
    """What was measured did not give the right result, so its time means nothing."""


def measure_redline(pages: int, rival_seconds: float = 30.0) -> dict[str, Any]:
    """Compare `pages` pages in each language with a tenth of the articles edited.

    The rival is difflib on the tokens of the whole documents, stopped after `rival_seconds`; it is run both
    exactly and with its heuristic that ignores frequent tokens.
    """
    documents = [_revision(language, pages) for language in LANGUAGES]
    parts = {language: _compared(*pair) for language, pair in zip(LANGUAGES, documents, strict=True)}
    cut = [[tokens(old), tokens(new)] for old, new in documents]
    return {
        "name": "redline",
        "pages": dict.fromkeys(LANGUAGES, pages),
        "runs": RUNS,
        "seconds": sum(part["seconds"] for part in parts.values()),
        "lossless": True,
        "languages": parts,
        "rivals": {
            "difflib": _rival(cut, rival_seconds, autojunk=False),
            "difflib autojunk": _rival(cut, rival_seconds, autojunk=True),
        },
    }


def measure_merge(units: int, edits: int) -> dict[str, Any]:
    """Merge two editors' versions of `units` articles, half in each language; each edits `edits` of them.

    Each editor's articles are drawn by chance; one in CONTESTED of them is an article in which both change
    the same word, differently: these must all be conflicts. Raises ValueError if `edits` exceeds `units`.

    The rival is `git merge-file` on the same articles, one a line, if git is installed.
    """
    base, mine, theirs, contested = _three_versions(units, edits)
    seconds, outcome = _timed(lambda: merge_units(base, mine, theirs))
    both = {unit for unit in base if base[unit] not in (mine[unit], theirs[unit])}
    _check_merge((base, mine, theirs), outcome, both)
    if not contested <= outcome.conflicts.keys():
        raise WrongAnswerError("a word that both sides changed differently was settled in silence")
    return {
        "name": "merge",
        "units": units,
        "edits_each": edits,
        "edited_by_both": len(both),
        "same_word_by_both": len(contested),
        "runs": RUNS,
        "seconds": seconds,
        "conflicts": len(outcome.conflicts),
        "merged_inside_a_unit": len(outcome.merges),
        "rivals": {"git merge-file": _git_merge(base, mine, theirs)},
    }


def _revision(language: Language, pages: int) -> tuple[str, str]:
    old = paragraphs(language, pages * PAGE_CHARACTERS[language], SEED)
    return "".join(old), "".join(revised(old, language, SEED + 1))


def _compared(old: str, new: str) -> dict[str, Any]:
    seconds, ops = _timed(lambda: redline(old, new))
    if old_text(ops) != old or new_text(ops) != new:
        raise WrongAnswerError("the redline does not give both texts back")
    return {
        "seconds": seconds,
        "characters": [len(old), len(new)],
        "paragraphs": [old.count("\n"), new.count("\n")],
        "changes": sum(1 for _ in changes(ops)),
        "characters_marked": sum(len(op.text) for op in ops if op.kind != "equal"),
    }


def _rival(cut: list[list[list[str]]], limit: float, *, autojunk: bool) -> dict[str, Any]:
    program = [sys.executable, "-I", str(Path(__file__).with_name("rival.py"))]
    work = json.dumps({"autojunk": autojunk, "pairs": cut})
    try:
        done = subprocess.run(  # noqa: S603 -- our own program, fixed arguments
            program, input=work, capture_output=True, text=True, timeout=limit, check=True
        )
    except subprocess.TimeoutExpired:
        return {"finished": False, "stopped_after_seconds": limit}
    result: dict[str, Any] = json.loads(done.stdout)
    return {"finished": True, **result}


def _three_versions(
    units: int, edits: int
) -> tuple[dict[str, str], dict[str, str], dict[str, str], set[str]]:
    base: dict[str, str] = {}
    for language, count in zip(LANGUAGES, (units - units // 2, units // 2), strict=True):
        # No article is longer than 500 characters, so there are enough of them.
        for number, text in enumerate(paragraphs(language, 500 * count, SEED)[:count]):
            base[f"{language}-{number}"] = text
    chance = random.Random(SEED)  # noqa: S311 -- reproducible edits, no secret
    contested = set(chance.sample(sorted(base), -(-edits // CONTESTED)))
    sides = [_edited_version(base, sorted(contested), edits, seed) for seed in (1, 2)]
    return base, sides[0], sides[1], contested


def _edited_version(base: dict[str, str], contested: list[str], edits: int, seed: int) -> dict[str, str]:
    chance = random.Random(SEED + seed)  # noqa: S311 -- reproducible edits, no secret
    side = dict(base)
    for unit in contested:
        head, space, text = base[unit].partition("　" if unit.startswith("ja") else " ")
        first = tokens(text)[0]
        side[unit] = f"{head}{space}{'甲乙'[seed - 1]}{text[len(first) :]}"
    for unit in chance.sample(sorted(base.keys() - set(contested)), edits - len(contested)):
        side[unit] = edited(base[unit], "ja" if unit.startswith("ja") else "en", chance)
    return side


def _check_merge(
    versions: tuple[dict[str, str], dict[str, str], dict[str, str]], outcome: UnitMerge, both: set[str]
) -> None:
    base, mine, theirs = versions
    if outcome.order_conflicts or outcome.order != tuple(base) or not outcome.conflicts.keys() <= both:
        raise WrongAnswerError("units in conflict that only one side edited, or units out of order")
    for unit in base.keys() - both:
        if outcome.units[unit] != (mine[unit] if theirs[unit] == base[unit] else theirs[unit]):
            raise WrongAnswerError(f"the only edit of {unit} is lost")
    if merge_units(base, mine, base).units != mine or merge_units(base, base, theirs).units != theirs:
        raise WrongAnswerError("merging with an unchanged side does not give the other side")
    for unit, merged in {**outcome.merges, **outcome.conflicts}.items():
        if not isinstance(merged, Merged | Conflicted) or _sides(merged) != (
            base[unit],
            mine[unit],
            theirs[unit],
        ):
            raise WrongAnswerError(f"the merge of {unit} does not account for all three texts")


def _sides(merged: Merged | Conflicted) -> tuple[str, str, str]:
    base = mine = theirs = ""
    for piece in merged.pieces:
        if isinstance(piece, Conflict):
            base, mine, theirs = base + piece.base, mine + piece.mine, theirs + piece.theirs
        else:
            base += piece.replaced
            mine += piece.text if piece.origin in ("mine", "both") else piece.replaced
            theirs += piece.text if piece.origin in ("theirs", "both") else piece.replaced
    return base, mine, theirs


def _git_merge(*versions: dict[str, str]) -> dict[str, Any]:
    git = shutil.which("git")
    if git is None:
        return {"finished": False, "reason": "git is not installed"}
    base, mine, theirs = ("".join(version.values()) for version in versions)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("mine", mine), ("base", base), ("theirs", theirs)):
            (Path(folder) / name).write_text(text, encoding="utf-8")
        command = [git, "merge-file", "-p", "-q", "mine", "base", "theirs"]
        start = time.perf_counter()
        # Its status counts conflicts only up to 127, so the marks are counted; 128 and more is failure.
        done = subprocess.run(  # noqa: S603 -- a found program, fixed arguments
            command, cwd=folder, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"}
        )
        seconds = time.perf_counter() - start
    if done.returncode > 127:  # noqa: PLR2004 -- see above
        return {"finished": False, "reason": done.stderr.decode(errors="replace").strip()}
    return {"finished": True, "seconds": seconds, "conflicts": done.stdout.count(b"<<<<<<< ")}


def _timed(action: Callable[[], _Outcome]) -> tuple[float, _Outcome]:
    times: list[float] = []
    for _ in range(RUNS):
        start = time.perf_counter()
        outcome = action()
        times.append(time.perf_counter() - start)
    return statistics.median(times), outcome

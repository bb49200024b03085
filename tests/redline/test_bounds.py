"""Hostile sizes: the redline stays lossless, the counted work within a multiple of the size."""

import random

import pytest

from unionapp.redline import new_text, old_text, redline
from unionapp.redline.matching import DIRECT_CELLS, MOST_CELLS, Work

LINES = 100_000
MEGABYTE = 1_000_000


def _coin_lines(seed: int) -> str:
    chance = random.Random(seed)
    return "".join(chance.choice("ab") + "\n" for _ in range(LINES))


def _long_lines(seed: int, sign: str) -> str:
    chance = random.Random(seed)
    return "".join("".join(chance.choices("あいうえおかきく", k=3_999)) + sign for _ in range(250))


def _long_line(edited: float) -> str:
    chance, edits = random.Random(5), random.Random(6)
    words = [chance.choice(["alpha", "beta", "gamma", "delta", "rate"]) for _ in range(MEGABYTE // 6)]
    return " ".join("other" if edits.random() < edited else word for word in words)


CASES = {
    "equal lines, ten fewer": lambda: ("a\n" * LINES, "a\n" * (LINES - 10)),
    "equal lines, one other": lambda: ("a\n" * LINES, "a\n" * (LINES // 2) + "b\n" + "a\n" * (LINES // 2)),
    "all lines different": lambda: (
        "".join(f"x{n}\n" for n in range(LINES)),
        "".join(f"y{n}\n" for n in range(LINES - 1_000)),
    ),
    "all lines a little different": lambda: (
        "".join(f"line {n} of old\n" for n in range(LINES // 4)),
        "".join(f"line {n} of new\n" for n in range(LINES // 4 - 500)),
    ),
    "lines by the toss of a coin": lambda: (_coin_lines(1), _coin_lines(2)),
    "one line of words": lambda: (_long_line(0), _long_line(0.1)),
    "long lines of other hiragana": lambda: (_long_lines(1, "\n"), _long_lines(2, "\r")),
    "a megabyte of a": lambda: ("a" * MEGABYTE, "a" * (MEGABYTE - 7)),
    "a megabyte of a, one b": lambda: ("a" * MEGABYTE, "a" * (MEGABYTE // 2) + "b" + "a" * (MEGABYTE // 2)),
    "hiragana without a full stop": lambda: ("あい" * (MEGABYTE // 6), "いあう" * (MEGABYTE // 9)),
    "full stops only": lambda: ("。" * (MEGABYTE // 3), "。" * (MEGABYTE // 6) + "、" * (MEGABYTE // 6)),
    "combining marks only": lambda: ("\u0301" * MEGABYTE, "\u0301" * (MEGABYTE - 1) + "x"),
    "joiners only": lambda: ("\u200d" * MEGABYTE, "x" + "\u200d" * MEGABYTE),
    "newlines only": lambda: ("\n" * MEGABYTE, "\r" * MEGABYTE),
}


@pytest.mark.parametrize("case", CASES)
def test_work_is_bounded_on(case):
    old, new = CASES[case]()
    work = Work()
    ops = redline(old, new, work)
    assert old_text(ops) == old
    assert new_text(ops) == new
    size = len(old) + len(new)
    assert work.items <= 60 * size
    # 64 cells are one machine word; the table of one region is at most MOST_CELLS.
    assert work.cells // 64 <= 40 * size + MOST_CELLS // 64


def test_giving_up_is_counted_and_still_lossless():
    old, new = "あい" * 20_000, "いあう" * 14_000
    work = Work()
    ops = redline(old, new, work)
    assert work.given_up == 1
    assert [op.kind for op in ops if op.kind != "equal"] == ["delete", "insert"]
    assert (old_text(ops), new_text(ops)) == (old, new)


def test_twice_the_text_costs_about_twice_the_work():
    def cost(paragraphs: int) -> int:
        old = "".join(f"第{n}条 会社は組合員{n}に対し三十日以内に通知する。\n" for n in range(paragraphs))
        work = Work()
        redline(old, old.replace("5条 会社", "5条 当会社"), work)
        assert work.given_up == 0
        return work.items + work.cells // 64

    assert cost(4_000) < 2.6 * cost(2_000)
    assert DIRECT_CELLS < MOST_CELLS

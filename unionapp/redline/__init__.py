"""Comparing and merging the texts of an agreement, in Japanese and English, without losing a character."""

from unionapp.redline.diff import NotUtf8Error, Op, new_text, old_text, redline, redline_files
from unionapp.redline.marks import Change, Summary, as_json, changes, list_of_changes, marked, summary
from unionapp.redline.merge import Conflict, Conflicted, Merged, Piece, merge
from unionapp.redline.units import OrderConflict, UnitConflict, UnitMerge, merge_units

__all__ = [
    "Change",
    "Conflict",
    "Conflicted",
    "Merged",
    "NotUtf8Error",
    "Op",
    "OrderConflict",
    "Piece",
    "Summary",
    "UnitConflict",
    "UnitMerge",
    "as_json",
    "changes",
    "list_of_changes",
    "marked",
    "merge",
    "merge_units",
    "new_text",
    "old_text",
    "redline",
    "redline_files",
    "summary",
]

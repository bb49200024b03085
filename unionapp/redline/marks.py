"""Showing a redline: as marked text, as JSON, as figures, and as a list of changes that can be read aloud."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from unionapp.redline.diff import Op
from unionapp.redline.segmentation import characters, is_word, tokens

CONTEXT: Final = 20
"""Characters of unchanged text kept before and after a change in the list of changes."""


def _(key: str) -> str:
    """Mark a gettext key for babel, which finds it by this name; translated where it is shown."""
    return key


SENTENCES: Final = {
    ("replaced", "between"): _(
        "Change %(number)s: “%(old)s” becomes “%(new)s”, between “%(before)s” and “%(after)s”."
    ),
    ("replaced", "after"): _("Change %(number)s: “%(old)s” becomes “%(new)s”, after “%(before)s”."),
    ("replaced", "before"): _("Change %(number)s: “%(old)s” becomes “%(new)s”, before “%(after)s”."),
    ("replaced", "alone"): _("Change %(number)s: “%(old)s” becomes “%(new)s”."),
    ("added", "between"): _("Change %(number)s: “%(new)s” is added, between “%(before)s” and “%(after)s”."),
    ("added", "after"): _("Change %(number)s: “%(new)s” is added, after “%(before)s”."),
    ("added", "before"): _("Change %(number)s: “%(new)s” is added, before “%(after)s”."),
    ("added", "alone"): _("Change %(number)s: “%(new)s” is added."),
    ("removed", "between"): _(
        "Change %(number)s: “%(old)s” is removed, between “%(before)s” and “%(after)s”."
    ),
    ("removed", "after"): _("Change %(number)s: “%(old)s” is removed, after “%(before)s”."),
    ("removed", "before"): _("Change %(number)s: “%(old)s” is removed, before “%(after)s”."),
    ("removed", "alone"): _("Change %(number)s: “%(old)s” is removed."),
}
NO_CHANGES: Final = _("Nothing was changed.")


@dataclass(frozen=True)
class Summary:
    """How much a redline changes. White space is not counted as characters.

    Words are those of languages written with spaces, and figures; Japanese text is counted in characters.
    """

    changes: int
    characters_added: int
    characters_removed: int
    words_added: int
    words_removed: int


@dataclass(frozen=True)
class Change:
    """One change with what stands around it; `old` or `new` may be empty, not both. Numbers start at 1."""

    number: int
    old: str
    new: str
    before: str
    after: str

    @property
    def kind(self) -> Literal["replaced", "added", "removed"]:
        if self.old and self.new:
            return "replaced"
        return "added" if self.new else "removed"

    @property
    def place(self) -> Literal["between", "after", "before", "alone"]:
        before, after = self.before.strip(), self.after.strip()
        if before and after:
            return "between"
        if before:
            return "after"
        return "before" if after else "alone"


def marked(ops: Sequence[Op]) -> str:
    """Render as text with [-deletions-] and {+insertions+}; for people only: a text may hold such marks."""
    frames = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}
    return "".join(frames[kind][0] + text + frames[kind][1] for kind, text in ops)


def as_json(ops: Sequence[Op]) -> list[list[str]]:
    """Return [[kind, text], ...] for json.dumps; the kinds are "equal", "delete" and "insert"."""
    return [[kind, text] for kind, text in ops]


def summary(ops: Sequence[Op]) -> Summary:
    """Count what a redline changes."""
    added = "".join(op.text for op in ops if op.kind == "insert")
    removed = "".join(op.text for op in ops if op.kind == "delete")
    return Summary(
        sum(1 for _change in changes(ops)),
        _visible(added),
        _visible(removed),
        sum(_words(op.text) for op in ops if op.kind == "insert"),
        sum(_words(op.text) for op in ops if op.kind == "delete"),
    )


def changes(ops: Sequence[Op], context: int = CONTEXT) -> Iterator[Change]:
    """Yield the changes of a redline in order, a deletion and the insertion beside it as one."""
    number, at = 0, 0
    while at < len(ops):
        if ops[at].kind == "equal":
            at += 1
            continue
        end = at + 1 + (at + 1 < len(ops) and ops[at + 1].kind != "equal")
        texts = {op.kind: op.text for op in ops[at:end]}
        before = ops[at - 1].text[-context:] if at and context else ""
        after = ops[end].text[:context] if end < len(ops) else ""
        number += 1
        yield Change(number, texts.get("delete", ""), texts.get("insert", ""), before, after)
        at = end


def list_of_changes(ops: Sequence[Op], translate: Callable[[str], str] = str) -> list[str]:
    """Return the changes as sentences: the text alternative of a redline for those who hear it.

    `translate` is gettext; its keys are SENTENCES and NO_CHANGES.
    """
    lines = [_sentence(change, translate) for change in changes(ops)]
    return lines or [translate(NO_CHANGES)]


def _sentence(change: Change, translate: Callable[[str], str]) -> str:
    values = {
        "number": change.number,
        "old": change.old.strip() or change.old,
        "new": change.new.strip() or change.new,
        "before": change.before.strip(),
        "after": change.after.strip(),
    }
    return translate(SENTENCES[change.kind, change.place]) % values


def _visible(text: str) -> int:
    return sum(not character.isspace() for character in characters(text))


def _words(text: str) -> int:
    return sum(is_word(token) for token in tokens(text))

"""Characters that have no place in a list: control characters, marks that turn or hide text, private ones."""

import re
from dataclasses import dataclass

# Unicode: controls; bidirectional embeddings, overrides, isolates; zero-width marks; private use; surrogates.
# Joiners (U+200C, U+200D) and variation selectors stay: names and emoji need them.
_SUSPECT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ue000-\uf8ff\ud800-\udfff\ufffe\uffff\U000e0001-\U000e007f\U000f0000-\U0010ffff]",
)
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HIDDEN = re.compile("[\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0001-\U000e007f]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")


@dataclass(frozen=True)
class Finding:
    """A character that was found: the code of the problem, and the character as U+hhhh."""

    code: str
    character: str


def suspect(text: str) -> bool:
    """Say whether a text holds any character that `inspect` would report; fast."""
    return _SUSPECT.search(text) is not None


def visible(text: str) -> str:
    """Return the text without marks that nobody sees: two names that look the same shall be the same."""
    return _HIDDEN.sub("", text)


def inspect(text: str) -> tuple[str, Finding | None]:
    """Return the text without hidden marks, and the gravest finding, if any.

    Codes: direction_mark and control_character (to be refused), private_character, invisible_removed.
    """
    if turning := _TURNING.search(text):
        return text, Finding("direction_mark", _name(turning[0]))
    hidden = _HIDDEN.search(text)
    shown = visible(text)
    private = _PRIVATE.search(shown)
    if control := _SUSPECT.search(_PRIVATE.sub("", shown)):
        return shown, Finding("control_character", _name(control[0]))
    if private:
        return shown, Finding("private_character", _name(private[0]))
    return shown, Finding("invisible_removed", _name(hidden[0])) if hidden else None


def _name(character: str) -> str:
    return f"U+{ord(character):04X}"

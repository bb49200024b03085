"""The tokens in clause texts, as they are stored, as a reader sees them, and as a writer types them.

Stored: `{{ref:UUID}}` or, while the clause referred to is not in the draft, `{{ref:library.path}}`;
`{{blank:name}}`. A writer sees and types `{{第4条第2項}}` or `{{Article 4, paragraph 2}}`, numbered as in the
version before them; blanks as they are stored. A reader sees 第4条第2項 and ［会社の商号］.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Final

_STORED: Final = re.compile(
    r"\{\{(?P<kind>ref|blank):(?P<name>(?<=ref:)[A-Za-z0-9][A-Za-z0-9_.-]*|(?<=blank:)[a-z][a-z0-9_]*)\}\}"
)
_TYPED: Final = re.compile(r"\{\{(?P<inside>[^{}]*)\}\}")
_BLANK: Final = re.compile(r"[a-z][a-z0-9_]*")
_PRIVATE: Final = 0xF0000  # plane 15: for private use, so that no clause holds such a character by right

Names = Callable[[str], str]


class UnknownTokenError(ValueError):
    """A token that is no reference of this draft and no blank; `token` is what was typed."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.token = token


def references(body: str) -> tuple[str, ...]:
    """Return what a stored text refers to: unit ids and library paths."""
    return tuple(match["name"] for match in _STORED.finditer(body) if match["kind"] == "ref")


def blanks(body: str) -> tuple[str, ...]:
    """Return the names of the blanks in a stored text."""
    return tuple(match["name"] for match in _STORED.finditer(body) if match["kind"] == "blank")


def replaced(body: str, reference: Names, blank: Names) -> str:
    """Put something in the place of each token."""

    def one(match: re.Match[str]) -> str:
        return (reference if match["kind"] == "ref" else blank)(match["name"])

    return _STORED.sub(one, body)


def reference_token(target: object) -> str:
    """Return the stored form of a reference."""
    return f"{{{{ref:{target}}}}}"


def blank_token(name: str) -> str:
    """Return the stored and typed form of a blank."""
    return f"{{{{blank:{name}}}}}"


def typed(body: str, citations: Mapping[str, str]) -> str:
    """Return a stored text as its writer sees it; `citations` maps what a reference names to its number."""
    return replaced(
        body,
        lambda name: f"{{{{{citations[name]}}}}}" if name in citations else reference_token(name),
        blank_token,
    )


def stored(text: str, targets: Mapping[str, str]) -> str:
    """Return what a writer typed as it is stored; `targets` maps folded citations to what they name.

    Raises UnknownTokenError for the first token that is neither, and for braces left over.
    """

    def one(match: re.Match[str]) -> str:
        inside = match["inside"].strip()
        if inside.startswith("blank:") and _BLANK.fullmatch(inside.removeprefix("blank:").strip()):
            return blank_token(inside.removeprefix("blank:").strip())
        if _STORED.fullmatch(f"{{{{{inside}}}}}"):
            return f"{{{{{inside}}}}}"
        target = targets.get(folded(inside))
        if target is None:
            raise UnknownTokenError(match[0])
        return reference_token(target)

    found = _TYPED.sub(one, text)
    rest = _STORED.sub("", found)
    for braces in ("{{", "}}"):
        if braces in rest:
            raise UnknownTokenError(rest[max(0, rest.index(braces) - 5) :][:20])
    return found


def folded(citation: str) -> str:
    """Return a citation so that full-width figures, spaces and capitals make no difference."""
    return "".join(unicodedata.normalize("NFKC", citation).casefold().split())


class Mask:
    """Stands one private character for each token, so that a merge never cuts a token or joins two halves."""

    def __init__(self, texts: Iterable[str]) -> None:
        joined = list(texts)
        used = {ord(character) for text in joined for character in text}
        tokens = sorted({match[0] for text in joined for match in _STORED.finditer(text)})
        free = (chr(code) for code in range(_PRIVATE, _PRIVATE + 0xFFFD) if code not in used)
        self._sign = dict(zip(tokens, free, strict=False))
        self._token = {sign: token for token, sign in self._sign.items()}

    def put_on(self, text: str) -> str:
        """Return the text with signs for tokens."""
        return _STORED.sub(lambda match: self._sign[match[0]], text)

    def take_off(self, text: str) -> str:
        """Return the text with its tokens again."""
        return "".join(self._token.get(character, character) for character in text)

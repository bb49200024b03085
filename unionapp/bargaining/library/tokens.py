"""References and blanks inside clause texts: `{{ref:slug.2.1}}` and `{{blank:days}}`."""

import re
from collections.abc import Callable

_TOKEN = re.compile(r"\{\{(?P<kind>ref|blank):(?P<name>[a-z][a-z0-9_-]*(?:\.[0-9]+){0,2})\}\}")


def reference_paths(text: str) -> tuple[str, ...]:
    """Paths of the units that a text refers to, in order, repeats kept."""
    return _names(text, "ref")


def blank_names(text: str) -> tuple[str, ...]:
    """Names of the blanks in a text, in order, repeats kept."""
    return _names(text, "blank")


def rewrite(text: str, reference: Callable[[str], str], blank: Callable[[str], str]) -> str:
    """Put what the two callables give for a path or a name in the place of each token.

    A draft gives the ids of its own units; a preview gives numbers and defaults. What they raise
    passes through.
    """

    def replacement(match: re.Match[str]) -> str:
        chosen = reference if match["kind"] == "ref" else blank
        return chosen(match["name"])

    return _TOKEN.sub(replacement, text)


def stray_braces(text: str) -> bool:
    """Tell whether a text holds braces that are no token, such as a misspelt one."""
    rest = _TOKEN.sub("", text)
    return "{" in rest or "}" in rest


def _names(text: str, kind: str) -> tuple[str, ...]:
    return tuple(match["name"] for match in _TOKEN.finditer(text) if match["kind"] == kind)

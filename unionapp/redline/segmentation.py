"""Cutting a text into blocks, tokens and characters; the pieces always join back to the very text.

The tokens follow runs of script, so one rule serves Japanese, English and both in one sentence: a run of
kanji, a run of katakana, each hiragana, a word, a number, white space, each punctuation mark. There is no
dictionary.
"""

import re
from typing import Final

_MARKS: Final = (
    "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\u3099\u309a"
    "\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef"
)
_KANJI: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_KATAKANA: Final = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HIRAGANA: Final = "\u3041-\u3096\u309d-\u309f"
_DIGIT: Final = "0-9\uff10-\uff19"
_LATIN: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a"
_NUMERAL: Final = re.compile(f"[{_DIGIT}〇零一二三四五六七八九十百千万億兆]")
_WORD: Final = re.compile(f"[{_DIGIT}{_LATIN}]|[^\\W{_KANJI}{_KATAKANA}{_HIRAGANA}]")

_NEWLINE: Final = "\r\n|\r|\n"
_CLUSTER: Final = f"\r\n|[\U0001f1e6-\U0001f1ff]{{2}}|[\\s\\S][{_MARKS}]*(?:\u200d[^\\s\u200d][{_MARKS}]*)*"
_TOKEN: Final = re.compile(
    f"{_NEWLINE}"
    "|[^\\S\r\n]+"
    # 三ヶ月 is one number with its unit, although ヶ is katakana.
    f"|[{_KANJI}{_MARKS}]+(?:[ヶヵ](?=[{_KANJI}])[{_KANJI}{_MARKS}]+)*"
    f"|[{_KATAKANA}{_MARKS}]+"
    f"|[{_HIRAGANA}][{_MARKS}]*"
    # 1,000.50 and 9:30 are single figures; members' keeps its apostrophe only between letters.
    f"|[{_DIGIT}{_LATIN}{_MARKS}]+"
    f"(?:(?:(?<=[{_DIGIT}])[.,:．，：](?=[{_DIGIT}])|(?<=[{_LATIN}])['’](?=[{_LATIN}]))[{_DIGIT}{_LATIN}{_MARKS}]+)*"
    f"|(?:[^\\W{_KANJI}{_KATAKANA}{_HIRAGANA}{_DIGIT}{_LATIN}][{_MARKS}]*)+"
    f"|{_CLUSTER}"
)
_CHARACTER: Final = re.compile(_CLUSTER)
_LINE: Final = re.compile(f"[^\r\n]*(?:{_NEWLINE})(?:[ \t\u3000]*(?:{_NEWLINE}))*|[^\r\n]+")
_SENTENCE: Final = re.compile("[^。．！？!?;；.]*[。．！？!?;；.]+\\s*|[^。．！？!?;；.]+")

LONG_LINE: Final = 2_000
"""A line of more characters than this is cut into sentences before it is aligned."""


def tokens(text: str) -> list[str]:
    """Cut a text into its smallest comparable pieces; joined they give the text again."""
    return _TOKEN.findall(text)


def characters(text: str) -> list[str]:
    """Cut a text into characters as a reader sees them: a base with its marks, CR LF, an emoji sequence."""
    return _CHARACTER.findall(text)


def blocks(text: str) -> list[str]:
    """Cut a text into lines with the blank lines after them; very long lines are cut into sentences."""
    lines: list[str] = _LINE.findall(text)
    if all(len(line) <= LONG_LINE for line in lines):
        return lines
    cut: list[str] = []
    for line in lines:
        cut.extend(_SENTENCE.findall(line) if len(line) > LONG_LINE else [line])
    return cut


def is_numeral(character: str) -> bool:
    """Tell whether a character is a figure, Western or kanji."""
    return _NUMERAL.match(character) is not None


def is_word(token: str) -> bool:
    """Tell whether a token is a word or figure of an alphabet that writes spaces between words."""
    return _WORD.match(token) is not None

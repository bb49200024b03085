"""Made-up agreement texts in Japanese and English, and made-up edits of them: the measurements' material.

Every sentence is put together from fragments written for this purpose. The same seed gives the same text.
"""

import random
from typing import Final, Literal

from unionapp.redline.segmentation import is_word, tokens

Language = Literal["ja", "en"]

PAGE_CHARACTERS: Final[dict[Language, int]] = {"ja": 1_500, "en": 3_000}
"""Characters of a page of A4 set for reading."""

_WHO: Final = {
    "ja": ("会社", "組合", "制作会社", "作画監督", "原画担当者", "動画担当者", "労使協議会", "元請事業者"),
    "en": (
        "the Company",
        "the Union",
        "the studio",
        "each key animator",
        "the joint committee",
        "the producer",
    ),
}
_WHOM: Final = {
    "ja": ("組合員", "アニメーター", "業務委託の組合員", "新たに加入した者", "相手方", "苦情の申立人"),
    "en": (
        "the member",
        "any animator",
        "a freelance member",
        "the other party",
        "the person who complained",
    ),
}
_WHEN: Final = {
    "ja": ("三十日以内に", "遅くとも十四日前までに", "毎月二十五日に", "契約の締結の前に", "四半期ごとに"),
    "en": (
        "within thirty days",
        "at least fourteen days before",
        "on the 25th of every month",
        "before signing",
    ),
}
_WHAT: Final = {
    "ja": (
        "一カットあたりの単価を書面で示す",
        "生成ＡＩの利用の有無と範囲を説明する",
        "作業時間の記録を開示する",
        "未払いの報酬に年三パーセントの利息を付して支払う",
        "会議室とオンライン会議の手段を提供する",
        "リテイクの回数と追加の報酬について協議する",
        "健康診断の費用を負担する",
    ),
    "en": (
        "state the rate per cut in writing",
        "explain whether and how generative AI is used",
        "disclose the record of working hours",
        "pay overdue fees with interest of 3 percent a year",
        "provide a room and the means to meet online",
        "discuss the number of retakes and the fee for them",
        "bear the cost of a health examination",
    ),
}
_UNLESS: Final = {
    "ja": ("ただし、緊急の場合はこの限りでない。", "この場合において、書面には電磁的記録を含む。", ""),
    "en": ("This does not apply in an emergency.", "Writing includes an electronic record.", ""),
}
_SENTENCE: Final = {
    "ja": "{0}は、{1}に対し、{2}{3}ものとする。{4}",
    "en": "{0} shall, for {1} and {2}, {3}. {4} ",
}
_NUMBERED: Final = {"ja": "第{0}条　{1}\n", "en": "Article {0}. {1}\n"}
_NEW_WORDS: Final = {
    "ja": ("六十日", "速やかに", "合意した", "及び", "契約社員", "二倍", "電子メール"),
    "en": ("sixty", "promptly", "agreed", "written", "and", "twice", "seven"),
}


def paragraphs(language: Language, characters: int, seed: int) -> list[str]:
    """Return numbered articles, each with its line end, of at least so many characters together."""
    chance = random.Random(seed)  # noqa: S311 -- reproducible text, no secret
    articles: list[str] = []
    size = 0
    while size < characters:
        article = _article(language, len(articles) + 1, chance)
        articles.append(article)
        size += len(article)
    return articles


def revised(articles: list[str], language: Language, seed: int) -> list[str]:
    """Return the articles with a tenth edited, 2 % deleted, 2 % inserted and 0.5 % moved."""
    chance = random.Random(seed)  # noqa: S311 -- reproducible edits, no secret
    result: list[str] = []
    moved: list[str] = []
    for number, article in enumerate(articles, 1):
        fate = chance.random()
        if fate < 0.10:  # noqa: PLR2004 -- the shares of the docstring, added up
            result.append(edited(article, language, chance))
        elif fate < 0.14:  # noqa: PLR2004
            result.extend([article, _article(language, number, chance)] if fate < 0.12 else [])  # noqa: PLR2004
        elif fate < 0.145:  # noqa: PLR2004
            moved.append(article)
        else:
            result.append(article)
    for article in moved:
        result.insert(chance.randrange(len(result) + 1), article)
    return result


def edited(article: str, language: Language, chance: random.Random) -> str:
    """Return the article with one word replaced, removed or added; never the same text."""
    words = tokens(article)
    gap = " " if language == "en" else ""
    while True:
        place = chance.choice([at for at, word in enumerate(words) if len(word) > 1 or is_word(word)])
        fresh = chance.choice(_NEW_WORDS[language])
        instead = chance.choice([fresh, f"{words[place]}{gap}{fresh}", ""])
        text = "".join([*words[:place], instead, *words[place + 1 :]])
        if text != article:
            return text


def _article(language: Language, number: int, chance: random.Random) -> str:
    parts = (_WHO, _WHOM, _WHEN, _WHAT, _UNLESS)
    sentences = [
        _SENTENCE[language].format(*(chance.choice(part[language]) for part in parts))
        for _ in range(chance.choice((1, 1, 2)))
    ]
    return _NUMBERED[language].format(number, "".join(sentences).strip())

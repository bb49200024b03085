"""Sentences of the Creative Commons 4.0 legal code that differ between two licences, in both languages.

Source: creativecommons.org, licenses by/4.0 and by-nc-sa/4.0, legalcode and legalcode.ja, up to section
2(a)(1). Creative Commons dedicates the text of its licences to the public domain (CC0).
"""

import re

import pytest

from unionapp.redline import marked, new_text, old_text, redline

PAIRS = [
    (
        "ライセンス対象物の全部または一部を、複製および共有すること、ならびに",
        "ライセンス対象物の全部または一部を、非営利目的のためにのみ、複製および共有すること、ならびに",
        "ライセンス対象物の全部または一部を、{+非営利目的のためにのみ、+}複製および共有すること、ならびに",
    ),
    (
        "翻案物を作成、複製および共有すること",
        "翻案物を非営利目的のためにのみ、作成、複製および共有すること",
        "翻案物を{+非営利目的のためにのみ、+}作成、複製および共有すること",
    ),
    (
        "クリエイティブ・コモンズ 表示 4.0 国際 パブリック・ライセンス",
        "クリエイティブ・コモンズ 表示-非営利-継承 4.0 国際 パブリック・ライセンス",
        "クリエイティブ・コモンズ 表示{+-非営利-継承+} 4.0 国際 パブリック・ライセンス",
    ),
    (
        "Share the Licensed Material, in whole or in part; and",
        "Share the Licensed Material, in whole or in part, for NonCommercial purposes only; and",
        "Share the Licensed Material, in whole or in part{+, for NonCommercial purposes only+}; and",
    ),
    (
        "produce, reproduce, and Share Adapted Material.",
        "produce, reproduce, and Share Adapted Material for NonCommercial purposes only.",
        "produce, reproduce, and Share Adapted Material{+ for NonCommercial purposes only+}.",
    ),
]


@pytest.mark.parametrize(("old", "new", "shown"), PAIRS)
def test_the_difference_of_two_licences_is_what_a_lawyer_would_mark(old, new, shown):
    assert marked(redline(old, new)) == shown
    assert marked(redline(new, old)) == re.sub(r"\{\+(.*?)\+\}", r"[-\1-]", shown)


def test_all_clauses_as_one_document_give_the_same_marks():
    old = "".join(f"{before}\n" for before, _, _ in PAIRS)
    new = "".join(f"{after}\n" for _, after, _ in PAIRS)
    ops = redline(old, new)
    assert marked(ops) == "".join(f"{shown}\n" for _, _, shown in PAIRS)
    assert (old_text(ops), new_text(ops)) == (old, new)

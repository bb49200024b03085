"""Tokens in clause texts: what is typed is what is stored, and no merge ever cuts one."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionapp.bargaining.models import Document, Numbering, Part, UnitKind, wording
from unionapp.bargaining.operations import merged
from unionapp.redline import Conflicted, Merged

pytestmark = pytest.mark.engine_free

FIRST, SECOND = uuid.UUID(int=1), uuid.UUID(int=2)


def document(ja="", path=""):
    parts = [
        Part(unit, UnitKind.ARTICLE, None, rank, {"ja": ja, "en": ""}, path if rank == 1 else "", {})
        for rank, unit in ((1, FIRST), (2, SECOND))
    ]
    return Document(parts, Numbering.CONTRACT)


@pytest.mark.parametrize("typed", ["{{第2条}}", "{{ 第２条 }}", "{{Article 2}}", "{{article　２}}"])
def test_a_number_of_this_version_becomes_a_reference(typed):
    assert document().stored(f"前{typed}後") == f"前{{{{ref:{SECOND}}}}}後"


@pytest.mark.parametrize("typed", ["{{第9条}}", "{{}}", "{{blank:}}", "{{blank:Nn}}", "x {{ y", "a }} b"])
def test_what_leads_nowhere_is_refused(typed):
    with pytest.raises(wording.UnknownTokenError):
        document().stored(typed)


def test_a_single_brace_is_only_a_brace():
    assert document().stored("{a} は b}") == "{a} は b}"


def test_blanks_and_stored_tokens_stay():
    text = f"{{{{blank:days}}}}日 {{{{ref:{FIRST}}}}} {{{{ref:no-such-clause.1}}}}"
    assert document().stored(text) == text


def test_a_library_path_finds_its_unit_once_it_is_there():
    text = "{{ref:term}}による"
    before, after = document(ja=text), document(ja=text, path="term")
    part = before.by_id[SECOND]
    assert before.read(part, "ja") == "［参照先なし］による"
    assert before.unresolved(part)
    assert after.read(after.by_id[SECOND], "ja") == "第1条による"
    assert not after.unresolved(after.by_id[SECOND])


def test_two_changes_of_one_reference_clash_and_are_never_joined():
    base, mine, theirs = (f"{{{{ref:{unit}}}}}による" for unit in (uuid.uuid4(), FIRST, SECOND))
    outcome = merged(base, mine, theirs)
    assert isinstance(outcome, Conflicted)
    [conflict] = outcome.conflicts
    assert (conflict.mine, conflict.theirs) == (f"{{{{ref:{FIRST}}}}}", f"{{{{ref:{SECOND}}}}}")


WORDS = st.sampled_from(
    ["会社は", "三十日前", "までに", "、", f"{{{{ref:{FIRST}}}}}", "{{blank:days}}", "通知", "\U000f0000"]
)
TEXTS = st.lists(WORDS, max_size=8).map("".join)


@given(TEXTS, TEXTS, TEXTS)
def test_a_merge_keeps_every_token_whole(base, mine, theirs):
    outcome = merged(base, mine, theirs)
    if isinstance(outcome, Merged):
        assert document().stored(outcome.text) == outcome.text


@given(TEXTS, TEXTS)
def test_laws_of_merging(base, mine):
    assert merged(base, mine, base).text == mine
    assert merged(base, base, mine).text == mine
    assert merged(base, mine, mine).text == mine

import pytest

from unionapp.roster import codes, lettering


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("原画・動画", ("key_animation", "in_between")),
        ("プロップ・衣装デザイン、動検", ("prop_costume_design", "in_between_check")),
        ("LO・ラフ原/二原", ("layout", "second_key_animation")),
        ("L/O", ("layout",)),
        ("Key animator; storyboard", ("key_animation", "storyboard")),
        ("原画\n原画", ("key_animation",)),
        ("３ＤＣＧ", ("cg",)),
        ("仕上げ\u3000撮影", ("finishing", "compositing")),
    ],
)
def test_several_jobs_in_one_cell_are_read_in_order(cell, expected):
    assert codes.job_categories(cell) == (expected, ())


def test_an_unknown_job_is_handed_back_beside_the_known_ones():
    assert codes.job_categories("原画、架空の役") == (("key_animation",), ("架空の役",))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("社内フリー", "inhouse_freelance"),
        ("フリーランス", "freelance"),
        ("業務委託", "freelance"),
        ("契約社員", "contract"),
        ("正社員", "regular"),
        ("個人事業主", "self_employed"),
        ("in-house freelance", "inhouse_freelance"),
        ("ﾌﾘｰ", "freelance"),
    ],
)
def test_employment_forms_are_read(cell, code):
    assert codes.employment_form(cell) == code


def test_an_unknown_form_of_employment_is_no_code():
    assert codes.employment_form("架空雇用") is None


@pytest.mark.parametrize("table", [codes.JOB_CODES, codes.EMPLOYMENT_CODES])
def test_every_code_has_both_labels_and_a_source_that_the_file_describes(table):
    sources = lettering.data_table("codes.toml")["sources"]
    for code, entry in table.items():
        assert code == entry.code
        assert entry.ja
        assert entry.en
        assert not entry.ja.isascii() or entry.ja == "3DCG"
        assert entry.source in sources
        assert entry.certainty in {"seen", "trade"}


def test_a_word_that_means_two_codes_is_refused():
    one = codes.Code("a", "甲", "A", ("同じ",), "trade", "trade")
    two = codes.Code("b", "乙", "B", ("同じ",), "trade", "trade")
    with pytest.raises(ValueError, match="two codes"):
        codes._words({"a": one, "b": two})

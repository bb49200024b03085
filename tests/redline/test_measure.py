import random

import pytest

from unionapp.redline import measure
from unionapp.redline.measure import WrongAnswerError, measure_merge, measure_redline
from unionapp.redline.sample import edited, paragraphs, revised


def test_the_redline_measurement_reports_itself_and_its_rival():
    result = measure_redline(2, rival_seconds=60)
    assert result["pages"] == {"ja": 2, "en": 2}
    assert result["lossless"]
    assert result["languages"]["ja"]["characters"][0] >= 3_000
    assert result["languages"]["en"]["characters"][0] >= 6_000
    assert all(part["changes"] > 0 for part in result["languages"].values())
    assert result["rivals"]["difflib"]["finished"]
    assert result["rivals"]["difflib"]["changes"] > 0


def test_a_rival_that_takes_too_long_is_stopped_and_said_so():
    result = measure_redline(3, rival_seconds=0.01)
    assert result["rivals"]["difflib"] == {"finished": False, "stopped_after_seconds": 0.01}


def test_a_redline_that_loses_text_fails_the_measurement(monkeypatch):
    monkeypatch.setattr(measure, "redline", lambda old, new: [])
    with pytest.raises(WrongAnswerError, match="both texts"):
        measure_redline(1, rival_seconds=1)


def test_the_merge_measurement_counts_conflicts_beside_gits():
    result = measure_merge(400, 120)
    assert result["units"] == 400
    assert result["same_word_by_both"] == 2
    assert 2 <= result["conflicts"] <= result["edited_by_both"]
    assert result["conflicts"] + result["merged_inside_a_unit"] <= result["edited_by_both"]
    assert result["rivals"]["git merge-file"]["finished"]
    assert result["rivals"]["git merge-file"]["conflicts"] > result["conflicts"]


def test_without_git_the_measurement_says_so(monkeypatch):
    monkeypatch.setattr(measure.shutil, "which", lambda name: None)
    rival = measure_merge(50, 10)["rivals"]["git merge-file"]
    assert rival == {"finished": False, "reason": "git is not installed"}


def test_a_merge_that_settles_in_silence_fails_the_measurement(monkeypatch):
    honest = measure.merge_units

    def convergent(base, mine, theirs):
        outcome = honest(base, mine, theirs)
        settled = {unit: outcome.units.get(unit, mine[unit]) for unit in base}
        return measure.UnitMerge(settled, outcome.order, {}, outcome.order_conflicts, outcome.merges)

    monkeypatch.setattr(measure, "merge_units", convergent)
    with pytest.raises(WrongAnswerError, match="in silence"):
        measure_merge(100, 30)


def test_more_edits_than_units_are_refused():
    with pytest.raises(ValueError, match=r"[Ss]ample"):
        measure_merge(10, 20)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_sample_is_the_same_for_the_same_seed(language):
    articles = paragraphs(language, 5_000, 1)
    assert articles == paragraphs(language, 5_000, 1)
    assert articles != paragraphs(language, 5_000, 2)
    assert all(article.endswith("\n") for article in articles)
    assert revised(articles, language, 3) == revised(articles, language, 3)
    assert revised(articles, language, 3) != articles
    assert edited(articles[0], language, random.Random(4)) != articles[0]

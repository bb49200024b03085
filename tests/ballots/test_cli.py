"""``unionapp ballots``: exit statuses, one line of error, JSON alone; a trustee who never opens the page."""

import json

import pytest
from click.testing import CliRunner

from tests.factories import ballots as made_ballots
from tests.factories.ballots import (
    YES,
    ask_for_keys,
    cast,
    close,
    make_draft,
    make_finished,
    make_member,
    run_job,
)
from unionapp.ballots import box, operations
from unionapp.ballots.cli import ballots
from unionapp.ballots.models import ElectionState, Group


def run(*arguments):
    return CliRunner().invoke(ballots, [str(each) for each in arguments])


@pytest.fixture
def finished(session, at, tmp_path):
    made = make_finished(session, at)
    file = tmp_path / "election.bel"
    file.write_bytes(b"".join(box.file(session, made.election.id)))
    return file


def test_verify_accepts(finished):
    answer = run("verify", finished)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert "valid and complete" in answer.stdout
    value = json.loads(run("verify", finished, "--json", "--jobs", 1).stdout)
    assert value["valid"] is True
    assert [line["votes"] for line in value["questions"][0]["counts"]] == [1, 2, 1]


def test_verify_refuses_naming_the_event(finished):
    raw = finished.read_bytes()
    finished.write_bytes(raw[: raw.rindex(b"Result") - 200])
    answer = run("verify", finished)
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert "event" in answer.stderr
    again = run("verify", finished, "--json")
    assert again.exit_code == 1
    assert json.loads(again.stdout)["valid"] is False


def test_verify_wrong_use(tmp_path):
    assert run("verify", tmp_path / "none.bel").exit_code == 2
    assert run("verify").exit_code == 2


@pytest.mark.parametrize("group", list(Group))
def test_a_trustee_works_off_line(session, at, tmp_path, group):
    made = make_draft(session, at, group=group)
    make_member(session)
    ask_for_keys(session, made, at)
    by_position = {
        row.position: next(each for each in made.trustees if each.member_id == row.member_id)
        for row in made.election.trustees
    }
    for position, actor in by_position.items():
        out = tmp_path / f"{position}.json"
        assert run("trustee-key", "--group", group.value, "--out", out).exit_code == 0
        assert out.stat().st_mode & 0o077 == 0
        public = (tmp_path / f"{position}.public.json").read_bytes()
        operations.give_key(session, made.election, public, actor=actor, at=at)
    operations.order_opening(session, made.election, actor=made.committee, at=at)
    run_job(session, "ballots.open", made, at)
    code = made_ballots.letters(session, "code")[0]["facts"]["code"]
    cast(session, made, code, YES, at)
    archive = tmp_path / "open.bel"
    archive.write_bytes(b"".join(box.file(session, made.election.id)))
    refused = run("trustee-decrypt", archive, "--key", tmp_path / "1.json", "--out", tmp_path / "x")
    assert refused.exit_code == 1
    assert "not closed" in refused.stderr
    close(session, made, at)
    archive.write_bytes(b"".join(box.file(session, made.election.id)))
    for position, actor in by_position.items():
        out = tmp_path / f"{position}.share.json"
        done = run("trustee-decrypt", archive, "--key", tmp_path / f"{position}.json", "--out", out)
        assert done.exit_code == 0, done.stderr
        operations.give_share(session, made.election, out.read_bytes(), actor=actor, at=at)
    run_job(session, "ballots.finish", made, at)
    assert made.election.state is ElectionState.FINISHED
    assert made.election.result == [[0, 1, 0]]


def test_keys_are_never_overwritten_and_strangers_cannot_decrypt(finished, tmp_path):
    key = tmp_path / "key.json"
    assert run("trustee-key", "--out", key).exit_code == 0
    before = key.read_bytes()
    assert run("trustee-key", "--out", key).exit_code == 2
    assert key.read_bytes() == before
    out = tmp_path / "share.json"
    answer = run("trustee-decrypt", finished, "--key", key, "--out", out)
    assert answer.exit_code == 1
    assert "not a key of this election" in answer.stderr
    for bad in (
        b"",
        b"[]",
        before.replace(b"Ed25519", b"BELENIOS-2048"),
        before.replace(b'key":"', b'key":"1', 1),
    ):
        key.write_bytes(bad)
        assert run("trustee-decrypt", finished, "--key", key, "--out", out).exit_code == 1
    assert not out.exists()
    assert run("trustee-decrypt", finished, "--key", tmp_path / "none", "--out", out).exit_code == 2

"""A whole election from keys to result, verified from its bytes alone."""

import os
import pickle

import pytest

from unionapp.crypto.belenios import box
from unionapp.crypto.belenios.archive import Archive, Record, next_record, read_file, write
from unionapp.crypto.belenios.election import Question
from unionapp.crypto.belenios.errors import VerificationError
from unionapp.crypto.belenios.groups import BELENIOS_2048, ED25519
from unionapp.crypto.belenios.measure import measure_verify
from unionapp.crypto.belenios.verify import verify_archive, verify_file, verify_so_far

COUNTS = ((1, 1, 1), (1, 2, 0))  # the re-vote replaces; blank stands first


@pytest.mark.parametrize("name", ["held", "held_2048"])
def test_a_complete_election_is_accepted(name, request):
    made = request.getfixturevalue(name)
    report = verify_archive(made.archive.to_bytes(), jobs=1)
    assert report.result == COUNTS
    assert (report.credentials, report.ballots, report.revotes, report.voters) == (4, 4, 1, 3)
    assert report.trustees == 2
    assert report.group == made.election.group.name
    assert report.fingerprint == made.election.fingerprint
    assert report.last_event == made.archive.last_event_hash
    assert report.checks[-1] == "result"
    assert report.questions == made.election.questions


def test_a_file_is_verified_like_its_bytes(held, tmp_path):
    path = tmp_path / "x.bel"
    path.write_bytes(held.archive.to_bytes())
    assert verify_file(path, jobs=1) == verify_archive(held.archive.to_bytes(), jobs=1)
    assert read_file(path).records == held.archive.records


@pytest.mark.parametrize("group", [ED25519, BELENIOS_2048], ids=lambda group: group.name)
def test_an_election_in_which_nobody_votes_counts_zeros(forge, group):
    made = forge["begin"](group, voters=2)
    made.finish()
    assert verify_archive(made.archive.to_bytes(), jobs=1).result == ((0, 0, 0), (0, 0, 0))


def test_a_single_trustee_and_a_single_answer_suffice(forge):
    made = forge["begin"](ED25519, [Question("Approve?", ("yes",), 0, 1)], trustees=1)
    made.cast(0, [[1]])
    made.cast(1, [[0]])
    made.finish()
    assert verify_archive(made.archive.to_bytes(), jobs=1).result == ((1,),)


def test_an_election_under_way_is_verified_so_far_but_is_no_complete_one(held):
    for length in range(1, len(held.archive.records)):
        archive = Archive(held.archive.timestamp, held.archive.records[:length])
        report = verify_so_far(archive, jobs=1)
        assert report.result is None
        assert report.events == length
        with pytest.raises(VerificationError, match=r"^event \d+ \(\w+\): the archive ends here"):
            verify_archive(archive.to_bytes(), jobs=1)


def test_rows_of_a_database_give_the_same_bytes(held):
    rows, last = [], None
    for record in held.archive.records:
        rows.append(next_record(last, record.link.type, record.data))
        last = rows[-1].event
    again = [Record(bytes(row.event), tuple(map(bytes, row.data))) for row in rows]
    assert b"".join(write(held.archive.timestamp, again)) == held.archive.to_bytes()


def test_several_processes_find_the_same_as_one(forge):
    made = forge["begin"](ED25519, [Question("?", ("a", "b"), 1, 1)], voters=80, trustees=1)
    for voter in range(80):
        made.cast(voter, [[voter % 2, 1 - voter % 2]])
    made.finish()
    raw = made.archive.to_bytes()
    assert verify_archive(raw, jobs=2) == verify_archive(raw, jobs=1)
    assert verify_archive(raw) == verify_archive(raw, jobs=1)
    items = forge["contents"](made)
    spoilt = items[70][1][0].replace(b'"response":"', b'"response":"1', 1)
    bad = forge["chained"](forge["replaced"](items, 70, 0, spoilt))
    for jobs in (1, 2):
        with pytest.raises(VerificationError, match=r"^event 70 \(Ballot\)") as caught:
            verify_archive(bad, jobs=jobs)
        assert (caught.value.event, caught.value.height) == ("Ballot", 70)


def test_processes_start_afresh_where_threads_run(held, monkeypatch):
    monkeypatch.setattr(box.threading, "active_count", lambda: 2)
    monkeypatch.setattr(box, "_WORTH_A_PROCESS", 1)
    assert verify_archive(held.archive.to_bytes(), jobs=2).result == COUNTS


def test_a_killed_process_is_no_fault_of_the_ballots(held, monkeypatch):
    monkeypatch.setattr(box, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(box, "_election", lambda raw: os._exit(9))
    assert verify_archive(held.archive.to_bytes(), jobs=2).result == COUNTS


def test_a_process_of_its_own_checks_ballots_and_sends_its_finding_home(held):
    raw = held.archive.records[1].data[0]
    assert box._check_remotely(held.election.raw, [box.Cast(1, raw, counts=True)]).counted == 1
    with pytest.raises(VerificationError) as caught:
        box._check_remotely(held.election.raw, [box.Cast(1, raw[:-1], counts=True)])
    sent = pickle.loads(pickle.dumps(caught.value))
    assert (str(sent), sent.height) == (str(caught.value), 1)
    assert pickle.loads(pickle.dumps(held.election)).group is held.election.group


def test_measuring_gives_a_ratio_of_two_times_of_the_same_run():
    measured = measure_verify(ballots=5, jobs=1)
    assert measured["ratio"] == measured["verify_seconds"] / measured["floor_seconds"]
    assert 0.5 < measured["ratio"] < 20
    assert 0 < measured["additions_seconds"] < measured["verify_seconds"]

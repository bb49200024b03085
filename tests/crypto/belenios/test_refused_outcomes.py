"""Chains, tallies, decryptions and results that do not follow from the ballots: refused by event."""

import pytest

from unionapp.crypto.belenios import archive as archives
from unionapp.crypto.belenios import conduct
from unionapp.crypto.belenios.archive import Archive, Event, Record
from unionapp.crypto.belenios.ballot import read_ballot
from unionapp.crypto.belenios.canonical import dump, hex_digest, load
from unionapp.crypto.belenios.decryption import decrypt_partially
from unionapp.crypto.belenios.election import Question
from unionapp.crypto.belenios.errors import InvalidObject, VerificationError
from unionapp.crypto.belenios.groups import ED25519
from unionapp.crypto.belenios.tally import sum_ballots
from unionapp.crypto.belenios.verify import verify_archive, verify_so_far

QUESTION = Question("?", ("yes", "no"), 1, 1)


def refused(raw, pattern):
    with pytest.raises(VerificationError, match=pattern):
        verify_archive(raw, jobs=1)


@pytest.fixture
def small(forge):
    made = forge["begin"](ED25519, [QUESTION], voters=3)
    made.cast(0, [[1, 0]])
    made.cast(1, [[0, 1]])
    return made


def refused_so_far(made, pattern):
    with pytest.raises(VerificationError, match=pattern):
        verify_so_far(made.archive, jobs=1)


def test_the_same_ballot_twice_is_refused(small):
    small.archive.append(archives.BALLOT, small.archive.records[1].data[0])
    small.finish()
    refused(small.archive.to_bytes(), r"^event 3 \(Ballot\): the file .* stands twice")


def items_of(made):
    return [(record.link.type, record.data) for record in made.archive.records]


def test_the_end_of_voting_cannot_be_missing_or_followed_by_ballots(held, forge):
    items = items_of(held)
    without = [item for item in items if item[0] != "EndBallots"]
    refused(forge["chained"](without), r"^event 5 \(EncryptedTally\): this event cannot follow Ballot")
    late = [*items[:4], items[5], items[4], *items[6:]]
    refused(forge["chained"](late), r"^event 5 \(Ballot\): this event cannot follow EndBallots")
    twice = [*items[:6], items[5], *items[6:]]
    refused(forge["chained"](twice), r"^event 6 \(EndBallots\): this event cannot follow EndBallots")
    no_setup = items[1:]
    refused(forge["chained"](no_setup), r"^event 0 \(Ballot\): this event cannot follow the beginning")


@pytest.mark.parametrize("field", ["num_tallied", "total_weight"])
def test_wrong_figures_of_the_tally_are_refused(held, forge, field):
    items = items_of(held)
    sized = load(items[6][1][1])
    bad = forge["replaced"](items, 6, 1, dump({**sized, field: sized[field] + 1}))
    refused(
        forge["chained"](bad), r"^event 6 \(EncryptedTally\): the tally's figures are not those of 3 ballots"
    )


def test_a_ballot_left_out_of_the_tally_is_refused(small):
    kept = read_ballot(small.election, small.archive.records[1].data[0])
    assert small.finish(sum_ballots(small.election, [kept])) == [[1, 0]]
    refused(small.archive.to_bytes(), r"^event 4 \(EncryptedTally\): the encrypted tally is not the product")


def test_a_replaced_ballot_counted_as_well_is_refused(small):
    small.cast(0, [[0, 1]])
    every = [read_ballot(small.election, record.data[0]) for record in small.archive.records[1:]]
    small.finish(sum_ballots(small.election, every))
    refused(small.archive.to_bytes(), r"^event 5 \(EncryptedTally\)")


def test_a_changed_result_is_refused(held, forge):
    items = items_of(held)
    for result in ([[1, 1, 1], [1, 1, 1]], [[0, 2, 1], [1, 2, 0]], [[1, 1, 1]], []):
        bad = forge["replaced"](items, 9, 0, dump({"result": result}))
        refused(forge["chained"](bad), r"^event 9 \(Result\): the result is not what the decryptions give")


def test_partial_decryptions_come_once_from_every_trustee(held, forge):
    items = items_of(held)
    refused(
        forge["chained"](items[:7] + items[8:]), r"^event 8 \(Result\): no partial decryption of trustee 1"
    )
    other = decrypt_partially(
        held.election, sum_of(held), held.keys[0], lambda bound: 12345 % bound
    )  # the same trustee, another proof
    again = ("PartialDecryption", (other, conduct.owned(1, other)))
    refused(forge["chained"]([*items[:8], again, *items[8:]]), r"^event 8 .*: trustee 1 decrypts twice")
    for owner in (0, 3, -1, "1", True):
        raw = dump({"owner": owner, "payload": hex_digest(items[7][1][0])})
        bad = forge["chained"](forge["replaced"](items, 7, 1, raw))
        refused(bad, r"^event 7 \(PartialDecryption\): (there is no trustee|owner)")
    swapped = ("PartialDecryption", (items[7][1][0], conduct.owned(2, items[7][1][0])))
    refused(
        forge["chained"]([*items[:7], swapped, *items[8:]]), r"^event 7 .*: a decryption proof does not hold"
    )


def sum_of(made):
    return conduct.tally_of(made.archive, made.election)


def chained_by_hand(made, *links):
    archive = Archive(made.archive.timestamp, made.archive.records[:1])
    for event_type, data in links:
        payload = hex_digest(data[-1]) if data else None
        height = len(archive.records)
        event = Event(hex_digest(archive.records[-1].event), height, event_type, payload)
        archive.records.append(Record(event.raw(), data))
    return archive.to_bytes()


def test_shuffles_certificates_and_unknown_events_are_refused_clearly(held):
    refused(
        chained_by_hand(held, ("Shuffle", (b"1", b"2"))), r"^event 1 \(Shuffle\): .* does not read shuffles"
    )
    refused(chained_by_hand(held, ("Lunch", ())), r"^event 1 \(Lunch\): unknown type of event")
    refused(chained_by_hand(held, ("\x1b[2J", ())), r"^event 1: unknown type of event")
    refused(
        chained_by_hand(held, ("Ballot", (b"1", b"2"))), r"^event 1 \(Ballot\): 2 data files where 1 belong"
    )
    refused(
        chained_by_hand(held, ("Ballot", tuple(b"%d" % i for i in range(9)))), r"^event 1: more data files"
    )
    files = (*held.archive.records[0].data[:3], b"{}", held.archive.records[0].data[3])
    setup = Record(Event(None, 0, "Setup", hex_digest(files[-1])).raw(), files)
    refused(Archive(0, [setup]).to_bytes(), r"^event 0 \(Setup\): .* certificate of the credentials")


def test_an_event_owns_its_number_of_files():
    with pytest.raises(InvalidObject, match="owns 1 data files"):
        archives.next_record(None, archives.BALLOT, ())

"""Each verb of the ballots: what it does, and when it refuses."""

import secrets
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import ballots as made_ballots
from tests.factories.ballots import (
    NO,
    YES,
    ask_for_keys,
    cast,
    close,
    decrypt,
    draft_of,
    encrypt,
    give_keys,
    letters,
    make_draft,
    make_finished,
    make_open,
    new_key,
    run_job,
    share_of,
)
from tests.factories.membership import make_actor, make_member
from unionapp.ballots import access, box, operations, queries, roll
from unionapp.ballots.models import MOVES, ElectionState, Group
from unionapp.ballots.operations import casting
from unionapp.crypto.belenios import trustees as keys
from unionapp.crypto.belenios.credentials import public_credential
from unionapp.kernel import audit
from unionapp.kernel.access import ANONYMOUS, SYSTEM
from unionapp.kernel.audit import AuditEvent
from unionapp.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from unionapp.membership.models import MemberStatus, Office
from unionapp.membership.queries import Voter


def events(session, election):
    rows = session.scalars(
        select(AuditEvent).where(AuditEvent.subject == str(election.id)).order_by(AuditEvent.seq)
    )
    return [row.event for row in rows]


def test_drafting_is_the_committees(session, at):
    with pytest.raises(ForbiddenError):
        operations.draft(session, draft_of(at), actor=make_actor(session), at=at)


@pytest.mark.parametrize("closes", [timedelta(0), timedelta(days=-1)])
def test_voting_must_last(session, at, closes):
    with pytest.raises(operations.WindowError):
        make_draft(session, at, closes_at=at + closes)


def test_change_only_a_draft(session, at):
    made = make_draft(session, at)
    operations.change(session, made.election, draft_of(at, text_hash="ab" * 32), actor=made.committee, at=at)
    session.flush()
    assert made.election.text_hash == "ab" * 32
    assert len(made.election.questions) == 1
    ask_for_keys(session, made, at)
    with pytest.raises(operations.NotDraftError):
        operations.change(session, made.election, draft_of(at), actor=made.committee, at=at)


def test_trustees_are_two_holders_of_the_office(session, at):
    made = make_draft(session, at)
    first = made.trustees[0].member_id

    def ask(*chosen):
        operations.ask_for_keys(session, made.election, chosen, actor=made.committee, at=at)

    with pytest.raises(operations.TooFewTrusteesError):
        ask(first, first)
    with pytest.raises(operations.UnknownTrusteeError):
        ask(first, make_member(session).id)
    with pytest.raises(ForbiddenError):
        operations.ask_for_keys(session, made.election, [first], actor=made.trustees[0], at=at)
    ask_for_keys(session, made, at)
    assert {facts["to"] for facts in letters(session, "keys_wanted")}
    assert len(letters(session, "keys_wanted")) == 2


def test_keys_are_checked_and_given_once(session, at):
    made = make_draft(session, at)
    _, public = new_key(made.group)
    with pytest.raises(operations.NotKeysError):
        operations.give_key(session, made.election, public, actor=made.trustees[0], at=at)
    ask_for_keys(session, made, at)
    with pytest.raises(ForbiddenError):
        operations.give_key(session, made.election, public, actor=made.committee, at=at)
    forged = public.replace(b'"challenge":"', b'"challenge":"1', 1)
    for bad in (b"", b"{}", forged, public * 200, public + b"x"):
        with pytest.raises(operations.InvalidKeyError):
            operations.give_key(session, made.election, bad, actor=made.trustees[0], at=at)
    operations.give_key(session, made.election, public, actor=made.trustees[0], at=at)
    with pytest.raises(operations.KeyGivenError):
        operations.give_key(session, made.election, public, actor=made.trustees[0], at=at)
    with pytest.raises(operations.KeyUsedError):
        operations.give_key(session, made.election, public, actor=made.trustees[1], at=at)


@pytest.mark.parametrize("group", [Group.ED25519, Group.BELENIOS_2048])
def test_a_key_made_from_anothers_is_refused(session, at, group):
    made = make_draft(session, at, group=group)
    ask_for_keys(session, made, at)
    first, second = (
        next(each for each in made.trustees if each.member_id == row.member_id)
        for row in made.election.trustees
    )
    private = keys.generate_private_key(made.group, secrets.randbelow)
    honest = keys.make_trustee(made.group, private, secrets.randbelow)
    operations.give_key(session, made.election, keys.dump_trustee(made.group, honest), actor=first, at=at)

    def refused(trustee):
        raw = keys.dump_trustee(made.group, trustee)
        with pytest.raises(operations.InvalidKeyError):
            operations.give_key(session, made.election, raw, actor=second, at=at)

    # So that the election's key is g^mine: whoever chose it cannot prove to know its private half.
    mine = keys.generate_private_key(made.group, secrets.randbelow)
    rogue = made.group.multiply(made.group.base_power(mine), made.group.invert(honest.public_key))
    refused(replace(honest, public_key=rogue))
    refused(replace(keys.make_trustee(made.group, mine, secrets.randbelow), public_key=rogue))
    # Two who conspire can prove it, but their keys cancel each other.
    refused(keys.make_trustee(made.group, made.group.q - private, secrets.randbelow))


def test_opening_needs_all_keys_voters_and_time(session, at):
    made = make_draft(session, at)
    with pytest.raises(ConflictError):
        operations.order_opening(session, made.election, actor=made.committee, at=at)
    ask_for_keys(session, made, at)
    with pytest.raises(operations.KeysMissingError):
        operations.order_opening(session, made.election, actor=made.committee, at=at)
    give_keys(session, made, at)
    with pytest.raises(ForbiddenError):
        operations.order_opening(session, made.election, actor=make_actor(session), at=at)
    with pytest.raises(operations.OverError):
        operations.order_opening(session, made.election, actor=made.committee, at=at + timedelta(days=8))
    operations.order_opening(session, made.election, actor=made.committee, at=at)
    assert made.election.state is ElectionState.OPENING


def test_opening_fixes_the_roll_and_mails_codes_in_each_language(session, at):
    made = make_draft(session, at)
    english = make_member(session, language="en")
    without_mail = make_member(session, email=None)
    make_member(session, status=MemberStatus.LEFT)
    ask_for_keys(session, made, at)
    give_keys(session, made, at)
    operations.order_opening(session, made.election, actor=made.committee, at=at)
    run_job(session, "ballots.open", made, at)
    assert made.election.voters == roll.size(session, made.election.id) == 5
    assert roll.without_code(session, made.election.id) == 1
    assert roll.holds(session, made.election.id, without_mail.id)
    found = letters(session, "code")
    assert len(found) == 4
    [letter] = [each for each in found if each["to"] == english.email]
    assert letter["locale"] == "en"
    assert letter["facts"]["questions"] == ["Do you approve?"]
    codes = {each["facts"]["code"] for each in found}
    listed = {public_credential(made.group, made.election.belenios_id, code) for code in codes}
    kept = box.credentials(session, made.election.id)
    assert len(codes) == 4
    assert listed < kept
    assert len(kept) == 5
    assert made_ballots.HASH in queries.paper_bytes(session, made.election.id).decode()


def test_opening_twice_opens_once(session, at):
    made = make_open(session, at)
    before = box.credentials(session, made.election.id)
    run_job(session, "ballots.open", made, at)
    assert box.credentials(session, made.election.id) == before
    assert events(session, made.election).count("ballot.opened") == 1


def test_opening_for_five_thousand(session, at, monkeypatch):
    made = make_draft(session, at)
    ask_for_keys(session, made, at)
    give_keys(session, made, at)
    voters = [Voter(uuid.uuid4(), f"{n}@example.jp", "名", "ja") for n in range(5000)]
    monkeypatch.setattr("unionapp.membership.queries.eligible_voters", lambda *_: voters)
    monkeypatch.setattr(roll, "fix", lambda _session, _id, members: len(list(members)))  # they are no members
    operations.order_opening(session, made.election, actor=made.committee, at=at)
    run_job(session, "ballots.open", made, at)
    assert made.election.voters == 5000
    assert len(box.credentials(session, made.election.id)) == 5000
    assert len(letters(session, "code")) == 5000


def test_votes_are_replaced_and_counted_once(session, at):
    made = make_open(session, at)
    first = cast(session, made, made.codes[0], NO, at)
    second = cast(session, made, made.codes[0], YES, at)
    assert not queries.find_tracker(session, made.election, first.tracker).counts
    assert queries.find_tracker(session, made.election, second.tracker).counts
    assert box.counted(session, made.election.id) == 1


def test_a_code_cannot_fill_the_box(session, at, monkeypatch):
    monkeypatch.setattr(casting, "MOST_BALLOTS", 2)
    made = make_open(session, at)
    for _ in range(2):
        cast(session, made, made.codes[0], YES, at)
    with pytest.raises(operations.TooManyBallotsError):
        cast(session, made, made.codes[0], YES, at)
    cast(session, made, made.codes[1], YES, at)


def test_casting_leaves_no_event(session, at):
    made = make_open(session, at)
    before = audit.head(session)
    cast(session, made, made.codes[0], YES, at)
    assert audit.head(session) == before


def test_closing(session, at):
    made = make_open(session, at)
    with pytest.raises(ForbiddenError):
        operations.close(session, made.election, actor=made.trustees[0], at=at)
    late = encrypt(made, made.codes[0], YES)
    operations.close(session, made.election, actor=made.committee, at=at)
    with pytest.raises(operations.NotClosableError):
        operations.close(session, made.election, actor=made.committee, at=at)
    paper = queries.paper_of(made.election.id)
    with pytest.raises(operations.NotOpenError):
        operations.cast(session, paper, operations.examine(paper, late), at=at)


def test_it_closes_by_itself_and_not_early(session, at):
    made = make_open(session, at)
    run_job(session, "ballots.close", made, at)
    assert made.election.state is ElectionState.OPEN
    run_job(session, "ballots.close", made, made.election.closes_at)
    run_job(session, "ballots.close", made, made.election.closes_at)
    assert made.election.state is ElectionState.CLOSED
    run_job(session, "ballots.tally", made, at)
    run_job(session, "ballots.tally", made, at)
    assert made.election.state is ElectionState.DECRYPTING
    assert [record.link.type for record in box.archive(session, made.election.id).records] == [
        "Setup",
        "EndBallots",
        "EncryptedTally",
    ]
    assert len(letters(session, "decryption_wanted")) == 2


def test_shares_are_checked_and_given_once(session, at):
    made = make_open(session, at)
    cast(session, made, made.codes[0], YES, at)
    by_position = {
        row.position: next(each for each in made.trustees if each.member_id == row.member_id)
        for row in made.election.trustees
    }
    with pytest.raises(operations.NotDecryptingError):
        operations.give_share(session, made.election, b"{}", actor=by_position[1], at=at)
    close(session, made, at)
    good, other = share_of(session, made, 1), share_of(session, made, 2)
    with pytest.raises(ForbiddenError):
        operations.give_share(session, made.election, good, actor=made.committee, at=at)
    for bad in (b"", b"{}", other, good[:-1], good * 3000):
        with pytest.raises(operations.InvalidShareError):
            operations.give_share(session, made.election, bad, actor=by_position[1], at=at)
    operations.give_share(session, made.election, good, actor=by_position[1], at=at)
    with pytest.raises(operations.ShareGivenError):
        operations.give_share(session, made.election, good, actor=by_position[1], at=at)
    run_job(session, "ballots.finish", made, at)
    assert made.election.state is ElectionState.DECRYPTING


def test_finishing_twice_writes_one_result(session, at):
    made = make_finished(session, at)
    run_job(session, "ballots.finish", made, at)
    types = [record.link.type for record in box.archive(session, made.election.id).records]
    assert types.count("Result") == 1


def test_a_result_that_does_not_verify_is_not_published(session, at):
    made = make_open(session, at)
    cast(session, made, made.codes[0], YES, at)
    close(session, made, at)
    datum = session.scalar(
        select(box.BoxDatum).where(box.BoxDatum.election_id == made.election.id, box.BoxDatum.height == 1)
    )
    datum.raw = encrypt(made, made.codes[1], NO)  # somebody exchanges a ballot in the database
    session.flush()
    with pytest.raises(Exception, match="event 1"):
        decrypt(session, made, at)
    session.expire_all()
    assert made.election.state is ElectionState.CHECKING
    assert queries.outcome(session, made.election) is None


def test_cancelling(session, at):
    made = make_open(session, at)
    with pytest.raises(ForbiddenError):
        operations.cancel(session, made.election, "理由", actor=made.trustees[0], at=at)
    operations.cancel(session, made.election, "理由", actor=made.committee, at=at)
    with pytest.raises(operations.CancelledAlreadyError):
        operations.cancel(session, made.election, "理由", actor=made.committee, at=at)
    with pytest.raises(operations.NotOpenError):
        cast(session, made, made.codes[0], YES, at)
    finished = make_finished(session, at)
    with pytest.raises(operations.CancelledAlreadyError):
        operations.cancel(session, finished.election, "理由", actor=finished.committee, at=at)


def test_the_life_cycle_is_the_table(session, at):
    made = make_draft(session, at)
    everyone = {
        "committee": made.committee,
        "member": make_actor(session),
        "trustee": made.trustees[0],
        "nobody": ANONYMOUS,
        "program": SYSTEM,
    }
    for state in ElectionState:
        made.election.state = state
        for to in ElectionState:
            right = MOVES.get((state, to))
            for actor in everyone.values():
                assert access.may_move(actor, made.election, to) is (right is not None and actor.may(right))
    ends = {state for state in ElectionState if not any(start is state for start, _ in MOVES)}
    assert ends == {ElectionState.FINISHED, ElectionState.CANCELLED}
    assert not any((to, start) in MOVES for start, to in MOVES)


def test_events_of_a_whole_election(session, at):
    made = make_finished(session, at)
    assert events(session, made.election) == [
        "ballot.drafted",
        "ballot.keys_asked",
        "trustee.key_given",
        "trustee.key_given",
        "ballot.opening_ordered",
        "ballot.opened",
        "ballot.closed",
        "ballot.tallied",
        "trustee.decrypted",
        "trustee.decrypted",
        "ballot.decrypted",
    ]


def test_queries_refuse_strangers(session, at):
    made = make_open(session, at)
    stranger = make_actor(session, Office.TRUSTEE)
    with pytest.raises(NotFoundError):
        queries.managed(session, stranger, made.election.id)
    with pytest.raises(NotFoundError):
        queries.managed(session, made.committee, uuid.uuid4())
    with pytest.raises(NotFoundError):
        queries.trusteeship(session, stranger, made.election.id)
    with pytest.raises(NotFoundError):
        queries.election_for(session, made.committee, uuid.uuid4())
    assert queries.is_on_roll(session, made.election, made.committee)
    assert not queries.is_on_roll(session, made.election, ANONYMOUS)
    assert not queries.is_on_roll(session, made.election, stranger)
    assert queries.paper_of(uuid.uuid4()) is None
    assert queries.paper_of(made.election.id).election.fingerprint == made.election.fingerprint

"""Elections at every stage, with the keys and codes that only tests may know."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from tests.factories.membership import make_actor, make_member
from unionapp.ballots import operations, queries
from unionapp.ballots.models import Election
from unionapp.crypto.belenios import ballot as ballots
from unionapp.crypto.belenios import trustees as keys
from unionapp.crypto.belenios.credentials import secret_of
from unionapp.crypto.belenios.decryption import decrypt_partially
from unionapp.crypto.belenios.groups import group_named
from unionapp.kernel import jobs
from unionapp.kernel.bilingual import Bilingual
from unionapp.kernel.jobs import OutboxJob
from unionapp.membership.models import Office

BLANK, YES, NO = [1, 0, 0], [0, 1, 0], [0, 0, 1]
HASH = "5d" * 32


def draft_of(at, **changes):
    facts = {
        "title": Bilingual("労働協約の批准", "Ratification of the agreement"),
        "summary": Bilingual("AIの使用について定めます。", "It governs the use of AI."),
        "opens_at": at,
        "closes_at": at + timedelta(days=7),
        "questions": (operations.yes_or_no(Bilingual("承認しますか。", "Do you approve?")),),
        "text_hash": HASH,
        "text_url": "/bargaining/sealed/1",
    } | changes
    return operations.Draft(**facts)


@dataclass
class Conducted:
    """An election with everything its people know: codes, and private keys by the trustee's position."""

    election: Election
    committee: object
    trustees: list
    private_keys: dict = field(default_factory=dict)
    codes: list = field(default_factory=list)

    @property
    def group(self):
        return group_named(self.election.group.value)


def make_committee(session):
    return make_actor(session, Office.ELECTION_COMMITTEE)


def make_draft(session, at, **changes):
    committee = make_committee(session)
    trustees = [make_actor(session, Office.TRUSTEE, pen_name=f"保管者{n}") for n in (1, 2)]
    election = operations.draft(session, draft_of(at, **changes), actor=committee, at=at)
    session.flush()
    return Conducted(election, committee, trustees)


def ask_for_keys(session, made, at):
    chosen = [trustee.member_id for trustee in made.trustees]
    operations.ask_for_keys(session, made.election, chosen, actor=made.committee, at=at)
    session.flush()


def new_key(group):
    private = keys.generate_private_key(group, secrets.randbelow)
    return private, keys.dump_trustee(group, keys.make_trustee(group, private, secrets.randbelow))


def give_keys(session, made, at):
    by_member = {trustee.member_id: trustee for trustee in made.trustees}
    for row in made.election.trustees:
        private, public = new_key(made.group)
        made.private_keys[row.position] = private
        operations.give_key(session, made.election, public, actor=by_member[row.member_id], at=at)


def letters(session, template):
    """Return the facts of the letters that wait in the outbox."""
    rows = session.scalars(
        select(OutboxJob).where(OutboxJob.name == "mail.deliver").order_by(OutboxJob.created_at, OutboxJob.id)
    )
    found = [json.loads(row.payload) for row in rows]
    return [letter for letter in found if letter.get("template") == f"ballots/mail/{template}"]


def run_job(session, name, made, at):
    """Run a job of the ballots as the worker does."""
    session.flush()
    jobs.registry.handlers[name](session, {"election_id": str(made.election.id)}, at)
    session.flush()
    session.expire_all()


def make_opening(session, at, *, voters=3, **changes):
    """Return an election whose opening is ordered; the committee and the trustees are voters too."""
    made = make_draft(session, at, **changes)
    for _ in range(voters):
        make_member(session)
    ask_for_keys(session, made, at)
    give_keys(session, made, at)
    operations.order_opening(session, made.election, actor=made.committee, at=at)
    return made


def make_open(session, at, *, voters=3, **changes):
    """Return an open election with the voters' codes."""
    made = make_opening(session, at, voters=voters, **changes)
    run_job(session, "ballots.open", made, at)
    read_codes(session, made)
    return made


def read_codes(session, made):
    """Take the codes from the letters that wait in the outbox."""
    mine = str(made.election.id)
    found = [letter["facts"] for letter in letters(session, "code")]
    made.codes = [facts["code"] for facts in found if facts["election_id"] == mine]


def encrypt(made, code, bits):
    """Return the ballot that a browser would send."""
    paper = queries.paper_of(made.election.id).election
    return ballots.create_ballot(paper, secret_of(paper.group, paper.uuid, code), [bits], secrets.randbelow)


def cast(session, made, code, bits, at):
    """Encrypt and cast a vote; return the receipt."""
    paper = queries.paper_of(made.election.id)
    ballot = operations.examine(paper, encrypt(made, code, bits))
    return operations.cast(session, paper, ballot, at=at)


def close(session, made, at):
    """Close and tally."""
    operations.close(session, made.election, actor=made.committee, at=at)
    run_job(session, "ballots.tally", made, at)


def share_of(session, made, position):
    archive = queries.archive_so_far(session, made.election.id, ballots=False)
    paper, tally = operations.decrypting.read_tally(archive)
    return decrypt_partially(paper, tally, made.private_keys[position], secrets.randbelow)


def give_shares(session, made, at):
    """Let every trustee decrypt."""
    by_member = {trustee.member_id: trustee for trustee in made.trustees}
    for row in made.election.trustees:
        share = share_of(session, made, row.position)
        operations.give_share(session, made.election, share, actor=by_member[row.member_id], at=at)


def decrypt(session, made, at):
    """Let every trustee decrypt, then compute and publish the result."""
    give_shares(session, made, at)
    run_job(session, "ballots.finish", made, at)


def make_finished(session, at, votes=(YES, YES, NO, BLANK), **changes):
    """Return a finished election in which these votes were cast."""
    made = make_open(session, at, **changes)
    for code, bits in zip(made.codes, votes, strict=False):
        cast(session, made, code, bits, at)
    close(session, made, at)
    decrypt(session, made, at)
    return made

"""The demo's ballots: one finished, one open, one to come; the trustees' keys lie in the demo's folder."""

import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from unionapp.ballots import operations, queries
from unionapp.ballots.models import Election
from unionapp.config import Settings
from unionapp.crypto.belenios import trustees as keys
from unionapp.crypto.belenios.ballot import create_ballot
from unionapp.crypto.belenios.credentials import secret_of
from unionapp.crypto.belenios.decryption import decrypt_partially
from unionapp.crypto.belenios.groups import Group, group_named
from unionapp.demo.people import actor_of
from unionapp.kernel import jobs
from unionapp.kernel.access import Actor
from unionapp.kernel.bilingual import Bilingual
from unionapp.kernel.jobs import OutboxJob
from unionapp.kernel.unit_of_work import unit_of_work

TRUSTEES = ("trustee1@example.jp", "trustee2@example.jp")
COMMITTEE = "committee@example.jp"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
BLANK, YES, NO = [1, 0, 0], [0, 1, 0], [0, 0, 1]
# How the fictional members voted in the finished ballot, and so far in the open one.
FINISHED_VOTES = [YES] * 121 + [NO] * 34 + [BLANK] * 9
EARLY_VOTES = [YES] * 17 + [NO] * 6 + [BLANK] * 1


@dataclass(frozen=True)
class Conducted:
    """A ballot with the private keys of its trustees by member, which the server never learns."""

    election_id: uuid.UUID
    group: Group
    private_keys: Mapping[uuid.UUID, int]


@dataclass(frozen=True)
class SealedFacts:
    """What a ballot paper says of the text that is voted on."""

    sha256: str
    url: str


def hold_ballots(text: SealedFacts, at: datetime) -> dict[str, str]:
    """Conduct the three ballots, step by step as their people would; return where the trustees' keys lie."""
    finished = _conduct(_interim(at - 20 * DAY), at - 21 * DAY)
    _vote(finished, FINISHED_VOTES, at - 19 * DAY)
    _count(finished, at - 12 * DAY)
    opened = _conduct(_ratification(text, at), at - HOUR)
    _vote(opened, EARLY_VOTES, at)
    with unit_of_work() as session:
        committee = actor_of(session, COMMITTEE)
        operations.draft(session, _rules(at + 14 * DAY), actor=committee, at=at)
    return {"trustees' private keys of the open ballot": str(_keep_keys(opened))}


def _interim(opens: datetime) -> operations.Draft:
    return operations.Draft(
        title=Bilingual("交渉方針の確認投票", "Vote on the bargaining position"),
        summary=Bilingual(
            "生成AIの利用について、事前の同意と通知を求める方針で交渉に入ることの可否を問います。",
            "Whether to enter bargaining with a demand for prior consent and notice on generative AI.",
        ),
        opens_at=opens,
        closes_at=opens + 7 * DAY,
        questions=(
            operations.yes_or_no(
                Bilingual("この方針で団体交渉に入りますか。", "Shall we bargain on this position?")
            ),
        ),
    )


def _ratification(text: SealedFacts, at: datetime) -> operations.Draft:
    return operations.Draft(
        title=Bilingual("AI利用協約の批准投票", "Ratification of the agreement on AI use"),
        summary=Bilingual(
            "架空アニメーション株式会社と仮合意した協約の本文について、批准の可否を問います。",
            "Whether to ratify the text tentatively agreed with Kakuu Animation Inc.",
        ),
        opens_at=at - HOUR,
        closes_at=at + 7 * DAY,
        questions=(
            operations.yes_or_no(Bilingual("この協約を批准しますか。", "Do you ratify this agreement?")),
        ),
        text_hash=text.sha256,
        text_url=text.url,
    )


def _rules(opens: datetime) -> operations.Draft:
    return operations.Draft(
        title=Bilingual("規約の改正", "Change of the union's rules"),
        summary=Bilingual(
            "支部を置くことができるよう規約を改めることの可否を問います。",
            "Whether to change the rules so that branches can be formed.",
        ),
        opens_at=opens,
        closes_at=opens + 7 * DAY,
        questions=(
            operations.yes_or_no(Bilingual("この改正に賛成しますか。", "Do you agree to the change?")),
        ),
    )


def _conduct(drafted: operations.Draft, at: datetime) -> Conducted:
    """Draft, ask the trustees for keys, and open."""
    with unit_of_work() as session:
        committee = actor_of(session, COMMITTEE)
        trustees = _trustees(session)
        election = operations.draft(session, drafted, actor=committee, at=at)
        session.flush()  # the trustees' rows point to the ballot
        operations.ask_for_keys(session, election, set(trustees), actor=committee, at=at)
        group = group_named(election.group.value)
        private_keys = {}
        for row in election.trustees:
            private = keys.generate_private_key(group, secrets.randbelow)
            public = keys.dump_trustee(group, keys.make_trustee(group, private, secrets.randbelow))
            operations.give_key(session, election, public, actor=trustees[row.member_id], at=at)
            private_keys[row.member_id] = private
        operations.order_opening(session, election, actor=committee, at=at)
        held = Conducted(election.id, group, private_keys)
    _run("ballots.open", max(at, drafted.opens_at))
    return held


def _vote(held: Conducted, votes: Sequence[list[int]], at: datetime) -> None:
    """Cast votes with the codes that wait in their letters."""
    paper = queries.paper_of(held.election_id)
    if paper is None:
        raise LookupError(held.election_id)
    with unit_of_work() as session:
        for code, bits in zip(_codes(session, held), votes, strict=False):
            secret = secret_of(paper.election.group, paper.election.uuid, code)
            raw = create_ballot(paper.election, secret, [bits], secrets.randbelow)
            operations.cast(session, paper, operations.examine(paper, raw), at=at)


def _count(held: Conducted, at: datetime) -> None:
    """Close, tally, decrypt and publish."""
    with unit_of_work() as session:
        election = session.get_one(Election, held.election_id)
        operations.close(session, election, actor=actor_of(session, COMMITTEE), at=at)
    _run("ballots.tally", at)
    with unit_of_work() as session:
        archive = queries.archive_so_far(session, held.election_id, ballots=False)
        if archive is None:
            raise LookupError(held.election_id)
        paper, tally = operations.decrypting.read_tally(archive)
        election = session.get_one(Election, held.election_id)
        trustees = _trustees(session)
        for row in election.trustees:
            private = held.private_keys[row.member_id]
            share = decrypt_partially(paper, tally, private, secrets.randbelow)
            operations.give_share(session, election, share, actor=trustees[row.member_id], at=at)
    _run("ballots.finish", at)


def _trustees(session: Session) -> dict[uuid.UUID, Actor]:
    actors = [actor_of(session, email) for email in TRUSTEES]
    return {actor.member_id: actor for actor in actors if actor.member_id}


def _codes(session: Session, held: Conducted) -> list[str]:
    waiting = session.scalars(
        select(OutboxJob.payload).where(OutboxJob.name == "mail.deliver", OutboxJob.done_at.is_(None))
    )
    letters = [json.loads(payload) for payload in waiting]
    mine = [letter["facts"] for letter in letters if letter["template"] == "ballots/mail/code"]
    return [facts["code"] for facts in mine if facts["election_id"] == str(held.election_id)]


def _run(name: str, at: datetime) -> None:
    """Do at once what the worker would do a little later."""
    with unit_of_work() as session:
        due = [job.id for job in jobs.open_jobs(session) if job.name == name and job.not_before <= at]
    for job_id in due:
        if not jobs.run(job_id, at=at):
            raise RuntimeError(f"the job {name} failed")


def _keep_keys(held: Conducted) -> Path:
    settings: Settings = current_app.extensions["unionapp_settings"]
    folder = settings.data_dir / "demo-trustee-keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    with unit_of_work() as session:
        emails = {actor_of(session, email).member_id: email for email in TRUSTEES}
    for member_id, private in held.private_keys.items():
        public = held.group.encode(held.group.base_power(private))
        facts = {"group": held.group.name, "private_key": str(private), "public_key": public}
        name = emails[member_id].split("@")[0]
        (folder / f"{name}.json").write_text(json.dumps(facts), encoding="ascii")
    return folder

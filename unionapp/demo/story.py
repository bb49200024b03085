"""The demo's data: made by the operations that people use, none of it written straight into tables."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from unionapp.accounts.operations.passwords import Hasher
from unionapp.accounts.operations.signing_in import set_password
from unionapp.app import create_app
from unionapp.config import Settings
from unionapp.demo.agreement import draft_and_seal
from unionapp.demo.elections import SealedFacts, hold_ballots
from unionapp.demo.people import PASSWORD, ROLES
from unionapp.demo.reports import take_reports
from unionapp.kernel import clock
from unionapp.kernel.access import SYSTEM, Actor
from unionapp.kernel.unit_of_work import unit_of_work
from unionapp.membership import queries as members
from unionapp.membership.models import Particulars
from unionapp.membership.operations import applying, deciding
from unionapp.membership.views.applying import CONSENT_VERSION
from unionapp.roster import fictional

ANIMATORS = 240
APPLICANTS = (
    Particulars(
        legal_name="架空 のぞみ",
        reading="カクウ ノゾミ",
        pen_name="のぞみ",
        email="nozomi@example.jp",
        studio="架空スタジオ二番",
        job_categories=("in_between",),
        employment_form="freelance",
    ),
    Particulars(
        legal_name="Kakuu Robin",
        reading="カクウ ロビン",
        email="robin@example.com",
        studio="架空スタジオ三番",
        job_categories=("background_art", "layout"),
        employment_form="contract",
        language="en",
    ),
)
SEED = 7
DAY = timedelta(days=1)
MONTH = timedelta(days=30)
WEEK = timedelta(days=7)

Facts = dict[str, str]


def make_story(settings: Settings) -> Facts:
    """Fill an empty data folder with the demo's union; return what a visitor must be told (keys, files)."""
    app = create_app(settings)
    with app.app_context():
        app.extensions["alembic"].upgrade()
        return _tell_all(clock.now())


def _tell_all(at: datetime) -> Facts:
    with unit_of_work() as session:
        _enrol_roles(session, at - MONTH)
        _enrol_animators(session, at - MONTH)
        _apply(session, at - DAY)
        sealed = draft_and_seal(session, at - WEEK)
        text = SealedFacts(sealed.sha256, f"/bargaining/sealed/{sealed.id}")
        told = take_reports(session, at - WEEK)
    return {**told, **hold_ballots(text, at)}


def _enrol_roles(session: Session, at: datetime) -> None:
    hasher = Hasher(current_app.extensions["unionapp_settings"])
    for role in ROLES:
        particulars = Particulars(
            legal_name=role.legal_name,
            reading=role.reading,
            pen_name=role.pen_name,
            email=role.email,
            studio="架空スタジオ一番",
            job_categories=("key_animation",),
            employment_form="freelance",
            language=role.language,
        )
        member = deciding.enrol(session, particulars, offices=role.offices, actor=SYSTEM, at=at)
        set_password(session, hasher, member.id, PASSWORD, actor=Actor(member_id=member.id), at=at)


def _apply(session: Session, at: datetime) -> None:
    """Let two people apply and confirm their address: the membership officer finds them waiting."""
    for particulars in APPLICANTS:
        applying.submit(session, particulars, consent_version=CONSENT_VERSION, at=at)
        session.flush()  # the confirmation looks the application up
        application = members.open_application_by_email(session, particulars.email or "")
        if application is None:
            raise LookupError(particulars.email)
        applying.confirm(session, application, at=at)


def _enrol_animators(session: Session, at: datetime) -> None:
    for person in fictional.people(ANIMATORS, SEED, clock.today(at)):
        particulars = Particulars(
            legal_name=person.name,
            reading=person.reading,
            pen_name=person.pen_name,
            email=person.email,
            phone=person.phone,
            studio=person.studio,
            job_categories=person.job_categories,
            employment_form=person.employment_form,
            language=person.language,
        )
        deciding.enrol(session, particulars, actor=SYSTEM, at=at)

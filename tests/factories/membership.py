"""Members, actors and applications for tests, with defaults that can all be changed."""

import uuid
from datetime import UTC, date, datetime

from unionapp.kernel.access import Actor
from unionapp.membership import access
from unionapp.membership.models import Application, Member, Office, OfficeHolding
from unionapp.roster.lettering import comparison_key

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)


def make_member(session, *, offices=(), **changes):
    """Add an active member who holds the office of member and the given ones."""
    facts = {
        "legal_name": "佐藤 花子",
        "reading": "サトウ ハナコ",
        "pen_name": "はなこ",
        "email": f"{uuid.uuid4().hex}@example.jp",
        "studio": "スタジオ架空",
        "job_categories": ["key_animation"],
        "employment_form": "freelance",
        "language": "ja",
        "joined_on": date(2026, 1, 5),
        "created_at": LONG_AGO,
    } | changes
    member = Member(**facts)
    member.refresh_keys()
    session.add(member)
    session.flush()
    for office in (Office.MEMBER, *offices):
        session.add(OfficeHolding(member_id=member.id, office=office, since=LONG_AGO))
    session.flush()
    return member


def actor_of(member, *offices):
    """Return the member as an actor holding these offices."""
    return Actor(member.id, access.permissions_of([Office.MEMBER, *offices]), member.name, member.language)


def make_actor(session, *offices, **changes):
    """Add a member and return them as an actor."""
    return actor_of(make_member(session, offices=offices, **changes), *offices)


def make_application(session, **changes):
    """Add an application, submitted and not yet confirmed."""
    facts = {
        "legal_name": "髙橋 太郎",
        "reading": "タカハシ タロウ",
        "pen_name": "",
        "email": f"{uuid.uuid4().hex}@example.jp",
        "studio": "",
        "job_categories": ["in_between"],
        "employment_form": "freelance",
        "language": "ja",
        "submitted_at": LONG_AGO,
        "consent_version": "2026-11",
        "consent_at": LONG_AGO,
    } | changes
    application = Application(
        **facts, name_key=comparison_key(facts["legal_name"]), email_key=facts["email"].casefold()
    )
    session.add(application)
    session.flush()
    return application

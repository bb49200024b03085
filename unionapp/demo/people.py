"""Who signs in to the demo: fictional people, one for each office, all with one password."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from unionapp.kernel.access import Actor
from unionapp.membership import queries as members
from unionapp.membership.models import Office

PASSWORD = "kakuu no anime kumiai"  # noqa: S105  # a demo's password is no secret


@dataclass(frozen=True)
class Role:
    """One fictional person of the demo and the offices they hold."""

    email: str
    legal_name: str
    reading: str
    pen_name: str
    offices: tuple[Office, ...]
    language: str = "ja"


ROLES = (
    Role("member@example.jp", "架空 はな", "カクウ ハナ", "はな", ()),
    Role("officer@example.jp", "架空 みどり", "カクウ ミドリ", "みどり", (Office.MEMBERSHIP_OFFICER,)),
    Role("organiser@example.jp", "架空 そら", "カクウ ソラ", "そら", (Office.ORGANISER,)),
    Role("case1@example.jp", "架空 つばさ", "カクウ ツバサ", "つばさ", (Office.CASE_WORKER,)),
    Role("case2@example.jp", "架空 しずく", "カクウ シズク", "しずく", (Office.CASE_WORKER,)),
    Role("negotiator1@example.jp", "架空 あおい", "カクウ アオイ", "あおい", (Office.NEGOTIATOR,)),
    Role("negotiator2@example.jp", "架空 ひかる", "カクウ ヒカル", "ひかる", (Office.NEGOTIATOR,), "en"),
    Role("committee@example.jp", "架空 つむぎ", "カクウ ツムギ", "つむぎ", (Office.ELECTION_COMMITTEE,)),
    Role("trustee1@example.jp", "架空 かなで", "カクウ カナデ", "かなで", (Office.TRUSTEE,)),
    Role("trustee2@example.jp", "架空 いずみ", "カクウ イズミ", "いずみ", (Office.TRUSTEE,)),
    Role("server@example.jp", "架空 まもる", "カクウ マモル", "まもる", (Office.SERVER_OFFICER,)),
)


def actor_of(session: Session, email: str) -> Actor:
    """Return one of the demo's people as an actor. Raises LookupError for an address that is nobody's."""
    member = members.member_by_email(session, email)
    actor = members.actor_for(session, member.id) if member else None
    if actor is None:
        raise LookupError(email)
    return actor

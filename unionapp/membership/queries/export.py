"""All that the union keeps about a member, for that member."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from unionapp.kernel.access import Actor
from unionapp.kernel.audit import AuditEvent
from unionapp.kernel.errors import NotFoundError
from unionapp.membership import access
from unionapp.membership.models import Application, Member
from unionapp.membership.queries.roll import holdings_of, status_changes_of


def export_of(session: Session, actor: Actor, member: Member) -> dict[str, Any]:
    """Return a member's own data as JSON values. Raises NotFoundError for anybody else."""
    if not access.may_change_own(actor, member):
        raise NotFoundError
    return {
        "record": _columns(member, leave_out=("search_text", "sort_key", "name_key", "email_key")),
        "offices": [
            _columns(holding, leave_out=("id", "member_id", "granted_by"))
            for holding in holdings_of(session, actor, member)
        ],
        "changes_of_status": [
            _columns(change, leave_out=("id", "member_id", "changed_by"))
            for change in status_changes_of(session, actor, member)
        ],
        "consents": [
            {"text": row.consent_version, "at": row.consent_at.isoformat()}
            for row in session.scalars(select(Application).where(Application.member_id == member.id))
        ],
        "events": [
            {"event": row.event, "at": row.at.isoformat()}
            for row in session.scalars(
                select(AuditEvent).where(AuditEvent.subject == str(member.id)).order_by(AuditEvent.seq)
            )
        ],
    }


def _columns(row: Any, *, leave_out: tuple[str, ...]) -> dict[str, Any]:
    names = (column.key for column in row.__table__.columns if column.key not in leave_out)
    return {name: _json(getattr(row, name)) for name in names}


def _json(value: Any) -> Any:
    if value is None or isinstance(value, str | int | list):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

"""Applications for membership."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from unionapp.kernel.access import Permission
from unionapp.kernel.db import Model, new_id
from unionapp.membership.models.people import PersonalFacts, words_of


class ApplicationState(StrEnum):
    """How far an application has come."""

    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# None: the applicant moves it, by a signed link.
APPLICATION_MOVES: Mapping[tuple[ApplicationState, ApplicationState], Permission | None] = {
    (ApplicationState.SUBMITTED, ApplicationState.CONFIRMED): None,
    (ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN): None,
    (ApplicationState.CONFIRMED, ApplicationState.WITHDRAWN): None,
    (ApplicationState.CONFIRMED, ApplicationState.ADMITTED): Permission.MEMBER_APPROVE,
    (ApplicationState.CONFIRMED, ApplicationState.REFUSED): Permission.MEMBER_APPROVE,
}


class Application(PersonalFacts, Model):
    """Somebody asks to join. Withdrawing or erasing empties the personal facts; the bare row stays.

    ``consent_version`` names the text that was agreed to at ``consent_at``.
    """

    __tablename__ = "application"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[ApplicationState] = mapped_column(
        words_of(ApplicationState), default=ApplicationState.SUBMITTED
    )
    submitted_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("member.id"))
    erased_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    consent_version: Mapped[str]
    consent_at: Mapped[datetime]
    member_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("member.id"))
    name_key: Mapped[str]
    email_key: Mapped[str | None] = mapped_column(index=True)

    __table_args__ = (Index("ix_application_state_confirmed_at", "state", "confirmed_at"),)

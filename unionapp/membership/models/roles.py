"""Offices: what members do for the union, and since when."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from unionapp.kernel.db import Model, new_id
from unionapp.membership.models.people import words_of


class Office(StrEnum):
    """An office; access.py says which rights it carries."""

    MEMBER = "member"
    MEMBERSHIP_OFFICER = "membership_officer"
    ORGANISER = "organiser"
    CASE_WORKER = "case_worker"
    NEGOTIATOR = "negotiator"
    ELECTION_COMMITTEE = "election_committee"
    TRUSTEE = "trustee"
    SERVER_OFFICER = "server_officer"


class OfficeHolding(Model):
    """One member holds one office from ``since`` up to, not including, ``until`` (None: still)."""

    __tablename__ = "office_holding"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id"), index=True)
    office: Mapped[Office] = mapped_column(words_of(Office))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    granted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("member.id"))

    __table_args__ = (Index("ix_office_holding_office_until", "office", "until"),)

"""The words people read for codes and states."""

from collections.abc import Mapping
from typing import Any

from unionapp.kernel.i18n import lazy
from unionapp.membership.models.applications import ApplicationState
from unionapp.membership.models.imports import ImportState
from unionapp.membership.models.people import MemberStatus
from unionapp.membership.models.roles import Office
from unionapp.roster.codes import EMPLOYMENT_FORMS, JOB_CATEGORIES

OFFICE_NAMES: Mapping[Office, Any] = {
    Office.MEMBER: lazy("Member"),
    Office.MEMBERSHIP_OFFICER: lazy("Membership officer"),
    Office.ORGANISER: lazy("Organiser"),
    Office.CASE_WORKER: lazy("Case worker"),
    Office.NEGOTIATOR: lazy("Negotiator"),
    Office.ELECTION_COMMITTEE: lazy("Election committee"),
    Office.TRUSTEE: lazy("Trustee"),
    Office.SERVER_OFFICER: lazy("Server officer"),
}
OFFICE_DUTIES: Mapping[Office, Any] = {
    Office.MEMBER: lazy("Votes and reads agreements"),
    Office.MEMBERSHIP_OFFICER: lazy("Admits, keeps the roll, imports, grants offices"),
    Office.ORGANISER: lazy("Reads the roll"),
    Office.CASE_WORKER: lazy("Reads and answers reports with a key of their own"),
    Office.NEGOTIATOR: lazy("Drafts agreements"),
    Office.ELECTION_COMMITTEE: lazy("Prepares and closes ballots"),
    Office.TRUSTEE: lazy("Keeps a key of the ballot box"),
    Office.SERVER_OFFICER: lazy("Keeps the server alive; reads no reports and no votes"),
}
STATUS_NAMES: Mapping[MemberStatus, Any] = {
    MemberStatus.ACTIVE: lazy("Active"),
    MemberStatus.SUSPENDED: lazy("Suspended"),
    MemberStatus.LEFT: lazy("Left"),
}
STATE_NAMES: Mapping[ApplicationState, Any] = {
    ApplicationState.SUBMITTED: lazy("Waiting for your confirmation"),
    ApplicationState.CONFIRMED: lazy("Waiting for a decision"),
    ApplicationState.ADMITTED: lazy("Admitted"),
    ApplicationState.REFUSED: lazy("Refused"),
    ApplicationState.WITHDRAWN: lazy("Withdrawn"),
}
IMPORT_NAMES: Mapping[ImportState, Any] = {
    ImportState.STAGED: lazy("To be checked"),
    ImportState.APPLIED: lazy("Imported"),
    ImportState.UNDONE: lazy("Undone"),
    ImportState.DISCARDED: lazy("Dropped"),
}
FIELD_NAMES: Mapping[str, Any] = {
    "name": lazy("Name"),
    "mail": lazy("Mail address"),
    "phone": lazy("Telephone"),
}


def job_names(codes: list[str], lang: str) -> list[str]:
    """Return the names of job categories in a language; an unknown code stands for itself."""
    return [_label(JOB_CATEGORIES, code, lang) for code in codes]


def employment_name(code: str, lang: str) -> str:
    """Return the name of a form of employment in a language; empty for none."""
    return _label(EMPLOYMENT_FORMS, code, lang) if code else ""


def _label(labels: Mapping[str, tuple[str, str]], code: str, lang: str) -> str:
    ja, en = labels.get(code, (code, code))
    return ja if lang == "ja" else en

"""Forms of membership: shape, length, wording."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, ValidationError

from unionapp.kernel import clock
from unionapp.kernel.forms import NAME_LENGTH, Form, line, mail, prose
from unionapp.kernel.i18n import OWN_NAMES, _, lazy, locale
from unionapp.membership.models import Member, MemberStatus, Office, Particulars
from unionapp.membership.models.words import OFFICE_NAMES, STATUS_NAMES
from unionapp.roster import characters, contacts, lettering
from unionapp.roster.codes import EMPLOYMENT_FORMS, JOB_CATEGORIES
from unionapp.roster.people import Roster, read_people
from unionapp.roster.problems import describe

REASON_LENGTH = 2_000
PHONE_LENGTH = 60
_CHOOSE = lazy("Please choose one.")


def _labelled(labels: Mapping[str, tuple[str, str]]) -> list[Any]:
    return [SelectChoice(code, ja if locale() == "ja" else en) for code, (ja, en) in labels.items()]


def with_letters(_form: Any, field: Field) -> None:
    """Refuse a name without a single letter."""
    if field.data and not any(character.isalpha() for character in field.data):
        raise ValidationError(_("Please write a name in letters."))


def kana_or_latin(_form: Any, field: Field) -> None:
    """Refuse a reading that is not in kana or Latin letters."""
    if field.data and not lettering.is_reading(lettering.reading(field.data)):
        raise ValidationError(_("Please write the reading in kana or Latin letters."))


def telephone(_form: Any, field: Field) -> None:
    """Refuse what cannot be a telephone number."""
    if not field.data:
        return
    try:
        contacts.phone(field.data)
    except contacts.UnreadableContactError:
        raise ValidationError(
            _("Please enter a telephone number such as 03-1234-5678, abroad with + and the country's code.")
        ) from None


class ParticularsForm(Form):
    """What a person tells about themselves."""

    legal_name = line(lazy("Legal name"), limit=NAME_LENGTH, more=[with_letters])
    reading = line(lazy("Reading"), limit=NAME_LENGTH, more=[kana_or_latin])
    pen_name = line(lazy("Pen name"), limit=NAME_LENGTH, required=False, more=[with_letters])
    phone = line(lazy("Telephone"), limit=PHONE_LENGTH, required=False, more=[telephone])
    studio = line(lazy("Studio"), limit=NAME_LENGTH, required=False)
    job_categories = SelectMultipleField(
        lazy("Your work"),
        choices=lambda: _labelled(JOB_CATEGORIES),
        validators=[InputRequired(message=lazy("Please choose at least one."))],
    )
    employment_form = RadioField(
        lazy("How you are employed"),
        choices=lambda: _labelled(EMPLOYMENT_FORMS),
        validators=[InputRequired(message=_CHOOSE)],
    )
    language = RadioField(
        lazy("Language of letters"),
        choices=[SelectChoice(code, name) for code, name in OWN_NAMES.items()],
        default=locale,
        validators=[InputRequired(message=_CHOOSE)],
    )

    def particulars(self, email: str | None = None) -> Particulars:
        """Return what was told, in the forms of letters that the roll keeps. Only after validation."""
        return Particulars(
            legal_name=lettering.name(characters.visible(self.legal_name.data or "")),
            reading=lettering.reading(characters.visible(self.reading.data or "")),
            pen_name=lettering.name(characters.visible(self.pen_name.data or "")),
            email=email,
            phone=contacts.phone(self.phone.data)[0] if self.phone.data else "",
            studio=lettering.name(characters.visible(self.studio.data or "")),
            job_categories=tuple(self.job_categories.data or ()),
            employment_form=self.employment_form.data or "",
            language=self.language.data or locale(),
        )


class ApplicationForm(ParticularsForm):
    """Somebody asks to join."""

    email = mail(lazy("Mail address"))
    consent = BooleanField(
        lazy("I have read what the union does with my data and agree to it."),
        validators=[
            InputRequired(message=lazy("Without your consent the union may not keep what you wrote."))
        ],
    )


class RefusalForm(Form):
    """Why an application is refused."""

    reason = prose(lazy("Reason for refusing"), limit=REASON_LENGTH)


class StatusForm(Form):
    """A new status with its reason."""

    status = RadioField(lazy("New status"), validators=[InputRequired(message=_CHOOSE)])
    reason = prose(lazy("Reason for the change"), limit=REASON_LENGTH)

    def offer(self, statuses: Sequence[MemberStatus]) -> None:
        """Offer the statuses that can be reached."""
        self.status.choices = [SelectChoice(status.value, str(STATUS_NAMES[status])) for status in statuses]


class OfficeForm(Form):
    """An office to grant."""

    office = RadioField(lazy("Office to grant"), validators=[InputRequired(message=_CHOOSE)])

    def offer(self, offices: Sequence[Office]) -> None:
        """Offer the offices that the member does not hold."""
        self.office.choices = [SelectChoice(office.value, str(OFFICE_NAMES[office])) for office in offices]


class MailForm(Form):
    """A new mail address."""

    email = mail(lazy("New mail address"))


class ImportForm(Form):
    """A roll from another program; ``roster`` is what it holds, once the form is valid."""

    file = FileField(
        lazy("Roll as CSV or Excel file"), validators=[FileRequired(lazy("Please choose a file."))]
    )
    roster: Roster

    def validate_file(self, field: Field) -> None:
        """Read the file; refuse one that is no list of people, with what to do about it."""
        if not field.data:
            return
        name = "".join(c for c in field.data.filename or "" if c.isprintable())[:200]
        self.roster = read_people(field.data.read(), name, today=clock.today())
        if self.roster.refused:
            faults = [problem for problem in self.roster.problems if problem.level == "error"]
            raise ValidationError(" ".join(describe(faults[0], locale())))


def prefilled(member: Member) -> dict[str, Any]:
    """Return a member's facts as a form starts with them."""
    return {
        name: getattr(member, name)
        for name in (
            "legal_name",
            "reading",
            "pen_name",
            "phone",
            "studio",
            "job_categories",
            "employment_form",
            "language",
        )
    }

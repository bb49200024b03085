"""Forms of ballots: shape, length, wording."""

from datetime import datetime
from typing import Any, cast

from flask_wtf.file import FileField
from wtforms import DateTimeLocalField, Field, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from unionapp.ballots.models import Election, Group
from unionapp.ballots.models.words import GROUP_NAMES, RULE_NAMES
from unionapp.ballots.operations import Draft, yes_or_no
from unionapp.kernel.bilingual import Bilingual
from unionapp.kernel.clock import JAPAN
from unionapp.kernel.forms import Form, clean, line, prose
from unionapp.kernel.i18n import _, lazy

SUMMARY_LENGTH = 2_000
REASON_LENGTH = 2_000
LARGEST_FILE = 1024 * 1024
YEARS = range(2000, 2101)
_MINUTE = "%Y-%m-%dT%H:%M"
_CHOOSE = lazy("Please choose one.")


def own_or_secure_address(_form: Any, field: Field) -> None:
    """Refuse addresses that are neither of this site (beginning with one /) nor https."""
    text = field.data or ""
    own = text.startswith("/") and not text.startswith(("//", "/\\"))
    if text and not own and not text.startswith("https://"):
        raise ValidationError(_("Please enter an address that begins with https://."))


def utf8_text(_form: Any, field: Field) -> None:
    """Refuse a file too large to be a key or a decryption."""
    if field.data and len(field.data.stream.read(LARGEST_FILE + 1)) > LARGEST_FILE:
        raise ValidationError(_("This file is too large."))
    if field.data:
        field.data.stream.seek(0)


def within_memory(_form: Any, field: Field) -> None:
    """Refuse years that nobody means; the first and the last one have no moment in every time zone."""
    if field.data and field.data.year not in YEARS:
        raise ValidationError(
            _("Please enter a year from %(first)s to %(last)s.", first=YEARS[0], last=YEARS[-1])
        )


class PaperForm(Form):
    """The ballot paper but for the text voted on."""

    title_ja = line(lazy("Title in Japanese"))
    title_en = line(lazy("Title in English"))
    question_ja = line(lazy("Question in Japanese"))
    question_en = line(lazy("Question in English"))
    summary_ja = prose(lazy("Plain summary in Japanese"), limit=SUMMARY_LENGTH, required=False)
    summary_en = prose(lazy("Plain summary in English"), limit=SUMMARY_LENGTH, required=False)
    opens_at = DateTimeLocalField(
        lazy("Voting begins (Japan time)"),
        format=_MINUTE,
        validators=[InputRequired(message=lazy("Please enter a day and a time.")), within_memory],
    )
    closes_at = DateTimeLocalField(
        lazy("Voting ends (Japan time)"),
        format=_MINUTE,
        validators=[InputRequired(message=lazy("Please enter a day and a time.")), within_memory],
    )
    rule = RadioField(
        lazy("When is it passed?"),
        validators=[InputRequired(message=_CHOOSE)],
        default="more_yes_than_no",
    )
    group = RadioField(
        lazy("Mathematical group"), validators=[InputRequired(message=_CHOOSE)], default=Group.ED25519.value
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule.choices = [SelectChoice(code, name) for code, name in RULE_NAMES.items()]
        self.group.choices = [SelectChoice(group.value, name) for group, name in GROUP_NAMES.items()]

    def validate_closes_at(self, field: Field) -> None:
        """Refuse an end before the beginning."""
        if self.opens_at.data and field.data and field.data <= self.opens_at.data:
            raise ValidationError(_("Voting must end after it begins."))

    def drafted(self, *, text_hash: str = "", text_url: str = "") -> Draft:
        """Return the valid form as an operation takes it."""
        asked = Bilingual(self.question_ja.data or "", self.question_en.data or "")
        return Draft(
            title=Bilingual(self.title_ja.data or "", self.title_en.data or ""),
            summary=Bilingual(self.summary_ja.data or "", self.summary_en.data or ""),
            opens_at=_in_japan(self.opens_at.data),
            closes_at=_in_japan(self.closes_at.data),
            questions=(yes_or_no(asked, self.rule.data or "more_yes_than_no"),),
            text_hash=text_hash,
            text_url=text_url,
            group=Group(self.group.data),
        )


class DraftForm(PaperForm):
    """The whole ballot paper."""

    text_url = line(
        lazy("Address of the text voted on"), required=False, more=[own_or_secure_address], limit=500
    )
    text_hash = line(
        lazy("SHA-256 of that text"),
        required=False,
        limit=64,
        more=[Regexp("[0-9a-f]{64}$", message=lazy("SHA-256 is written as 64 digits from 0 to f."))],
    )

    @classmethod
    def of(cls, election: Election) -> "DraftForm":
        """Return the form filled with a draft."""
        question = election.questions[0]
        return cls(
            title_ja=election.title.ja,
            title_en=election.title.en,
            question_ja=question.text.ja,
            question_en=question.text.en,
            summary_ja=election.summary.ja,
            summary_en=election.summary.en,
            opens_at=election.opens_at.astimezone(JAPAN),
            closes_at=election.closes_at.astimezone(JAPAN),
            rule=question.rule,
            group=election.group.value,
            text_url=election.text_url,
            text_hash=election.text_hash,
        )

    def whole(self) -> Draft:
        """Return the valid form as an operation takes it."""
        return self.drafted(text_hash=self.text_hash.data or "", text_url=self.text_url.data or "")


class TrusteesForm(Form):
    """Who keeps the keys."""

    trustees = SelectMultipleField(
        lazy("Trustees"),
        validators=[
            Length(min=2, message=lazy("Choose at least two trustees, so that nobody can decrypt alone."))
        ],
    )


class CancelForm(Form):
    """Why a ballot is cancelled."""

    reason = prose(lazy("Reason, for everybody to read"), limit=REASON_LENGTH)


class HandInForm(Form):
    """A public key or a decryption: put in by the page's script, or as a file."""

    content = TextAreaField(
        lazy("Content"), validators=[Optional(), Length(max=LARGEST_FILE)], filters=[clean]
    )
    file = FileField(lazy("File"), validators=[utf8_text])

    def raw(self) -> bytes:
        """Return what was handed in."""
        if self.content.data:
            return self.content.data.encode()
        return cast("bytes", self.file.data.stream.read()) if self.file.data else b""


def _in_japan(moment: datetime | None) -> datetime:
    if moment is None:
        raise ValueError("the form was not valid")
    return moment.replace(tzinfo=JAPAN)

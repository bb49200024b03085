"""Forms of the reporting site: no cookie, so nothing to forge; what was typed stays on an error."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, cast

from flask_wtf.file import MultipleFileField
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from unionapp.crypto import receipt
from unionapp.crypto.case_format import FEWEST_HANDLERS
from unionapp.grievances.intake.box import MOST_FILES, SealedUpload
from unionapp.grievances.intake.models import Category, HandlerKey
from unionapp.grievances.intake.operations import SEED_BYTES, Report, SentFile, new_seed
from unionapp.kernel.forms import StatelessForm, faithful, prose, showable
from unionapp.kernel.i18n import OWN_NAMES, _, lazy, locale

FILE_NAME_LENGTH = 255
TYPE_LENGTH = 100
WORDS_LENGTH = 1000

CATEGORIES = {
    lazy("Pay and orders"): [
        (Category.FEE, lazy("Fee unpaid or late")),
        (Category.TERMS, lazy("No written terms")),
        (Category.RETAKE, lazy("Retakes without pay")),
        (Category.PRICE_CUT, lazy("Price cut or too low a price")),
        (Category.CANCELLED, lazy("Order cancelled")),
        (Category.WAGES, lazy("Wages and allowances")),
        (Category.OVERTIME, lazy("Overtime and night work")),
        (Category.DISMISSAL, lazy("Dismissal or end of contract")),
    ],
    lazy("How people are treated"): [
        (Category.HARASSMENT, lazy("Harassment")),
        (Category.SAFETY, lazy("Safety, health, accident")),
        (Category.DISCRIMINATION, lazy("Discrimination")),
        (Category.RETALIATION, lazy("Retaliation")),
    ],
    lazy("My work and AI"): [
        (Category.AI_USE, lazy("AI used on my work, voice or likeness, or trained on it, without consent")),
        (Category.CREDIT, lazy("Credit")),
        (Category.COPYRIGHT, lazy("Copyright or portfolio")),
    ],
    lazy("The union and the law"): [
        (Category.UNION_BUSTING, lazy("Acts against the union (unfair labour practice)")),
        (Category.BREACH, lazy("Breach of an agreement")),
        (Category.WHISTLEBLOWING, lazy("Breaking of laws at work (whistleblowing)")),
        (Category.OTHER, lazy("Something else")),
    ],
}


def category_names() -> dict[str, str]:
    """Return each category's word and its name in the reader's language."""
    return {code.value: str(name) for group in CATEGORIES.values() for code, name in group}


def _category_choices() -> list[SelectChoice]:
    named = [
        SelectChoice(code.value, str(name), optgroup=str(group))
        for group, members in CATEGORIES.items()
        for code, name in members
    ]
    return [SelectChoice("", _("Please choose")), *named]


def _files(form: Any, field: Any) -> None:
    sent = [each for each in field.data or () if each.filename or each.stream.size]
    if len(sent) > MOST_FILES:
        raise ValidationError(_("Please send at most %(most)s files at once.", most=MOST_FILES))
    for each in sent:
        _file(each)
    form.sent = [
        SentFile(cast("SealedUpload", each.stream), each.filename, each.mimetype[:TYPE_LENGTH])
        for each in sent
    ]


def _file(sent: Any) -> None:
    if sent.stream.too_large:
        raise ValidationError(_("A file is larger than 20 MB. Nothing of it was kept."))
    if not sent.stream.size:
        raise ValidationError(_("A file is empty. Please choose it again."))
    if not sent.filename or len(sent.filename) > FILE_NAME_LENGTH:
        raise ValidationError(_("A file's name is missing or too long. Please rename the file."))
    faithful(None, cast("Field", _Named(sent.filename)))


class _Named:
    """A file's name where ``faithful`` expects a field."""

    def __init__(self, name: str) -> None:
        self.data = name


def read_seed(typed: str | None) -> bytes | None:
    """Return the seed a form carries; None when it is not one."""
    try:
        seed = base64.urlsafe_b64decode((typed or "").encode("ascii") + b"=")
    except (ValueError, binascii.Error):
        return None
    return seed if len(seed) == SEED_BYTES else None


def write_seed(seed: bytes) -> str:
    """Return a seed as a form carries it."""
    return base64.urlsafe_b64encode(seed).rstrip(b"=").decode()


class WithFiles(StatelessForm):
    """A form with text and files. ``sent`` are the files, once validated."""

    sent: Sequence[SentFile] = ()

    files = MultipleFileField(lazy("Files"), validators=[_files])


class ReportForm(WithFiles):
    """A report."""

    receipt_seed = HiddenField()
    category = SelectField(
        lazy("What is it about?"),
        choices=_category_choices,
        validators=[
            InputRequired(message=lazy("Please choose what it is about; “Something else” is fine too."))
        ],
    )
    language = RadioField(
        lazy("In which language shall we answer?"),
        choices=[SelectChoice(code, name) for code, name in OWN_NAMES.items()],
        default=locale,
        validators=[InputRequired(message=lazy("Please fill this in."))],
    )
    text = prose(lazy("What happened?"))
    without = SelectMultipleField(lazy("Who must not read this report?"))

    def offer(self, readers: Sequence[HandlerKey]) -> None:
        """Let the reporter exclude some of these readers, as long as two remain."""
        self.without.choices = [SelectChoice(each.handler, each.public_name) for each in readers]

    def prepare(self) -> None:
        """Give a fresh form its seed; a form that lost it gets a new one."""
        if read_seed(self.receipt_seed.data) is None:
            self.receipt_seed.data = write_seed(new_seed())

    def validate_receipt_seed(self, field: Any) -> None:
        if read_seed(field.data) is None:
            self.prepare()
            raise ValidationError(_("This page came back incomplete. Please send it again."))

    def validate_without(self, field: Any) -> None:
        if len(field.choices) - len(set(field.data or ())) < FEWEST_HANDLERS:
            raise ValidationError(_("At least two case workers must be able to read your report."))

    def report(self) -> Report:
        """Return what the valid form says."""
        return Report(
            category=Category(self.category.data),
            language=self.language.data,
            text=self.text.data or "",
            files=self.sent,
            without=frozenset(self.without.data or ()),
        )


class WordsForm(StatelessForm):
    """Twelve words. ``entropy`` is what they stand for, once validated."""

    entropy: bytes = b""

    words = StringField(lazy("Your twelve words"))

    def validate_words(self, field: Any) -> None:
        field.data = typed = showable((field.data or "")[:WORDS_LENGTH])  # it may come back in the page
        try:
            self.entropy = receipt.parse(typed)
        except receipt.WordCountError as error:
            raise ValidationError(
                _("There should be twelve words; these are %(found)s.", found=error.found)
            ) from None
        except receipt.UnknownWordError as error:
            raise ValidationError(
                _(
                    "Word %(position)s is not one of our words. Check its letters.",
                    position=error.position,
                )
            ) from None
        except receipt.ReceiptChecksumError:
            raise ValidationError(
                _("Each word exists, but one of them is wrong, or two have changed places.")
            ) from None

    def refuse(self) -> None:
        """Say that the words open nothing. Right spelling is all they had, so they are not shown again."""
        self.words.data = ""
        self.words.errors = [
            _("These words open no mailbox. Either they belong to another site, or the case was deleted.")
        ]


class MessageForm(WithFiles, WordsForm):
    """A further message of the reporter; the words come along hidden."""

    words = HiddenField()
    text = prose(lazy("Your message"))


class DeleteForm(WordsForm):
    """The last question before a case is deleted."""

    words = HiddenField()
    confirmed = HiddenField()


class FileForm(WordsForm):
    """Which file of the mailbox to open."""

    words = HiddenField()
    file = HiddenField()

"""Forms: shape, length and wording. Text that cannot be stored or that deceives a reader is refused here."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import email_validator
from flask import g, has_request_context
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from unionapp.kernel.i18n import _, lazy, locale

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Bytes that are no UTF-8 come as U+FFFD, but in urlencoded forms werkzeug leaves them quoted: %ED%A0%80.
_BROKEN = re.compile("[\ud800-\udfff\ufffd]|%ED%[AB][0-9A-F]%[89AB][0-9A-F]")
_UNSHOWABLE = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

NAME_LENGTH = 100
LINE_LENGTH = 200
PROSE_LENGTH = 20_000


class Form(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Base of the members' site's forms: CSRF token, messages in the reader's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_request_context():  # should the operation refuse, the error page names what was typed
            g.form_labels = {field.name: str(field.label.text) for field in self}

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # the same
        def get_translations(self, form: Any) -> Any:
            self.locales = [locale()]
            return PlainForm.Meta.get_translations(self, form)


class StatelessForm(Form):
    """A form on the reporting site: no cookie, hence nothing a forged request could borrow."""

    class Meta(Form.Meta):
        csrf = False


def clean(text: str | None) -> str | None:
    """Return text as it is stored: NFC, plain newlines, no blanks at the ends."""
    if text is None or _BROKEN.search(text):
        return text
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def faithful(_form: Any, field: Field) -> None:
    """Refuse text that would not survive storage or would mislead its reader."""
    text = field.data or ""
    field.data = showable(text)  # what comes back must be valid HTML, and is refused again
    if _BROKEN.search(text):
        raise ValidationError(_("This text holds broken characters. Please type it again."))
    if _CONTROL.search(text):
        raise ValidationError(_("This text holds invisible control characters. Please type it again."))
    if _DIRECTION.search(text):
        raise ValidationError(
            _("This text holds invisible marks that reverse the direction of writing. Please type it again.")
        )


def showable(text: str) -> str:
    """Return text that can stand in a valid page: what cannot be shown becomes U+FFFD."""
    return _UNSHOWABLE.sub("\ufffd", text)


def one_line(_form: Any, field: Field) -> None:
    """Refuse line breaks where one line is asked for."""
    if field.data and "\n" in field.data:
        raise ValidationError(_("Please write this on one line."))


def mail_address(_form: Any, field: Field) -> None:
    """Refuse what cannot be a mail address; keep it in its normal form."""
    try:
        # Only ASCII before the @: few servers speak SMTPUTF8 (RFC 6531), and the letter would never come.
        found = email_validator.validate_email(
            field.data or "", check_deliverability=False, allow_smtputf8=False
        )
    except email_validator.EmailNotValidError:
        raise ValidationError(_("Please enter a mail address such as hana@example.jp.")) from None
    field.data = found.normalized


def _presence(required: bool) -> list[Any]:  # noqa: FBT001
    if required:
        return [DataRequired(message=lazy("Please fill this in."))]
    return [Optional()]


def _length(limit: int) -> Length:
    return Length(max=limit, message=lazy("Please use at most %(max)d characters."))


def narrow(text: str | None) -> str | None:
    """Return text with full-width ASCII, as Japanese keyboards write it, made half."""
    return text and text.translate(_NARROW)


def line(
    label: Any, *, limit: int = LINE_LENGTH, required: bool = True, more: Sequence[Any] = (), **kwargs: Any
) -> StringField:
    """Return a field for one line of text of at most ``limit`` characters."""
    checks = [*_presence(required), _length(limit), faithful, one_line, *more]
    return StringField(label, validators=checks, filters=[clean], **kwargs)


def prose(
    label: Any, *, limit: int = PROSE_LENGTH, required: bool = True, more: Sequence[Any] = (), **kwargs: Any
) -> TextAreaField:
    """Return a field for longer text of at most ``limit`` characters."""
    checks = [*_presence(required), _length(limit), faithful, *more]
    return TextAreaField(label, validators=checks, filters=[clean], **kwargs)


def mail(label: Any, *, required: bool = True, **kwargs: Any) -> EmailField:
    """Return a field for one mail address."""
    checks = [*_presence(required), _length(254), faithful, one_line, mail_address]
    return EmailField(label, validators=checks, filters=[clean, narrow], **kwargs)


def password(label: Any, **kwargs: Any) -> PasswordField:
    """Return a field for a password; it is never shown again and never cleaned."""
    checks = [*_presence(required=True), _length(200), faithful]
    return PasswordField(label, validators=checks, **kwargs)

"""Forms of casework. Most carry what the browser has sealed, as base64url."""

import base64
import binascii
from typing import Any

from wtforms import Field, HiddenField, IntegerField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, NumberRange

from unionapp.grievances.intake.models import CaseState
from unionapp.kernel.forms import Form, line
from unionapp.kernel.i18n import _, lazy

PUBLIC_NAME_LENGTH = 40
MOST_ENCODED = 400_000


class SealedField(StringField):
    """Bytes in base64url without padding; ``data`` is None when they are not."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]) if valuelist else ""
        try:
            self.data = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))  # type: ignore[assignment]  # bytes are what this field holds
        except (ValueError, binascii.Error):
            self.data = None
        if not text or len(text) > MOST_ENCODED:
            self.data = None


def readable(_form: Any, field: Field) -> None:
    """Refuse a sealed value that did not arrive whole."""
    if field.data is None:
        raise ValidationError(_("The sealed message was damaged on its way. Please send it again."))


class KeyForm(Form):
    """A key made in the browser, and the name reporters see beside it."""

    public_name = line(
        lazy("Name that reporters see"),
        limit=PUBLIC_NAME_LENGTH,
        description=lazy("Your name, or only your role. Reporters use it to keep somebody out of a case."),
    )
    bundle = HiddenField()

    def validate_bundle(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("The key is made by this page's script. Please allow it and try again."))


class AnswerForm(Form):
    """A sealed and signed message and its place."""

    seq = IntegerField(validators=[InputRequired(), NumberRange(min=1, max=100_000)])
    sealed = SealedField(validators=[readable])
    signature = SealedField(validators=[readable])


class MoveForm(Form):
    """The state a case is to be in."""

    state = SelectField(choices=[SelectChoice(each.value) for each in CaseState])


class ShareForm(Form):
    """Who else is to read a case, and its key sealed to theirs."""

    handler = line(lazy("Case worker"), limit=64)
    sealed = SealedField(validators=[readable])

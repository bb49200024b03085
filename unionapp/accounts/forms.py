"""Forms of accounts."""

from typing import Any

from wtforms import HiddenField
from wtforms.validators import ValidationError

from unionapp.accounts.operations.passwords import require_good
from unionapp.kernel.errors import InvalidInputError
from unionapp.kernel.forms import Form, mail, password
from unionapp.kernel.i18n import lazy


def _good(_form: Any, field: Any) -> None:
    try:
        require_good(field.data or "", about=())
    except InvalidInputError as error:
        raise ValidationError(str(error.message)) from None


class SignInForm(Form):
    """Mail address and password."""

    email = mail(lazy("Mail address"))
    password = password(lazy("Password"))
    next = HiddenField()


class AddressForm(Form):
    """Where to send a link."""

    email = mail(lazy("Mail address"))


class PasswordForm(Form):
    """A new password, typed once: the person may show it on a phone."""

    password = password(lazy("New password"))

    def validate_password(self, field: Any) -> None:
        _good(self, field)


class ChangePasswordForm(PasswordForm):
    """A new password for somebody who knows the present one."""

    old = password(lazy("Present password"))

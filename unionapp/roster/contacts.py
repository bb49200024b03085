"""Mail addresses and telephone numbers in one form each."""

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from unionapp.roster import lettering

_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*")
_LONGEST_LOCAL = 64
_LONGEST_ADDRESS = 254
_DECORATION = re.compile(r"[\s().・/-]")
_LABEL = re.compile(r"^(?:tel|phone|電話|携帯|mobile)[:.：]?", re.IGNORECASE)
# Numbers of Japan: the numbering plan of the Ministry of Internal Affairs and Communications.
# Mobile and IP numbers (050, 060, 070, 080, 090) and 0800 have eleven digits, all others ten.
_JAPANESE = re.compile(r"0[5-9]0[0-9]{8}|0(?![5-9]0)[1-9][0-9]{8}")
_OTHER_COUNTRY = re.compile(r"\+(?!81)[1-9][0-9]{6,14}")
_CODE_OF_JAPAN = re.compile(r"(?:\+|00|010)?81(?=[1-9(0])\(?0?\)?")


class UnreadableContactError(ValueError):
    """A text is no mail address or telephone number."""


def email(text: str) -> str:
    """Return a mail address with its domain in lower case.

    Raises UnreadableContactError, also for one with other than ASCII before the @: few servers carry such
    letters (RFC 6531), and ours would never arrive. Syntax only, by RFC 5321/5322 as email-validator reads
    them; no look-up.
    """
    address = lettering.plain(text).removeprefix("mailto:")
    local, at, domain = address.rpartition("@")
    if at and len(local) <= _LONGEST_LOCAL and _PLAIN_LOCAL.fullmatch(local):
        address = f"{local}@{_domain(domain)}"
        if len(address) <= _LONGEST_ADDRESS:
            return address
    return _validated(address)


@lru_cache(maxsize=4096)
def _domain(domain: str) -> str:
    return _validated(f"a@{domain}").removeprefix("a@")


def _validated(address: str) -> str:
    try:
        found = validate_email(address, check_deliverability=False, strict=True, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise UnreadableContactError(address) from error
    return found.normalized


def phone(text: str) -> tuple[str, bool]:
    """Return a number with + and its country's code (E.164), and whether a lost first 0 was put back.

    A number without a country's code is one of Japan. Spreadsheets that take a number for a figure drop its
    first 0; nine digits, or ten that begin like a mobile number, are read so. Raises UnreadableContactError.
    """
    digits = _DECORATION.sub("", _LABEL.sub("", lettering.plain(text)))
    if _OTHER_COUNTRY.fullmatch(digits):
        return digits, False
    domestic = _domestic(_LABEL.sub("", lettering.plain(text)))
    if _JAPANESE.fullmatch(domestic):
        return "+81" + domestic[1:], False
    if domestic.startswith("0") or not _JAPANESE.fullmatch("0" + domestic):
        raise UnreadableContactError(text)
    return "+81" + domestic, True


def _domestic(text: str) -> str:
    compact = re.sub(r"[\s.・/-]", "", text)
    if compact.startswith(("+81", "0081", "01081")) or re.fullmatch(r"81[1-9][0-9]{8,9}", compact):
        compact = _CODE_OF_JAPAN.sub("0", compact, count=1)
    return _DECORATION.sub("", compact)

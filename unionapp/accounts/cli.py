"""Commands about accounts."""

import sys

import click
import email_validator
from flask import current_app

from unionapp.accounts.operations.passwords import Hasher
from unionapp.accounts.operations.signing_in import set_password
from unionapp.kernel import clock, terminal, tokens
from unionapp.kernel.access import SYSTEM, Actor
from unionapp.kernel.unit_of_work import unit_of_work
from unionapp.kernel.web import absolute_url
from unionapp.membership.models import Office, Particulars
from unionapp.membership.operations import deciding

OFFICES = [office.value for office in Office]


@click.group()
def user() -> None:
    """Look after people who sign in."""


@user.command()
@click.option("--name", required=True, help="Legal name.")
@click.option("--email", required=True, help="Mail address.")
@click.option("--office", "offices", multiple=True, type=click.Choice(OFFICES), help="May be given again.")
@click.option("--password-from-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
def create(name: str, email: str, offices: tuple[str, ...], password_from_stdin: bool, as_json: bool) -> None:  # noqa: FBT001  # click gives flags by position
    """Make a member who can sign in: the first officer, for example.

    Without a password the command prints a link with which the person sets one, valid for 14 days.
    """
    try:
        checked = email_validator.validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except email_validator.EmailNotValidError as error:
        terminal.fail_usage(f"{email}: {error}")
    email = checked.normalized
    password = sys.stdin.readline().rstrip("\r\n") if password_from_stdin else None
    with terminal.opened_app():
        at = clock.now()
        with unit_of_work() as session:
            member = deciding.enrol(
                session,
                Particulars(legal_name=name, email=email),
                offices=[Office(office) for office in offices],
                actor=SYSTEM,
                at=at,
            )
            if password is not None:
                hasher = Hasher(current_app.extensions["unionapp_settings"])
                set_password(session, hasher, member.id, password, actor=Actor(member_id=member.id), at=at)
            member_id = str(member.id)
        link = absolute_url("accounts.first_password", token=tokens.sign("first-password", member_id))
    if as_json:
        terminal.say_json({"member": member_id, "link": None if password else link})
    elif password:
        terminal.say(f"{email} can sign in")
    else:
        terminal.say(f"{email} sets a password here: {link}")

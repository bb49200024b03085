"""``unionapp``: the same operations behind another door.

Errors are one line on standard error: exit 1 when the thing examined is bad, 2 on wrong use.
"""

import importlib
import os
import sys
from typing import NoReturn

import click
from flask import Flask

from unionapp.config import Settings, SettingsError
from unionapp.kernel import terminal
from unionapp.kernel.errors import DomainError

# Commands are imported when they are called: ``ballots verify`` needs neither database nor web.
COMMANDS = {
    "audit": "unionapp.service:audit",
    "ballots": "unionapp.ballots.cli:ballots",
    "bargaining": "unionapp.bargaining.cli:bargaining",
    "bench": "unionapp.benchmarks:bench",
    "db": "unionapp.service:db",
    "demo": "unionapp.demo.cli:demo",
    "jobs": "unionapp.service:jobs",
    "members": "unionapp.membership.cli:members",
    "serve": "unionapp.service:serve",
    "user": "unionapp.accounts.cli:user",
    "work": "unionapp.service:work",
}


class Commands(click.Group):
    """The command groups, each imported when it is first asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="unionapp")
def cli() -> None:
    """Run an animators' union: members, grievances, ballots, bargaining."""


def main() -> NoReturn:
    """Run a command; every expected failure ends in one clear line."""
    terminal.prepare_streams()
    terminal.use_app(_make_app)
    try:
        _run()
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        _discard_output()
        sys.exit(0)
    except Exception as error:
        if isinstance(error, OSError):
            _discard_output()
        _end_if_expected(error)
        raise
    sys.exit(0)


def _run() -> None:
    """Run the command without click's own handling of readers who left (``| head``): it would exit with 1."""
    try:
        with cli.make_context("unionapp", sys.argv[1:]) as context:
            cli.invoke(context)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    finally:
        sys.stdout.flush()  # here, for at the interpreter's end nobody can answer for it


def _discard_output() -> None:
    """Let what could not be written go nowhere, so that the interpreter's last flush is silent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end_if_expected(error: Exception) -> None:
    match error:
        case click.exceptions.NoArgsIsHelpError() if error.ctx:
            command = error.ctx.command_path
            terminal.fail_usage(f"say what to do; {command} --help lists the commands")
        case click.ClickException():
            terminal.fail_usage(error.format_message())
        case SettingsError():
            terminal.fail_usage("; ".join(error.faults))
        case terminal.TooLargeError():
            terminal.fail_examined(str(error))
        case DomainError():
            terminal.fail_examined(str(error.message))
        case OSError():
            terminal.fail_usage(f"{error.filename or 'the system'}: {error.strerror or error}")
        case _ if _database_is_missing(error):
            terminal.fail_usage(
                "the database cannot be reached or lacks its tables; try: unionapp db upgrade"
            )


def _database_is_missing(error: Exception) -> bool:
    loaded = sys.modules.get("sqlalchemy.exc")  # commands that need no database never load it
    return loaded is not None and isinstance(error, (loaded.OperationalError, loaded.ProgrammingError))


def _make_app(settings: Settings) -> Flask:
    from unionapp.app import create_app  # noqa: PLC0415  # only commands that need the database pay for it

    return create_app(settings)

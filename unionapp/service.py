"""Commands of the officer who runs the server: serve, work, db, audit."""

import logging
import socket
from typing import TYPE_CHECKING, Any

import click

from unionapp.kernel import terminal

if TYPE_CHECKING:
    from flask import Flask

THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    type=click.IntRange(0, 65535),
    show_default=True,
    help="Port of the members' site or the reporting site.",
)
@click.option("--site", type=click.Choice(["members", "reporting"]), default="members", show_default=True)
@click.option("--workers", default=2, type=click.IntRange(1, 64), show_default=True, help="Processes.")
def serve(host: str, port: int, site: str, workers: int) -> None:
    """Serve the members' site, or the reporting site, over HTTP."""
    from unionapp.serving import serve_site  # noqa: PLC0415  # gunicorn only here

    settings = terminal.settings()
    _require_free(host, port)
    serve_site(settings, site=site, bind=f"{host}:{port}", workers=workers)


def _require_free(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on; gunicorn would try for five seconds, line by line."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:  # a host name that IDNA cannot encode
        terminal.fail_usage(f"cannot listen on {host}, port {port}: {getattr(error, 'strerror', error)}")


@click.command()
@click.option("--once", is_flag=True, help="Run what is due now, then end.")
def work(once: bool) -> None:  # noqa: FBT001  # click gives flags by position
    """Run jobs: letters and everything else that waits in the outbox."""
    from unionapp.app import create_app  # noqa: PLC0415
    from unionapp.kernel import jobs  # noqa: PLC0415
    from unionapp.kernel.queue import Wakener  # noqa: PLC0415

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)  # a line for each job helps nobody
    settings = terminal.settings()
    wakener = Wakener(settings)
    app = create_app(settings, wakener=wakener)
    if once:
        with app.app_context():
            terminal.say(f"{jobs.sweep()} jobs done")
        return
    wakener.work(app)


@click.group()
def jobs() -> None:
    """See what waits in the outbox and what was given up."""


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
def list_jobs(as_json: bool) -> None:  # noqa: FBT001  # click gives flags by position
    """Count the jobs that wait, and name those that were given up."""
    from unionapp.kernel import db as database  # noqa: PLC0415
    from unionapp.kernel import jobs as outbox  # noqa: PLC0415

    with terminal.opened_app(), database.read_only():
        session = database.session()
        waiting = sum(1 for _ in outbox.open_jobs(session))
        given_up = [
            {"id": str(job.id), "name": job.name, "error": job.error, "at": str(job.failed_at)}
            for job in outbox.failed_jobs(session)
        ]
    if as_json:
        terminal.say_json({"waiting": waiting, "given_up": given_up})
        return
    terminal.say(f"{waiting} waiting, {len(given_up)} given up")
    for job in given_up:
        terminal.say(f"  {job['at']} {job['name']}: {job['error']}")


@jobs.command()
def retry() -> None:
    """Try again what was given up: letters after the mail server was repaired, for example."""
    from unionapp.kernel import clock  # noqa: PLC0415
    from unionapp.kernel import jobs as outbox  # noqa: PLC0415
    from unionapp.kernel.unit_of_work import unit_of_work  # noqa: PLC0415

    with terminal.opened_app(), unit_of_work() as session:
        count = outbox.try_again(session, at=clock.now())
    terminal.say(f"{count} jobs will be tried again")


@click.group()
def db() -> None:
    """Look after the database's tables."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this version of the program."""
    with terminal.opened_app() as app:
        alembic(app).upgrade()
        terminal.say("the database is up to date")


@db.command()
def check() -> None:
    """Tell whether the tables are those of this version."""
    with terminal.opened_app() as app:
        if alembic(app).needs_upgrade():
            terminal.fail_examined("the database needs: unionapp db upgrade")
        differences = alembic(app).compare_metadata()
        if differences:
            terminal.fail_examined(f"the tables differ from the program: {differences}")
        terminal.say("the database is up to date")


@click.group()
def audit() -> None:
    """Check the audit log."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
def verify(as_json: bool) -> None:  # noqa: FBT001  # click gives flags by position
    """Walk the whole audit log and check that nothing was changed or taken out."""
    from unionapp.crypto.hashchain import ChainBrokenError  # noqa: PLC0415
    from unionapp.kernel import audit as log  # noqa: PLC0415
    from unionapp.kernel import db as database  # noqa: PLC0415

    with terminal.opened_app(), database.read_only():
        try:
            head = log.verify(database.session())
        except ChainBrokenError as error:
            terminal.fail_examined(f"the audit log is broken: {error}")
    if as_json:
        terminal.say_json({"events": head.length, "head": head.hash.hex()})
    else:
        terminal.say(f"the audit log holds: {head.length} events, head {head.hash.hex()}")


def alembic(app: "Flask") -> Any:
    """Return the application's migrations."""
    return app.extensions["alembic"]

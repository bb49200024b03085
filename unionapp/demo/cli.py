"""``unionapp demo``: make the demo's data if absent, start its three processes, stop them all."""

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path

import click

from unionapp import config
from unionapp.demo.people import PASSWORD, ROLES
from unionapp.demo.processes import Processes
from unionapp.kernel import terminal

FIRST_PORT = 8000
MARK = "demo.json"


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the demo's data. [default: instance in the current folder]",
)
def demo(data: Path | None) -> None:
    """Show one fictional union's whole story in the browser, on this machine only."""
    folder = (data or Path.cwd() / "instance").resolve()
    environ = _environ(folder, _free_port(FIRST_PORT), _free_port(FIRST_PORT + 1))
    settings = config.from_env(environ)
    _require_ours(folder)
    with Processes({**_foreign(os.environ), **environ}) as running:
        if not (folder / MARK).exists():
            terminal.say("Making the demo's data …")
            _make(settings, folder)
        members, reporting = settings.members_url, settings.reporting_url
        port = reporting.rpartition(":")[2]
        running.start("unionapp.demo.site", members.rpartition(":")[2])
        running.start("unionapp", "serve", "--site", "reporting", "--port", port, "--workers", "1")
        running.start("unionapp", "work")
        running.wait_for(members, reporting)
        _tell(settings, json.loads((folder / MARK).read_text(encoding="utf-8")))
        running.wait()
    terminal.say("The demo has ended.")


def _foreign(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without this program's settings: a demo uses no real mail server."""
    return {name: value for name, value in environ.items() if not name.startswith(config.PREFIX)}


def _environ(folder: Path, members: int, reporting: int) -> dict[str, str]:
    return {
        "UNIONAPP_DATA_DIR": str(folder),
        "UNIONAPP_DATABASE_URL": f"sqlite:///{folder / 'unionapp.sqlite3'}",
        "UNIONAPP_QUEUE_URL": f"sqlite:///{folder / 'queue.sqlite3'}",
        # Two hosts, not only two ports: browsers share cookies between the ports of one host.
        "UNIONAPP_MEMBERS_URL": f"http://localhost:{members}",
        "UNIONAPP_REPORTING_URL": f"http://127.0.0.1:{reporting}",
        "UNIONAPP_SWEEP_SECONDS": "3",
        "UNIONAPP_DEMO": "1",
    }


def _free_port(wanted: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _require_ours(folder: Path) -> None:
    """Never write demo data into a real union's folder."""
    if (folder / "unionapp.sqlite3").exists() and not (folder / MARK).exists():
        terminal.fail_usage(f"{folder} holds data that is not the demo's; choose another folder with --data")


def _make(settings: config.Settings, folder: Path) -> None:
    from unionapp.demo.story import make_story  # noqa: PLC0415  # the whole program, only when data is made

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        facts = make_story(settings)
    except BaseException:
        for part in folder.glob("unionapp.sqlite3*"):
            part.unlink()
        raise
    (folder / MARK).write_text(json.dumps(facts, ensure_ascii=False, indent=2), encoding="utf-8")


def _tell(settings: config.Settings, facts: dict[str, str]) -> None:
    say = terminal.say
    say("")
    say(f"  Members and officers   {settings.members_url}/")
    say(f"  Anonymous reports      {settings.reporting_url}/")
    say(f"  Letters it would send  {settings.members_url}/demo/letters")
    say("")
    say(f"  Sign in with the password: {PASSWORD}")
    for role in ROLES:
        offices = ", ".join(office.value.replace("_", " ") for office in role.offices) or "member"
        say(f"    {role.email:<26} {offices}")
    say("")
    for label, value in facts.items():
        say(f"  {label}: {value}")
    say("")
    say("Ctrl-C ends the demo; its data stay for the next time.")

"""``unionapp ballots``: verify an archive, make a trustee's key, decrypt. No database, no web."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

import click

from unionapp.crypto.belenios import archive as archives
from unionapp.crypto.belenios.canonical import dump, load
from unionapp.crypto.belenios.conduct import tally_of
from unionapp.crypto.belenios.decryption import decrypt_partially
from unionapp.crypto.belenios.election import read_election
from unionapp.crypto.belenios.errors import InvalidObject, VerificationError
from unionapp.crypto.belenios.groups import Group, group_named
from unionapp.crypto.belenios.trustees import dump_trustee, generate_private_key, make_trustee, read_trustees
from unionapp.crypto.belenios.verify import Report, verify_file, verify_so_far
from unionapp.kernel import terminal

_FILE = click.Path(path_type=Path, dir_okay=False)
MOST_KEY_BYTES = 100_000
GROUPS = ("Ed25519", "BELENIOS-2048")


@click.group()
def ballots() -> None:
    """Verify elections; make trustees' keys and decrypt off line."""


@ballots.command()
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; all processors by default.")
def verify(file: Path, as_json: bool, jobs: int | None) -> None:  # noqa: FBT001  # click gives flags by position
    """Verify a complete election archive (.bel): exit 0 only when everything in it holds."""
    _need(file)
    try:
        report = verify_file(file, jobs)
    except VerificationError as error:
        if as_json:
            terminal.say_json(
                {"valid": False, "event": error.height, "type": error.event, "reason": error.reason}
            )
        terminal.fail_examined(f"{file}: {error}")
    if as_json:
        terminal.say_json(_facts(report))
    else:
        _say(report)


@ballots.command("trustee-key")
@click.option("--group", type=click.Choice(GROUPS), default=GROUPS[0], show_default=True)
@click.option("--out", type=_FILE, required=True, help="Private key file; it must not exist yet.")
def trustee_key(group: str, out: Path) -> None:
    """Make a trustee's key: the private file, and beside it the public one to hand in."""
    public_file = out.with_name(f"{out.name.removesuffix('.json')}.public.json")
    chosen = group_named(group)
    private = generate_private_key(chosen, secrets.randbelow)
    trustee = make_trustee(chosen, private, secrets.randbelow)
    public_key = chosen.encode(trustee.public_key)
    content = {"group": group, "private_key": str(private), "public_key": public_key}
    _write_new(out, dump(content))
    _write_new(public_file, dump_trustee(chosen, trustee))
    terminal.say(f"private key, for you alone: {out}")
    terminal.say(f"public key, to hand in:     {public_file}")


@ballots.command("trustee-decrypt")
@click.argument("archive", type=_FILE)
@click.option("--key", type=_FILE, required=True, help="Private key file.")
@click.option("--out", type=_FILE, required=True, help="Decryption to hand in; it must not exist yet.")
def trustee_decrypt(archive: Path, key: Path, out: Path) -> None:
    """Verify a closed archive, then decrypt a trustee's part of its sum; single votes stay closed."""
    _need(archive)
    _need(key)
    try:
        read = archives.read_file(archive)
        verify_so_far(read)
    except VerificationError as error:
        terminal.fail_examined(f"{archive}: {error}")
    if archives.ENCRYPTED_TALLY not in {record.link.type for record in read.records}:
        terminal.fail_examined(f"{archive}: the vote is not closed, there is no encrypted tally")
    election = read_election(read.records[0].data[0])
    private, public_key = _read_key(key, election.group)
    trustees = read_trustees(election.group, read.records[0].data[1])
    if public_key not in [election.group.encode(trustee.public_key) for trustee in trustees]:
        terminal.fail_examined(f"{key}: not a key of this election's trustees")
    share = decrypt_partially(election, tally_of(read, election), private, secrets.randbelow)
    _write_new(out, share)
    terminal.say(f"decryption, to hand in: {out}")


def _read_key(path: Path, group: Group) -> tuple[int, str]:
    try:
        return _checked_key(terminal.read_file(path, MOST_KEY_BYTES), group)
    except (InvalidObject, OSError) as error:
        terminal.fail_examined(f"{path}: {error}")


def _checked_key(raw: bytes, group: Group) -> tuple[int, str]:
    content = load(raw)
    if not isinstance(content, dict) or set(content) != {"group", "private_key", "public_key"}:
        raise InvalidObject("not a private key file")
    if content["group"] != group.name:
        raise InvalidObject(f"the key is not of the group {group.name}")
    private, public_key = group.scalar(content["private_key"]), content["public_key"]
    if not isinstance(public_key, str) or group.encode(group.base_power(private)) != public_key:
        raise InvalidObject("the two halves do not belong together")
    return private, public_key


def _need(path: Path) -> None:
    if not path.exists():
        terminal.fail_usage(f"{path}: there is no such file")


def _write_new(path: Path, content: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        terminal.fail_usage(f"{path}: {error.strerror}")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _facts(report: Report) -> dict[str, Any]:
    return {
        "valid": True,
        "uuid": report.uuid,
        "name": report.name,
        "group": report.group,
        "fingerprint": report.fingerprint,
        "credentials": report.credentials,
        "ballots": report.ballots,
        "revotes": report.revotes,
        "voters": report.voters,
        "trustees": report.trustees,
        "questions": [
            {"question": question.question, "counts": _counts(question.answers, question.blank, counts)}
            for question, counts in zip(report.questions, report.result or (), strict=True)
        ],
        "events": report.events,
        "last_event": report.last_event,
        "checks": list(report.checks),
    }


def _counts(answers: tuple[str, ...], blank: bool, counts: tuple[int, ...]) -> list[dict[str, Any]]:  # noqa: FBT001
    names = ["blank", *answers] if blank else list(answers)
    return [{"answer": name, "votes": votes} for name, votes in zip(names, counts, strict=True)]


def _say(report: Report) -> None:
    say = terminal.say
    say(f"valid and complete: {json.dumps(report.name, ensure_ascii=False)}")
    say(f"  election {report.uuid}, group {report.group}, fingerprint {report.fingerprint}")
    say(f"  {report.voters} of {report.credentials} credentials voted; {report.revotes} ballots replaced")
    for question, counts in zip(report.questions, report.result or (), strict=True):
        say(f"  {json.dumps(question.question, ensure_ascii=False)}")
        for line in _counts(question.answers, question.blank, counts):
            say(f"    {line['votes']:>8}  {json.dumps(line['answer'], ensure_ascii=False)}")
    say(f"  {report.events} events, the last one {report.last_event}")

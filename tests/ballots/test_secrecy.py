"""What is kept about who votes never meets what is voted: columns, orders, times, code."""

import ast
import random
from datetime import datetime
from pathlib import Path

from sqlalchemy import event, inspect, select, text

from tests.factories.ballots import NO, YES, cast, close, decrypt, encrypt, letters, make_open
from unionapp.ballots import box, roll
from unionapp.crypto.belenios.credentials import public_credential
from unionapp.kernel import db
from unionapp.kernel.access import Permission
from unionapp.kernel.jobs import OutboxJob
from unionapp.kernel.throttle import Attempt

BOX = (box.Box, box.BoxEvent, box.BoxDatum, box.BoxCredential, box.BoxBallot)


def columns(table):
    return {column.name: column for column in inspect(table).columns}


def test_roll_and_box_share_only_the_election():
    for table in BOX:
        assert set(columns(table)) & set(columns(roll.Voter)) == {"election_id"}
        targets = {key.column.table.name for column in columns(table).values() for key in column.foreign_keys}
        assert targets == {"election"}


def test_neither_keeps_a_time():
    for table in (*BOX, roll.Voter):
        for column in columns(table).values():
            assert column.type.python_type is not datetime, column
    assert set(columns(box.Box)) == {"election_id", "timestamp", "accepting", "last_event"}


def test_no_other_table_refers_to_a_row_of_the_box():
    for table in db.Model.metadata.tables.values():
        for key in table.foreign_keys:
            assert not key.column.table.name.startswith(("box", "roll")), key


def test_the_modules_do_not_know_each_other():
    folder = Path(box.__file__).parent
    for name, other in (("box", "roll"), ("roll", "box")):
        tree = ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))
        imported = {
            f"{node.module}.{alias.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert not any(other in each.split(".") for each in imported)


def test_credentials_and_roll_lie_in_orders_of_their_own(session, at):
    written = {}

    @event.listens_for(session, "do_orm_execute")
    def note(execution):
        if execution.is_insert and isinstance(execution.parameters, list):
            written[execution.statement.table.name] = list(execution.parameters)

    made = make_open(session, at, voters=30)
    credentials = [row["credential"] for row in written["box_credential"]]
    assert credentials == sorted(credentials)
    by_letter = [
        public_credential(made.group, made.election.belenios_id, letter["facts"]["code"])
        for letter in letters(session, "code")
    ]
    assert sorted(by_letter) == credentials
    members = [str(row["member_id"]) for row in written["roll_voter"]]
    assert members == sorted(members)
    if session.get_bind().dialect.name == "sqlite":  # PostgreSQL puts rows wherever there is room
        assert list(session.scalars(text("SELECT credential FROM box_credential"))) == credentials


def test_codes_are_kept_nowhere_but_in_their_letters(session, at):
    made = make_open(session, at)
    code = made.codes[0]
    credential = public_credential(made.group, made.election.belenios_id, code)
    for row in session.scalars(select(OutboxJob).where(OutboxJob.name == "mail.deliver")):
        assert credential not in row.payload
    for table in db.Model.metadata.sorted_tables:
        if table.name == OutboxJob.__tablename__:
            continue
        for row in session.execute(select(table)):
            assert code not in repr(tuple(row)), table.name


def test_casting_touches_only_the_box(session, at):
    made = make_open(session, at)
    session.flush()

    def contents():
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
            for table in db.Model.metadata.sorted_tables
        }

    before = contents()
    cast(session, made, made.codes[0], YES, at)
    session.flush()
    changed = {name for name, rows in contents().items() if rows != before[name]}
    assert changed == {"box", "box_event", "box_datum", "box_ballot"}


def test_a_cast_by_the_web_leaves_no_attempt(client, session, at):
    made = make_open(session, at)
    assert (
        client.post(f"/ballots/{made.election.id}/cast", data=encrypt(made, made.codes[0], YES)).status_code
        == 200
    )
    assert client.post(f"/ballots/{made.election.id}/cast", data=b"{").status_code in {422, 429}
    assert session.scalars(select(Attempt)).all() == []


def test_the_archive_names_nobody(session, at):
    made = make_open(session, at)
    for code in random.sample(made.codes, 3):
        cast(session, made, code, NO, at)
    close(session, made, at)
    decrypt(session, made, at)
    raw = b"".join(box.file(session, made.election.id))
    for actor in (made.committee, *made.trustees):
        assert str(actor.member_id).encode() not in raw
        assert actor.name.encode() not in raw
    assert Permission.BALLOT_VOTE.encode() not in raw

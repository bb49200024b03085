"""The database: the model base, the two engines' settings, and the session of the present request or job."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, Text, TypeDecorator, Uuid, event
from sqlalchemy.orm import DeclarativeBase, Session

from unionapp.config import Settings
from unionapp.kernel.bilingual import Bilingual, BilingualType

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_PATIENCE = 30_000  # ms that a writer waits for another
_REMAINS_PATIENCE = 250  # ms: nobody's request shall wait long for tidiness

reading_only: ContextVar[bool] = ContextVar("reading_only", default=False)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC on both engines; a naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else (value.replace(tzinfo=UTC) if value.tzinfo is None else value)


class Model(DeclarativeBase):
    """Base of every table. Constraint names follow one convention, so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads this attribute as it is
        datetime: UTCDateTime,
        uuid.UUID: Uuid,
        str: Text,
        Bilingual: BilingualType,
    }


def new_id() -> uuid.UUID:
    """Return a random identifier: it tells neither the order nor the time of what it names."""
    return uuid.uuid4()


database = SQLAlchemy()


def session() -> Session:
    """Return the session of the present request, job or command; it is closed when that ends."""
    return database.session


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application its engine, configured for SQLite or PostgreSQL."""
    _make_private(settings.database_url)
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": settings.database_url, "hide_parameters": True}}
    database.init_app(app)
    with app.app_context():
        configure(database.engine)


def configure(engine: Engine) -> None:
    """Set what the program relies on: durable writes, no lost updates, no remains of deleted rows."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def leave_no_remains() -> None:
    """Empty SQLite's journal into the file, where ``secure_delete`` has overwritten what was deleted.

    Until then the journal still holds the old pages. For ``after_commit`` of an erasure; the worker calls it
    with each sweep as well: while somebody reads or writes, SQLite leaves the journal to the next sweep.
    PostgreSQL has nothing like it: there old rows live until VACUUM, and in the log until it is recycled.
    """
    if database.engine.dialect.name != "sqlite":
        return
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_REMAINS_PATIENCE}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    finally:
        connection.close()


@contextmanager
def read_only() -> Iterator[None]:
    """Open transactions inside this block so that the database itself refuses writes."""
    token = reading_only.set(True)
    try:
        yield
    finally:
        reading_only.reset(token)


def _make_private(url: str) -> None:
    """Make SQLite's file for its owner only; its journals take over the file's rights."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).touch(mode=0o600)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN is deferred and loses writes under load
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_PATIENCE}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = reading_only.get()
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if reading_only.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")

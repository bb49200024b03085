"""One request, one transaction: the only module that commits or rolls back."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, Response, g, has_request_context, request
from sqlalchemy.orm import Session

from unionapp.kernel import db
from unionapp.kernel.faults import log_fault

log = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_ERROR_STATUS = 400
_AFTER = "unionapp_after_commit"

AfterCommit = Callable[[], None]
Keep = Callable[[Session], None]


def init_app(app: Flask) -> None:
    """Commit after answers below 400, roll back otherwise.

    Call it before any other ``after_request``: Flask runs these in reverse order, so the commit comes last.
    """
    app.before_request(_choose_mode)
    app.after_request(_finish)
    app.teardown_request(_forget_mode)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Give a session to a job or command; commit when the block ends well, roll back when it raises."""
    with db.database.sessionmaker() as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        _run_after_commit(session)


def after_commit(session: Session, action: AfterCommit) -> None:
    """Run ``action`` once the session's transaction is stored; never when it is rolled back.

    An action that raises is told to the log: the transaction is stored all the same.
    """
    session.info.setdefault(_AFTER, []).append(action)


def record_anyway(keep: Keep) -> None:
    """Keep a row although the request is refused (a failed sign-in, a counted attempt).

    ``keep`` runs after the request's own transaction has ended, in a short session of its own.
    """
    if has_request_context():
        g.setdefault("kept_anyway", []).append(keep)
    else:
        _keep(keep)


def _choose_mode() -> None:
    # Safe methods cannot write: the transaction is read-only, and nobody waits for a reader's lock.
    g.reading_token = db.reading_only.set(request.method in SAFE_METHODS)


def _forget_mode(_error: BaseException | None) -> None:
    token = g.pop("reading_token", None)
    if token is not None:
        db.reading_only.reset(token)


def _finish(response: Response) -> Response:
    session = db.session()
    if response.status_code < FIRST_ERROR_STATUS and request.method not in SAFE_METHODS:
        session.commit()
        _run_after_commit(session)
    else:
        session.rollback()
        session.info.pop(_AFTER, None)
    for keep in g.pop("kept_anyway", []):
        try:
            _keep(keep)
        except Exception as error:  # noqa: BLE001  # the answer is decided: an error page now would say "nothing was changed"
            log_fault(log, f"a row to be kept anyway was lost at {request.endpoint}", error)
    return response


def _keep(keep: Keep) -> None:
    token = db.reading_only.set(False)
    try:
        with db.database.sessionmaker() as session:
            keep(session)
            session.commit()
    finally:
        db.reading_only.reset(token)


def _run_after_commit(session: Session) -> None:
    for action in session.info.pop(_AFTER, []):
        try:
            action()
        except Exception as error:  # noqa: BLE001  # what was stored stays stored: it must not be reported as failed
            log_fault(log, "an action after a commit failed", error)

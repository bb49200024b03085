"""Four people save one clause fifty times each, at once: every save is stored or shown as a clash."""

import json
import subprocess
import sys
from collections import Counter

import pytest

from tests.conftest import NoQueue
from tests.factories.bargaining import edit, head, make_draft, make_negotiator
from unionapp import config
from unionapp.app import create_app
from unionapp.bargaining import queries
from unionapp.bargaining.models import Agreement, Deed, LineKind
from unionapp.bargaining.operations.changesets import chained
from unionapp.crypto import hashchain
from unionapp.kernel import audit, clock, db
from unionapp.kernel.unit_of_work import unit_of_work

pytestmark = pytest.mark.slow

WRITERS = 4
SAVES = 50

WRITER = """
import json, os, sys, time, uuid
from pathlib import Path
from tests.conftest import NoQueue
from tests.factories.bargaining import head
from unionapp import config
from unionapp.app import create_app
from unionapp.bargaining import operations
from unionapp.bargaining.models import Agreement
from unionapp.kernel import clock
from unionapp.kernel.access import Actor, Permission
from unionapp.kernel.unit_of_work import unit_of_work

facts = json.loads(sys.argv[1])
agreement_id, unit_id = uuid.UUID(facts["agreement"]), uuid.UUID(facts["unit"])
actor = Actor(uuid.UUID(facts["member"]), frozenset({Permission.AGREEMENT_DRAFT}))
app = create_app(config.from_env(os.environ), wakener=NoQueue())
outcomes = []
with app.app_context():
    for turn in range(facts["saves"]):
        with unit_of_work() as session:
            seen = head(session, actor, session.get(Agreement, agreement_id))
            base, texts = seen.changeset.id, dict(seen.document.by_id[unit_id].texts)
        if turn == 0:  # all have read the same version before anybody saves: they do meet
            meeting = Path(os.environ["UNIONAPP_DATA_DIR"])
            (meeting / f"read-{facts['name']}").touch()
            while len(list(meeting.glob("read-*"))) < facts["writers"]:
                time.sleep(0.01)
        mark = f"{facts['name']}{turn:02}"
        lines = texts["ja"].split("、")
        # Two writers work on places of their own, two fight for the same words.
        place = facts["place"]
        lines[place] = mark
        texts["ja"] = "、".join(lines)
        with unit_of_work() as session:
            agreement = session.get(Agreement, agreement_id)
            edit = operations.Edit(base, texts, mark)
            found = operations.save_unit(session, agreement, unit_id, edit, actor=actor, at=clock.now())
            if isinstance(found, operations.Clash):
                outcomes.append([mark, "clash", mark in found.mine["ja"]])
            else:
                outcomes.append([mark, "saved", found.changeset is not None])
print(json.dumps(outcomes))
"""


@pytest.fixture
def environ(request, tmp_path):
    common = {"UNIONAPP_DATA_DIR": str(tmp_path / "data"), "UNIONAPP_SECRET_KEY": "only-for-tests-" * 3}
    if request.config.getoption("--engine") == "sqlite":
        yield {**common, "UNIONAPP_DATABASE_URL": f"sqlite:///{tmp_path / 'drafts.sqlite3'}"}
        return
    from tests.postgresql import fresh_database  # noqa: PLC0415  # only where PostgreSQL is asked for

    with fresh_database("drafts") as url:
        yield {**common, "UNIONAPP_DATABASE_URL": url}


@pytest.fixture
def drafts_app(environ):
    app = create_app(config.from_env(environ), wakener=NoQueue())
    with app.app_context():
        db.Model.metadata.create_all(db.database.engine)
        yield app
        db.database.engine.dispose()


def begin():
    with unit_of_work() as session:
        actor = make_negotiator(session)
        agreement, (_first, unit_id, *_rest) = make_draft(session, actor, at=clock.now())
        edit_start(session, agreement, unit_id, actor)
        return agreement.id, unit_id, actor


def edit_start(session, agreement, unit_id, actor):
    start = "甲は、い00、乙は、ろ00、丙は、は00、終わり"
    edit(session, agreement, actor, unit_id, base=head(session, actor, agreement), ja=start, at=clock.now())


def start_writers(environ, agreement_id, unit_id, actor):
    names = [("x", 1), ("y", 3), ("p", 5), ("q", 5)]
    return [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                WRITER,
                json.dumps(
                    {
                        "agreement": str(agreement_id),
                        "unit": str(unit_id),
                        "member": str(actor.member_id),
                        "saves": SAVES,
                        "writers": WRITERS,
                        "name": name,
                        "place": place,
                    }
                ),
            ],
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path), **environ},
            stdout=subprocess.PIPE,
            text=True,
        )
        for name, place in names
    ]


def test_nothing_is_lost_when_four_write_one_clause(environ, drafts_app):
    agreement_id, unit_id, actor = begin()
    writers = start_writers(environ, agreement_id, unit_id, actor)
    told = [writer.communicate(timeout=240)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    outcomes = [tuple(outcome) for each in told for outcome in json.loads(each)]
    assert len(outcomes) == WRITERS * SAVES
    assert all(kept for _mark, _what, kept in outcomes)
    with unit_of_work() as session:
        agreement = session.get(Agreement, agreement_id)
        line = queries.line_of(session, agreement, LineKind.UNION_WORKING)
        steps = list(reversed(queries.changesets_of(session, line)))
        hashchain.verify_chain([(chained(step), step.hash) for step in steps])
        assert [step.number for step in steps] == list(range(1, len(steps) + 1))
        assert [step.parent_id for step in steps[1:]] == [step.id for step in steps[:-1]]
        written = {step.message: step for step in steps if step.message}
        saved = {mark for mark, what, _kept in outcomes if what == "saved"}
        assert set(written) == saved
        for mark in saved:
            assert mark in body_at(session, agreement, written[mark], unit_id), mark
        assert keeps_what_others_wrote(session, agreement, steps, unit_id)
        what = Counter(what for _mark, what, _kept in outcomes)
        assert what["saved"] >= 2 * SAVES  # the two with places of their own never clash
        assert not {mark[0] for mark, kind, _kept in outcomes if kind == "clash"} & {"x", "y"}
        assert any(step.deed is Deed.MERGED for step in steps), "they never met: the test proves nothing"
        audit.verify(session)


def body_at(session, agreement, step, unit_id):
    return queries.document_at(session, agreement, step).by_id[unit_id].texts["ja"]


def keeps_what_others_wrote(session, agreement, steps, unit_id):
    """Each step changes the writer's own place only: nobody's words vanish by somebody else's save."""
    places = {"x": 1, "y": 3, "p": 5, "q": 5}
    bodies = [body_at(session, agreement, step, unit_id).split("、") for step in steps if step.message]
    names = [step.message[0] for step in steps if step.message]
    for before, after, name in zip(bodies, bodies[1:], names[1:], strict=False):
        changed = {index for index, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]}
        assert changed <= {places[name]}
    return True

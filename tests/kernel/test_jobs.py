import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from unionapp.kernel import clock, db, jobs
from unionapp.kernel.jobs import OutboxJob
from unionapp.kernel.queue import Wakener
from unionapp.kernel.unit_of_work import unit_of_work

DONE = []


@jobs.job("test.note")
def note(_session, payload, _at):
    DONE.append(payload["text"])


@jobs.job("test.fail")
def fail(_session, payload, _at):
    raise ValueError(payload["text"])


@pytest.fixture(autouse=True)
def empty():
    DONE.clear()


def put(name, at, **payload):
    with unit_of_work() as session:
        return jobs.enqueue(session, name, payload, at=at)


def row(job_id):
    db.session().expire_all()
    return db.session().get(OutboxJob, job_id)


def test_a_job_runs_after_the_commit_and_its_payload_goes(app_context, at):
    job_id = put("test.note", at, text="word")
    assert app_context.extensions["unionapp_wake"].__self__.woken[-1] == str(job_id)
    assert jobs.run(job_id, at=at)
    assert DONE == ["word"]
    assert row(job_id).payload == "{}"
    assert row(job_id).done_at is not None


def test_a_job_of_a_transaction_that_fails_never_was(app_context, at):
    def failing():
        with unit_of_work() as session:
            jobs.enqueue(session, "test.note", {"text": "never"}, at=at)
            raise KeyError

    before = len(app_context.extensions["unionapp_wake"].__self__.woken)
    with pytest.raises(KeyError):
        failing()
    assert jobs.sweep(at) == 0
    assert len(app_context.extensions["unionapp_wake"].__self__.woken) == before
    assert DONE == []


def test_a_job_is_not_run_twice(app_context, at):
    job_id = put("test.note", at, text="once")
    assert jobs.run(job_id, at=at)
    assert not jobs.run(job_id, at=at)
    assert DONE == ["once"]


def test_a_leased_job_waits_until_the_lease_is_over(app_context, at):
    job_id = put("test.note", at, text="later")
    with unit_of_work() as session:
        session.get(OutboxJob, job_id).leased_until = at + timedelta(seconds=60)
    assert jobs.sweep(at) == 0
    assert jobs.sweep(at + timedelta(seconds=61)) == 1
    assert DONE == ["later"]


def test_a_failing_job_waits_longer_each_time_and_is_given_up(app_context, at, caplog):
    job_id = put("test.fail", at, text="a secret the job was working on")
    pauses = []
    moment = at
    for _attempt in range(jobs.MAX_ATTEMPTS):
        assert not jobs.run(job_id, at=moment)
        found = row(job_id)
        pauses.append(found.not_before - moment)
        moment = found.not_before + timedelta(seconds=1)
    assert row(job_id).failed_at is not None
    assert pauses[1] > pauses[0]
    assert row(job_id).error == "ValueError"
    assert "a secret" not in "".join(record.getMessage() for record in caplog.records)
    assert json.loads(row(job_id).payload) == {"text": "a secret the job was working on"}
    assert not jobs.run(job_id, at=moment)


def test_an_unknown_job_is_refused_at_once(app_context, at, session):
    with pytest.raises(KeyError):
        jobs.enqueue(session, "test.nothing", {}, at=at)
    assert session.scalars(select(OutboxJob).where(OutboxJob.name == "test.nothing")).all() == []


def test_a_queue_that_cannot_be_reached_delays_but_loses_nothing(app_context, at, monkeypatch, caplog):
    def broken(_job_id):
        raise OSError("no queue")

    monkeypatch.setitem(app_context.extensions, "unionapp_wake", broken)
    put("test.note", at, text="found by the sweep")
    assert "no worker could be woken" in caplog.text
    assert jobs.sweep(at) == 1
    assert DONE == ["found by the sweep"]


def test_a_job_late_in_a_long_sweep_has_its_whole_lease(app_context, at, settings):
    leases = []

    @jobs.registry.job("test.lease")
    def lease(session, _payload, _at):
        present = select(OutboxJob.leased_until).where(OutboxJob.leased_until.is_not(None))
        leases.append(session.scalar(present) - clock.now())
        traveller.shift(settings.job_lease_seconds)

    with time_machine.travel(at, tick=False) as traveller:
        for _job in range(2):
            put("test.lease", at)
        assert jobs.sweep() == 2
    del jobs.registry.handlers["test.lease"]
    assert leases == [timedelta(seconds=settings.job_lease_seconds)] * 2


def test_a_job_that_kills_its_workers_is_given_up(app_context, at, caplog):
    job_id = put("test.note", at, text="never reached")
    with unit_of_work() as session:
        session.get(OutboxJob, job_id).attempts = jobs.MAX_ATTEMPTS
    assert not jobs.run(job_id, at=at)
    assert row(job_id).failed_at == at
    assert "given up" in caplog.text
    assert DONE == []


def test_a_sweep_that_fails_is_not_the_last_one(app, settings, monkeypatch, caplog):
    stop, sweeps = threading.Event(), []

    def sweep():
        sweeps.append(1)
        if len(sweeps) == 1:
            raise OSError("the database is away")
        stop.set()

    monkeypatch.setattr(jobs, "sweep", sweep)
    wakener = Wakener(replace(settings, sweep_seconds=0.01))
    wakener.app = app
    wakener._sweep_until(stop)  # what the sweeper's thread runs
    wakener.close()
    assert len(sweeps) == 2
    assert "a sweep failed" in caplog.text


def test_what_has_served_is_forgotten(app_context, at):
    done = put("test.note", at, text="word")
    failed = put("test.fail", at, text="x")
    assert jobs.run(done, at=at)
    with unit_of_work() as session:
        session.get(OutboxJob, failed).failed_at = at
    jobs.sweep(clock.now() + jobs.KEEP_DONE - timedelta(minutes=1))
    assert row(done) is not None
    jobs.sweep(clock.now() + jobs.KEEP_DONE + timedelta(minutes=1))
    assert row(done) is None
    assert row(failed) is not None
    jobs.sweep(clock.now() + jobs.KEEP_FAILED + timedelta(minutes=1))
    assert row(failed) is None

"""Pages of somebody who asks to join."""

import uuid
from datetime import timedelta

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.kernel import clock, db, throttle
from unionapp.kernel.access import PUBLIC
from unionapp.kernel.errors import NotFoundError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.throttle import Limit
from unionapp.kernel.tokens import read
from unionapp.kernel.web import page
from unionapp.membership import mail, operations, queries
from unionapp.membership.forms import ApplicationForm
from unionapp.membership.models import Application, ApplicationState
from unionapp.membership.views.blueprint import bp

CONSENT_VERSION = "2026-11"  # change it with every change of your_data.html that alters its meaning
FROM_ONE_PLACE = Limit("apply from one place", 30, timedelta(hours=1))
FOR_ONE_ADDRESS = Limit("apply for one address", 5, timedelta(hours=1))


class LinkEndedError(NotFoundError):
    """A mailed link is too old, or was cut."""

    message = lazy(
        "This link has ended or is not complete. Open it from the letter once more, or apply again."
    )


@bp.route("/apply", methods=["GET", "POST"], access=PUBLIC)
def apply() -> BaseResponse:
    form = ApplicationForm()
    if form.validate_on_submit():
        session, at = db.session(), clock.now()
        throttle.count(session, FROM_ONE_PLACE, throttle.network_of(request.remote_addr), at=at)
        throttle.count(session, FOR_ONE_ADDRESS, (form.email.data or "").casefold(), at=at)
        operations.submit(session, form.particulars(form.email.data), consent_version=CONSENT_VERSION, at=at)
        return redirect(url_for("membership.sent"), code=303)
    return page("membership/apply.html", form=form, studios=queries.studios(db.session()))


@bp.get("/apply/sent", access=PUBLIC)
def sent() -> Response:
    return page("membership/sent.html", days=mail.CONFIRM_DAYS)


@bp.get("/your-data", access=PUBLIC)
def your_data() -> Response:
    return page("membership/your_data.html", version=CONSENT_VERSION, days=mail.CONFIRM_DAYS)


@bp.route("/apply/confirm/<token>", methods=["GET", "POST"], access=PUBLIC)
def confirm(token: str) -> BaseResponse:
    application = _named(mail.CONFIRM, token, mail.CONFIRM_AGE)
    if application.state is not ApplicationState.SUBMITTED:
        return redirect(_follow(application), code=303)
    if request.method == "POST":
        operations.confirm(db.session(), application, at=clock.now())
        return redirect(_follow(application), code=303)
    return page("membership/confirm.html", token=token, application=application)


@bp.get("/application/<token>", access=PUBLIC)
def follow(token: str) -> Response:
    application = _named(mail.FOLLOW, token, mail.FOLLOW_AGE)
    return page("membership/follow.html", token=token, application=application)


@bp.post("/application/<token>/withdraw", access=PUBLIC)
def withdraw(token: str) -> BaseResponse:
    application = _named(mail.FOLLOW, token, mail.FOLLOW_AGE)
    operations.withdraw(db.session(), application, at=clock.now())
    return redirect(url_for("membership.follow", token=token), code=303)


@bp.post("/application/<token>/erase", access=PUBLIC)
def erase(token: str) -> BaseResponse:
    application = _named(mail.FOLLOW, token, mail.FOLLOW_AGE)
    operations.erase(db.session(), application, at=clock.now())
    return redirect(url_for("membership.follow", token=token), code=303)


def _named(purpose: str, token: str, max_age: int) -> Application:
    subject = read(purpose, token, max_age=max_age)
    if subject is None:
        raise LinkEndedError
    return queries.application_of(db.session(), uuid.UUID(subject), locked=request.method == "POST")


def _follow(application: Application) -> str:
    return url_for("membership.follow", token=mail.follow_token(application.id))

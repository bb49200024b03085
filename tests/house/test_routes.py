"""Every address, its methods and its rule stand in routes.txt: a changed right is a changed line."""

import os
from pathlib import Path

import pytest

from unionapp.kernel.access import PUBLIC
from unionapp.kernel.web import Blueprint

LIST = Path(__file__).with_name("routes.txt")


def lines(name, app):
    rules = app.extensions["unionapp_access"]
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
        yield f"{name:<10} {rule.rule:<60} {methods:<10} {rules[rule.endpoint].name}"


def test_the_list_of_addresses_is_the_one_checked_in(app, reporting_app):
    found = "\n".join(sorted([*lines("members", app), *lines("reporting", reporting_app)])) + "\n"
    if os.environ.get("UPDATE_ROUTES"):
        LIST.write_text(found, encoding="utf-8")
    assert found == LIST.read_text(encoding="utf-8"), "run with UPDATE_ROUTES=1 and read the difference"


def test_a_route_without_a_rule_is_refused():
    bp = Blueprint("planted", __name__)
    with pytest.raises(TypeError, match="declares no access"):
        bp.get("/x")(lambda: "")


def test_a_rule_added_late_is_refused_too():
    bp = Blueprint("planted", __name__)
    with pytest.raises(TypeError, match="declares no access"):
        bp.add_url_rule("/x", view_func=lambda: "")
    bp.add_url_rule("/x", "x", view_func=lambda: "", access=PUBLIC)
    assert bp.rules == {"planted.x": PUBLIC}


def test_the_reporting_site_sets_no_cookie_and_knows_no_account(reporting_app):
    assert not [rule.rule for rule in reporting_app.url_map.iter_rules() if "account" in rule.rule]
    assert "unionapp_hasher" not in reporting_app.extensions

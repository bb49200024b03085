"""The documents say what is: settings, named files and tests, links, the README's two commands."""

import html
import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import NoQueue
from unionapp import config
from unionapp.app import create_app
from unionapp.kernel import db

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
# Made by the browser tests; a checkout before their first run has no folder of pictures.
PICTURES = {
    "join-ja-390",
    "report-ja-390",
    "vote-ja-390",
    "redline-ja-1280",
    "result-en-1280",
    "import-en-1280",
}
MADE_HERE = {"DATA_DIR", "DATABASE_URL", "QUEUE_URL", "SECRET_KEY"}  # their defaults are said in words

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
ROW = re.compile(r"^\| `UNIONAPP_(\w+)` \| (.+?) \| ", re.MULTILINE)
NAMED = re.compile(
    r"`((?:tests|unionapp|docs|migrations|translations)/[\w./*-]*[\w/*]|wsgi\.py|pyproject\.toml)`"
)


def relative(path):
    return str(path.relative_to(ROOT))


def prose(path):
    """Return a document without its blocks of code."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def settings_table():
    rows = ROW.findall((DOCS / "operations.md").read_text(encoding="utf-8"))
    assert len(rows) == len(dict(rows)), "a setting stands twice"
    return dict(rows)


def shown_default(settings, name):
    """Return a default as the table shows it."""
    group, _, field = name.lower().partition("_")
    found = getattr(settings.mail, field) if group == "mail" else getattr(settings, name.lower())
    if found == "":
        return "empty"
    number = int(found) if isinstance(found, bool) or found in {60.0, 15.0} else found
    return f"`{number}`"


@pytest.mark.engine_free
def test_every_setting_stands_in_the_table_and_no_other():
    assert set(settings_table()) == config.KNOWN


@pytest.mark.engine_free
def test_the_table_tells_the_defaults_that_are(tmp_path):
    settings = config.from_env({}, default_dir=tmp_path)
    table = settings_table()
    told = {name: table[name] for name in config.KNOWN - MADE_HERE}
    assert told == {name: shown_default(settings, name) for name in told}


@pytest.mark.engine_free
def test_settings_named_elsewhere_exist():
    for path in [*DOCUMENTS, ROOT / "tests" / "run"]:
        named = set(re.findall(r"UNIONAPP_([A-Z0-9_]+)\b", path.read_text(encoding="utf-8")))
        assert named - {"TEST_ENV"} <= config.KNOWN, relative(path)


@pytest.mark.engine_free
def test_the_readme_has_its_two_commands_and_no_third():
    blocks = FENCE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert [body.strip() for _language, body in blocks] == [
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/unionapp demo",
        "sh tests/run",
    ]


@pytest.mark.engine_free
def test_the_readme_shows_every_picture():
    shown = re.findall(
        r"!\[([^\]]+)\]\(docs/pictures/([\w-]+)\.png\)", (ROOT / "README.md").read_text("utf-8")
    )
    assert {name for _alternative, name in shown} == PICTURES
    assert all(len(alternative) > len("a picture") for alternative, _name in shown)


@pytest.mark.engine_free
@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_links_inside_lead_somewhere(path):
    missing = [
        target
        for target in LINK.findall(prose(path))
        if "://" not in target
        and not target.startswith("#")
        and not (path.parent / target.partition("#")[0]).exists()
        and ((DOCS / "pictures").is_dir() or "/pictures/" not in target)
    ]
    assert not missing


@pytest.mark.engine_free
@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_files_named_in_a_document_exist(path):
    missing = [name for name in NAMED.findall(prose(path)) if not list(ROOT.glob(name.rstrip("/")))]
    assert not missing


@pytest.mark.engine_free
def test_the_check_of_named_files_would_notice():
    assert NAMED.findall("see `tests/no/such.py`, `unionapp/x/` and `wsgi.py`") == [
        "tests/no/such.py",
        "unionapp/x/",
        "wsgi.py",
    ]


@pytest.mark.engine_free
def test_every_row_of_the_threat_model_names_a_test_or_says_that_there_is_none():
    text = (DOCS / "threat-model.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| attacker .*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    rows = [row for table in tables for row in table.splitlines()]
    assert len(rows) > 10  # the tables were found
    last = [row.rstrip("| ").rsplit("|", 1)[1].strip() for row in rows]
    assert not [
        cell for cell in last if not ("`tests/" in cell or cell == "–" or cell.startswith("code only"))
    ]


@pytest.mark.engine_free
def test_every_decision_stands_in_the_index():
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[(\d{4})\]\((\d{4}-[\w-]+\.md)\) \|", index, re.MULTILINE)
    assert [name for _number, name in listed] == [path.name for path in DECISIONS]
    assert all(name.startswith(number) for number, name in listed)


@pytest.mark.engine_free
def test_the_changelog_has_its_headings():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.split(r"^## ", text, flags=re.MULTILINE)[1]
    assert re.findall(r"^### (\w+)$", newest, re.MULTILINE) == [
        "Security", "Languages", "Accessibility", "Added", "Changed", "Fixed",
    ]  # fmt: skip


@pytest.mark.engine_free
def test_the_settings_file_of_operations_can_be_read():
    block = next(
        body
        for _language, body in FENCE.findall((DOCS / "operations.md").read_text(encoding="utf-8"))
        if body.startswith("UNIONAPP_DATA_DIR")
    )
    environ = dict(line.split("=", 1) for line in block.splitlines())
    settings = config.from_env({name: "".join(shlex.split(value)) for name, value in environ.items()})
    assert settings.secure
    assert settings.proxies == 1
    assert settings.union_name_en == "Fictional Animators' Union"


@pytest.mark.engine_free
def test_the_reporting_site_is_silent_in_the_example_of_nginx():
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    (example,) = [body for language, body in FENCE.findall(text) if language == "nginx"]
    reporting = example.split("server {")[2]
    for line in ("access_log off;", "error_log /dev/null emerg;", "proxy_request_buffering off;",
                 "proxy_buffering off;", 'X-Forwarded-For "";'):  # fmt: skip
        assert line in reporting
    assert "$remote_addr" not in reporting


def test_behind_https_as_operations_has_it_forms_are_taken_without_a_referer(settings, connection):
    """Our pages forbid the Referer, so a check of it would refuse every form over https."""
    environ = {
        "UNIONAPP_DATA_DIR": str(settings.data_dir),
        "UNIONAPP_DATABASE_URL": settings.database_url,
        "UNIONAPP_SECRET_KEY": settings.secret_key,
        "UNIONAPP_MEMBERS_URL": "https://union.example.jp",
        "UNIONAPP_REPORTING_URL": "https://report.example.jp",
        "UNIONAPP_PROXIES": "1",
        "UNIONAPP_ARGON2_MEMORY_KIB": "8",
    }
    app = create_app(config.from_env(environ), wakener=NoQueue())
    proxied = {
        "base_url": "http://union.example.jp",
        "headers": {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "union.example.jp"},
    }
    with app.app_context():
        db.database.sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
        client = app.test_client()
        shown = client.get("/account/sign-in", **proxied)
        cookie = shown.headers["Set-Cookie"]
        assert cookie.startswith("__Host-members=")
        assert "Secure" in cookie
        assert "Strict-Transport-Security" in shown.headers
        token = html.unescape(re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown.text).group(1))
        proxied["headers"]["Cookie"] = cookie.partition(";")[0]
        typed = {"email": "nobody@example.jp", "password": "a wrong password"}
        taken = client.post("/account/sign-in", data={**typed, "csrf_token": token}, **proxied)
        refused = client.post("/account/sign-in", data=typed, **proxied)
        db.database.engine.dispose()
    assert taken.status_code == 422  # read, and answered at its field
    assert refused.status_code == 400  # the token is still asked for

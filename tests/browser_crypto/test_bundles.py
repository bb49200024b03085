"""The vendored cryptography is what docs/vendor-bundles.md says, and keeps within the strictest policy."""

import base64
import hashlib
import json
import re

import pytest

from tests.browser_crypto.conftest import ROOT

VENDOR = ROOT / "unionapp" / "static" / "vendor"
DOCUMENT = (ROOT / "docs" / "vendor-bundles.md").read_text("utf-8")
BUILT = dict(re.findall(r"^([a-z0-9-]+\.js) sha384-(\S{64})$", DOCUMENT, re.MULTILINE))
NEEDS_LOOSER_POLICY = re.compile(r"\beval\(|\bnew Function\b|\bWebAssembly\.|\bimport\(|\binnerHTML\b")


def test_the_document_names_every_bundle() -> None:
    bundles = {
        path.name for pattern in ("noble-*.js", "hpke.js", "scure-*.js") for path in VENDOR.glob(pattern)
    }
    assert set(BUILT) == bundles


@pytest.mark.parametrize("name", sorted(BUILT))
def test_a_bundle_is_the_one_that_a_rebuild_gives(name: str) -> None:
    digest = base64.b64encode(hashlib.sha384((VENDOR / name).read_bytes()).digest()).decode()
    listed = {entry["file"]: entry for entry in json.loads((VENDOR / "manifest.json").read_text("utf-8"))}
    assert BUILT[name] == digest == listed[name]["sha384"]
    assert f"{listed[name]['name']}@{listed[name]['version']}" in DOCUMENT


@pytest.mark.parametrize("name", sorted(BUILT))
def test_a_bundle_neither_makes_code_nor_loads_any(name: str) -> None:
    assert not NEEDS_LOOSER_POLICY.search((VENDOR / name).read_text("utf-8"))


def test_our_modules_neither_make_code_nor_touch_pages() -> None:
    for folder in ("belenios", "sealing"):
        for path in (ROOT / "unionapp" / "static" / "js" / folder).glob("*.js"):
            text = path.read_text("utf-8")
            assert not NEEDS_LOOSER_POLICY.search(text), path.name
            assert not re.search(r"\bdocument\.|\bwindow\.", text), path.name

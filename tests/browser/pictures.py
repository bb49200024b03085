"""Pictures of pages: for looking at after a run, and, when asked, for the README."""

import os
from pathlib import Path

SHOTS = Path(__file__).parent / "shots"
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
LARGEST_BYTES = 200_000


def shot(visitor, name):
    """Keep a picture of the whole page in tests/browser/shots, which git ignores."""
    SHOTS.mkdir(exist_ok=True)
    dark = visitor.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    scheme = "dark" if dark else "light"
    file = SHOTS / f"{name}-{visitor.language}-{visitor.device}-{scheme}.png"
    visitor.page.screenshot(path=file, full_page=True)


def picture(visitor, name, *, top=0, height=None):
    """Renew a picture of the README, ``height`` pixels from ``top`` on; only when UPDATE_PICTURES=1."""
    if os.environ.get("UPDATE_PICTURES") != "1":
        return
    width = visitor.page.viewport_size["width"]
    whole = visitor.page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": top, "width": width, "height": min(whole - top, height or whole)}
    raw = visitor.page.screenshot(full_page=True, clip=clip)
    assert len(raw) < LARGEST_BYTES, f"{name}.png: {len(raw)} bytes"
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(raw)

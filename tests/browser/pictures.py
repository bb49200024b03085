"""Pictures of pages: for looking at after a run, and, when asked, for the README."""

import os
from pathlib import Path

SHOTS = Path(__file__).parent / "shots"
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
LARGEST_BYTES = 200_000
TALLEST = 5_000  # pixels


def shot(visitor, name):
    """Keep a picture of the page in tests/browser/shots, which git ignores; of a long one its beginning."""
    SHOTS.mkdir(exist_ok=True)
    dark = visitor.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    scheme = "dark" if dark else "light"
    file = SHOTS / f"{name}-{visitor.language}-{visitor.device}-{scheme}.png"
    file.write_bytes(_taken(visitor, 0, TALLEST))


def picture(visitor, name, *, top=0, height=TALLEST):
    """Renew a picture of the README, ``height`` pixels from ``top`` on; only when UPDATE_PICTURES=1."""
    if os.environ.get("UPDATE_PICTURES") != "1":
        return
    raw = _taken(visitor, top, height)
    assert len(raw) < LARGEST_BYTES, f"{name}.png: {len(raw)} bytes"
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(raw)


def _taken(visitor, top, height):
    visitor.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    width = visitor.page.viewport_size["width"]
    whole = visitor.page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": top, "width": width, "height": min(whole - top, height)}
    return visitor.page.screenshot(full_page=True, clip=clip)

"""Somebody at a browser: opens pages, presses buttons, and looks at every page as a strict reader would."""

import re

from axe_playwright_python.sync_playwright import Axe

from tests.browser.stage import PASSWORD
from tests.browser.words import counted, pattern, say

VIEWPORTS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
LOCALES = {"ja": "ja-JP", "en": "en-GB"}
AXE_OPTIONS = {"preload": False, "resultTypes": ["violations"]}
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9_.~-]{40,}")
# Text nodes that a Japanese page leaves in Latin letters only, with two words or more: untranslated, perhaps.
_LEFTOVERS = """() => [...document.querySelectorAll('main *')]
  .filter(e => !e.closest('[lang=en], code') && e.checkVisibility())
  .flatMap(e => [...e.childNodes]).filter(n => n.nodeType === 3).map(n => n.data.trim())
  .filter(t => /^[^\\u3040-\\u30ff\\u4e00-\\u9fff]*[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}/.test(t))"""


class Visitor:
    """One browser context with one page, in one language, on a phone or at a desk."""

    def __init__(self, browser, stage, seen, *, language="ja", device="phone", script=True, dark=False):
        self.stage, self.language, self.device, self.script = stage, language, device, script
        self._seen = seen
        self.context = browser.new_context(
            viewport=VIEWPORTS[device],
            has_touch=device == "phone",
            locale=LOCALES[language],
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        self.context.set_default_timeout(15_000)
        self.faults, self.expected, self._deaf = [], [], False
        self.context.on("request", self._note_request)
        self.context.on("weberror", lambda error: self._note(f"script error: {error.error}"))
        self.context.on("console", self._note_console)
        self.page = self.context.new_page()

    def say(self, sentence, **values):
        """Return the sentence in the visitor's language."""
        return say(self.language, sentence, **values)

    def open(self, address="/"):
        """Open an address (a path is on the members' site) and look at the page."""
        self.page.goto(address if "://" in address else self.stage.members_url + address)
        return self.look()

    def sign_in(self, address, password=PASSWORD):
        """Sign in by the form."""
        self.open("/account/sign-in")
        self.fill("Mail address", address)
        self.fill("Password", password)
        return self.press("Sign in")

    def field(self, label):
        """Return the field with this English label."""
        return self.page.locator("main").get_by_label(pattern(self.language, label)).first

    def fill(self, label, text):
        """Type into the field with this English label."""
        self.field(label).fill(text)

    def choose(self, label, *, exact=False):
        """Tick the radio card or box with this English label."""
        name = self.say(label) if exact else pattern(self.language, label)
        self.page.locator("main").get_by_label(name, exact=exact).first.check()

    def button(self, name, role="button"):
        """Return the button or link of exactly this English name, in the page's main part."""
        name = re.compile(rf"^\s*{pattern(self.language, name).pattern}\s*$")
        return self.page.locator("main").get_by_role(role, name=name).first

    def press(self, name):
        """Press a button that leads to another page, and look at that page."""
        with self.page.expect_navigation():
            self.button(name).click()
        return self.look()

    def press_count(self, singular, plural, number):
        """Press a button whose name holds a number of things."""
        words = counted(self.language, singular, plural, number)
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=words).click()
        return self.look()

    def fact(self, label):
        """Return the value that stands beside this English label in a list of facts."""
        row = self.page.locator("dl.facts > div").filter(has_text=pattern(self.language, label)).first
        return row.locator("dd").inner_text()

    def follow(self, name):
        """Follow a link and look at the page it leads to."""
        with self.page.expect_navigation():
            self.button(name, role="link").click()
        return self.look()

    def reads(self, sentence, **values):
        """Assert that the page says this English sentence in the visitor's language."""
        text = self.say(sentence, **values)
        main = self.page.locator("main").inner_text()
        assert _plain(text) in _plain(main), f"{text!r} is not on {self.page.url}:\n{main[:2000]}"

    def expect(self, part):
        """Allow one browser complaint that belongs to the story (a refused form answers 422)."""
        self.expected.append(part)

    def look(self):
        """Check what stands on the page now: language, width, complaints, and axe in light and dark."""
        page = self.page
        page.wait_for_load_state("load")
        language = page.locator("html").get_attribute("lang")
        assert language == self.language, f"{page.url} speaks {language}"
        self.check_width()
        self.check_faults()
        address = page.url.partition("#")[0].partition("?")[0]
        kind = (_IDS.sub("*", address), page.locator("h1").inner_text())
        key = (*kind, page.locator(".wrong").count() > 0, self.language, self.device)
        if self.script and key not in self._seen:  # axe needs script; the same pages are visited with it
            self.check_with_axe()
            self._seen.add(key)
        if self.language == "ja":
            self.check_translated()
        return page

    def check_width(self):
        """Assert that the page does not scroll sideways."""
        wide = self.page.evaluate(
            "() => { const d = document.documentElement; if (d.scrollWidth <= innerWidth) return [];"
            "return [d.scrollWidth, ...[...document.querySelectorAll('body *')]"
            ".filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-region'))"
            ".slice(0, 3).map(e => e.outerHTML.slice(0, 200))] }"
        )
        assert not wide, f"{self.page.url} is too wide at {self.device}: {wide}"

    def check_faults(self):
        """Assert that the browser has complained about nothing so far."""
        faults = self.heard()
        assert not faults, f"{self.page.url}: " + "\n".join(faults)

    def heard(self):
        """Return the browser's complaints since the last time, without those that were expected."""
        faults, self.faults = self.faults, []
        for part in list(self.expected):
            allowed = next((fault for fault in faults if part in fault), None)
            if allowed:
                faults.remove(allowed)
                self.expected.remove(part)
        return faults

    def check_with_axe(self):
        """Assert that axe finds nothing in light; and in dark, where only colours differ."""
        self._deaf = True  # axe writes inline styles, which our policy rightly reports
        for scheme, rules in (("light", {}), ("dark", {"runOnly": COLOUR_RULES})):
            self.page.emulate_media(color_scheme=scheme)
            found = Axe().run(self.page, options=AXE_OPTIONS | rules)
            assert not found.violations_count, f"{self.page.url} ({scheme})\n{found.generate_report()[:6000]}"
        self.page.emulate_media(color_scheme="light")
        self.page.evaluate("1")
        self._deaf = False

    def check_translated(self):
        """Assert that a Japanese page has no English sentences of ours."""
        left = self.page.evaluate(_LEFTOVERS)
        assert not left, f"{self.page.url} is half translated: {left[:5]}"

    def _note(self, fault):
        if not self._deaf:
            self.faults.append(fault)

    def _note_request(self, request):
        ours = (self.stage.members_url + "/", self.stage.reporting_url + "/", "data:", "blob:")
        if not request.url.startswith(ours):
            self._note(f"a request to a foreign host: {request.url}")

    def _note_console(self, message):
        if message.type in {"error", "warning"}:
            self._note(f"{message.type}: {message.text} ({(message.location or {}).get('url', '')})")


def _plain(text):
    return re.sub(r"\s+", "", text)

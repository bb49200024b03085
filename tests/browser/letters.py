"""The letters that the program under test has sent: one .eml file each, in its data folder."""

import email
import email.policy
import re
import time

PATIENCE_SECONDS = 20.0


class Letters:
    """The folder of sent letters."""

    def __init__(self, folder):
        self._folder = folder

    def all_to(self, address):
        """Return the letters to an address, the oldest first."""
        files = sorted(self._folder.glob("[!.]*.eml"), key=lambda path: path.stat().st_mtime_ns)
        parsed = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
        return [letter for letter in parsed if address in str(letter["To"])]

    def wait(self, address, nth=1, saying=""):
        """Wait for the nth letter to the address whose text holds ``saying``."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = [letter for letter in self.all_to(address) if saying in text_of(letter)]
            if len(found) >= nth:
                return found[nth - 1]
            subjects = [str(letter["Subject"]) for letter in self.all_to(address)]
            assert time.monotonic() < end, f"no letter {nth} to {address} saying {saying!r}; only {subjects}"
            time.sleep(0.05)


def text_of(letter):
    """Return the plain text of a letter."""
    return letter.get_body(("plain",)).get_content()


def link_in(letter, part=""):
    """Return the letter's first address that holds ``part``."""
    found = [url for url in re.findall(r"https?://[^\s\"<>]+", text_of(letter)) if part in url]
    assert found, text_of(letter)
    return found[0]

"""Letters of ballots, each in its reader's language."""

from typing import Any

from unionapp.ballots.models import Election
from unionapp.kernel import i18n
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.mail import Letter


class CodeLetters:
    """Writes the letters with the voting codes of one election; what is the same for all is written once."""

    def __init__(self, election: Election) -> None:
        self._facts: dict[str, dict[str, Any]] = {
            language: _paper_facts(election, language) for language in LANGUAGES
        }

    def to(self, email: str, name: str, language: str, code: str) -> Letter:
        """Give a voter the code. The letter's facts are wiped from the outbox once it has been sent."""
        chosen = "en" if language == "en" else "ja"
        facts = {**self._facts[chosen], "name": name, "code": code}
        return Letter("ballots/mail/code", email, chosen, facts)


def keys_wanted(election: Election, email: str, name: str, language: str) -> Letter:
    """Ask a trustee to make a key."""
    return _to_trustee("keys_wanted", election, email, name, language)


def decryption_wanted(election: Election, email: str, name: str, language: str) -> Letter:
    """Ask a trustee to decrypt."""
    return _to_trustee("decryption_wanted", election, email, name, language)


def _to_trustee(template: str, election: Election, email: str, name: str, language: str) -> Letter:
    facts = {"name": name, "title": election.title.text(language), "election_id": str(election.id)}
    return Letter(f"ballots/mail/{template}", email, language, facts)


def _paper_facts(election: Election, language: str) -> dict[str, Any]:
    with i18n.speaking(language):
        closes = i18n.format_datetime(election.closes_at)
    return {
        "election_id": str(election.id),
        "title": election.title.text(language),
        "questions": [question.text.text(language) for question in election.questions],
        "text_hash": election.text_hash,
        "closes": closes,
        "fingerprint": election.fingerprint,
        "codes_by_server": election.codes_by_server,
    }

"""Both languages are complete: no empty or fuzzy message, the same placeholders and tags on both sides."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

pytestmark = pytest.mark.engine_free

CATALOG = Path(__file__).parents[2] / "translations" / "ja" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"</?[a-z][^>]*>")


def messages():
    with CATALOG.open("rb") as file:
        return [message for message in read_po(file, locale="ja") if message.id]


def key(message):
    return message.id[0] if isinstance(message.id, tuple) else message.id


def japanese(message):
    return message.string[0] if isinstance(message.string, tuple) else message.string


def test_there_are_messages():
    assert len(messages()) > 100


def test_no_message_is_empty_or_fuzzy():
    assert not [key(m) for m in messages() if not japanese(m) or m.fuzzy]


def test_placeholders_and_tags_agree():
    assert not [key(m) for m in messages() for pattern in (PLACEHOLDER, TAG) if not agree(pattern, m)]


def agree(pattern, message):
    """Compare with the plural where there is one: Japanese has a single form."""
    english = message.id[1] if isinstance(message.id, tuple) else message.id
    return set(pattern.findall(english)) == set(pattern.findall(japanese(message)))


def test_japanese_is_japanese():
    """A translation without Japanese characters copies the English, unless it is a name or a sign."""
    plain = [key(m) for m in messages() if not re.search(r"[぀-ヿ一-鿿]", japanese(m))]
    assert not [text for text in plain if len(re.findall(r"[A-Za-z]{2,}", PLACEHOLDER.sub("", text))) > 2]

"""The pages' own words: tests name buttons by the English sentence and find them in either language."""

import re
from functools import cache

from babel.support import NullTranslations, Translations

from unionapp.kernel.i18n import translations_dir


@cache
def _catalog(language):
    found = Translations.load(translations_dir(), [language])
    return found if isinstance(found, Translations) else NullTranslations()


def say(language, sentence, **values):
    """Return the sentence as a page in this language says it; it must stand in the catalog, whole."""
    assert _catalog("ja").gettext(sentence) != sentence, f"not in the Japanese catalog: {sentence!r}"
    text = sentence if language == "en" else _catalog(language).gettext(sentence)
    return text % values if values else text


def counted(language, singular, plural, number):
    """Return the sentence about ``number`` things as a page in this language says it."""
    catalog = _catalog(language) if language != "en" else NullTranslations()
    text = catalog.ngettext(singular, plural, number)
    return text % {"num": f"{number:,}", "number": f"{number:,}"}


def pattern(language, sentence):
    """Return a regular expression for the whole sentence, with anything where it has %(values)s."""
    parts = re.split(r"%\(\w+\)[sd]", say(language, sentence))
    return re.compile(".+?".join(re.escape(part) for part in parts), re.DOTALL)

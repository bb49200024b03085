import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionapp.crypto import sealed_box
from unionapp.crypto.receipt import (
    Language,
    ReceiptChecksumError,
    UnknownWordError,
    WordCountError,
    derive,
    parse,
    words,
)

# BIP39's published vectors: English from the reference implementation, Japanese from bip32JP
ENGLISH = {
    "00000000000000000000000000000000": "abandon " * 11 + "about",
    "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f": (
        "legal winner thank year wave sausage worth useful legal winner thank yellow"
    ),
    "80808080808080808080808080808080": (
        "letter advice cage absurd amount doctor acoustic avoid letter advice cage above"
    ),
    "ffffffffffffffffffffffffffffffff": "zoo " * 11 + "wrong",
}
JAPANESE = {
    "00000000000000000000000000000000": "あいこくしん　" * 11 + "あおぞら",
    "ffffffffffffffffffffffffffffffff": "われる　" * 11 + "ろんぶん",
    "77c2b00716cec7213839159e404db50d": (
        "せまい　うちがわ　あずき　かろう　めずらしい　だんち　"
        "ますく　おさめる　ていぼう　あたる　すあな　えしゃく"
    ),
}
VECTORS = [(Language.ENGLISH, *pair) for pair in ENGLISH.items()]
VECTORS += [(Language.JAPANESE, *pair) for pair in JAPANESE.items()]

entropies = st.binary(min_size=16, max_size=16)
languages = st.sampled_from(Language)


@pytest.mark.parametrize(("language", "entropy", "phrase"), VECTORS)
def test_the_published_vectors(language, entropy, phrase):
    assert words(bytes.fromhex(entropy), language) == tuple(phrase.split())
    assert parse(phrase).hex() == entropy


@given(entropies, languages)
def test_what_is_written_reads_back(entropy, language):
    written = words(entropy, language)
    assert len(written) == 12
    assert parse("\u3000".join(written)) == entropy
    assert parse(unicodedata.normalize("NFD", " ".join(written))) == entropy


@given(entropies)
def test_both_languages_write_the_same_secret(entropy):
    japanese, english = (parse(" ".join(words(entropy, language))) for language in Language)
    assert japanese == english == entropy


def katakana(text):
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(entropies, st.sampled_from([" ", "\u3000", "\r\n", "\n\n", "\t", ", ", "、", "・", "\u200b", " - "]))
def test_how_words_are_parted_does_not_matter(entropy, separator):
    for language in Language:
        assert parse(separator + separator.join(words(entropy, language)) + separator) == entropy


@given(entropies, st.sampled_from(["{}. {}", "{} {}", "{}){}", "（{}）{}", "{}．{}", "{}、{}", "{}:{}"]))
def test_numbering_does_not_matter(entropy, form):
    for language in Language:
        lines = [form.format(number, word) for number, word in enumerate(words(entropy, language), 1)]
        assert parse("\n".join(lines)) == entropy
        assert parse(full_width("\r".join(lines))) == entropy


@given(entropies)
def test_letter_forms_do_not_matter(entropy):
    english, japanese = (" ".join(words(entropy, each)) for each in (Language.ENGLISH, Language.JAPANESE))
    assert parse(english.upper()) == parse(full_width(english.title())) == entropy
    assert parse(katakana(japanese)) == entropy
    spacing_marks = unicodedata.normalize("NFD", japanese).replace("\u3099", "゛").replace("\u309a", "゜")
    assert parse(spacing_marks) == entropy


@pytest.mark.parametrize(
    ("typed", "found"), [("", 0), ("1. 2. 3.", 0), ("abandon " * 11, 11), ("zoo " * 13, 13)]
)
def test_another_number_of_words_is_refused(typed, found):
    with pytest.raises(WordCountError) as refused:
        parse(typed)
    assert refused.value.found == found


@given(
    entropies, languages, st.integers(0, 11), st.sampled_from(["xyzzy", "abando", "愛国心", "ーーー", "ß"])
)
def test_an_unknown_word_is_named_by_its_position_only(entropy, language, at, wrong):
    typed = list(words(entropy, language))
    typed[at] = wrong
    with pytest.raises(UnknownWordError) as refused:
        parse(" ".join(typed))
    assert refused.value.position == at + 1
    assert wrong not in str(refused.value)


@given(entropies, languages, st.integers(0, 11))
def test_a_word_of_the_other_language_is_unknown(entropy, language, at):
    typed = list(words(entropy, language))
    typed[at] = next(words(entropy, other)[at] for other in Language if other is not language)
    with pytest.raises(UnknownWordError) as refused:
        parse(" ".join(typed))
    assert refused.value.position == at + 1


@pytest.mark.parametrize("typed", ["about " + "abandon " * 11, "zoo " * 12, "あいこくしん " * 12])
def test_known_words_in_a_wrong_order_fail_the_checksum(typed):
    with pytest.raises(ReceiptChecksumError) as refused:
        parse(typed)
    assert refused.value.__suppress_context__


def test_a_receipt_opens_what_is_sealed_to_it():
    keys = derive(bytes(range(16)))
    assert keys.public_key == sealed_box.public_key(keys.private_key)
    sealed = sealed_box.seal(keys.public_key, b"answer", b"")
    assert sealed_box.open_(keys.private_key, sealed, b"") == b"answer"


@given(entropies, entropies)
def test_what_the_server_keeps_is_neither_lookup_id_nor_key(first, second):
    keys = derive(first)
    assert len({keys.lookup_id, keys.private_key, keys.public_key, keys.stored_lookup}) == 4
    assert (derive(second) == keys) == (first == second)


def test_keys_do_not_print_themselves():
    keys = derive(bytes(16))
    assert keys.private_key.hex() not in repr(keys)
    assert repr(keys.private_key) not in repr(keys)


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_entropy_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match="16 bytes"):
        words(bytes(length), Language.ENGLISH)
    with pytest.raises(ValueError, match="16 bytes"):
        derive(bytes(length))

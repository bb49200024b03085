import dataclasses
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unionapp.crypto import passphrase as passphrases
from unionapp.crypto import sealed_box
from unionapp.crypto.handler_keys import (
    BundleError,
    BundleLockedError,
    HandlerKeys,
    HandlerStatement,
    Lock,
    StatementError,
    keys_from,
    parse_bundle,
    unwrap,
    wrap,
)
from unionapp.crypto.passphrase import BROWSER_COST, HIGHEST_COST, Argon2Cost

CHEAP = Argon2Cost(passes=1, memory_kib=8, lanes=1)
LOCK = Lock("げんがまもる", bytes(16), bytes(24), CHEAP)
KEYS = keys_from(bytes(range(64)))
BUNDLE = wrap("ueda", KEYS, LOCK)


@settings(max_examples=25)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
    st.binary(min_size=64, max_size=64),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=24, max_size=24),
)
def test_a_bundle_opens_with_its_passphrase(passphrase, randomness, salt, nonce):
    keys = keys_from(randomness)
    text = wrap("Ueda_1-x", keys, Lock(passphrase, salt, nonce, CHEAP)).to_json()
    bundle = parse_bundle(text, lowest=CHEAP)
    assert bundle.to_json() == text
    assert unwrap(bundle, passphrase) == keys
    assert (bundle.public_key, bundle.verify_key) == (keys.public_key, keys.verify_key)


def test_the_public_half_seals_to_the_handler():
    sealed = sealed_box.seal(BUNDLE.public_key, b"report key", b"")
    assert sealed_box.open_(unwrap(BUNDLE, LOCK.passphrase).private_key, sealed, b"") == b"report key"


def test_another_passphrase_does_not_open():
    with pytest.raises(BundleLockedError):
        unwrap(BUNDLE, "げんがまもれ")


def test_every_changed_byte_of_the_wrapping_is_refused():
    for at in range(len(BUNDLE.wrapped)):
        changed = bytearray(BUNDLE.wrapped)
        changed[at] ^= 1
        with pytest.raises(BundleLockedError):
            unwrap(dataclasses.replace(BUNDLE, wrapped=bytes(changed)), LOCK.passphrase)


@pytest.mark.parametrize(
    "change",
    [
        {"handler": "mallory"},
        {"public_key": bytes(32)},
        {"verify_key": bytes(32)},
        {"cost": Argon2Cost(2, 8, 1)},
        {"salt": b"\x01" * 16},
        {"nonce": b"\x01" * 24},
    ],
)
def test_every_exchanged_member_is_refused(change):
    with pytest.raises(BundleLockedError):
        unwrap(dataclasses.replace(BUNDLE, **change), LOCK.passphrase)


def test_private_keys_that_do_not_fit_the_public_ones_are_refused():
    class Liar(HandlerKeys):
        verify_key = bytes(32)

    lying = wrap("ueda", Liar(bytes(32), bytes(32)), LOCK)
    with pytest.raises(BundleLockedError, match="fit"):
        unwrap(lying, LOCK.passphrase)


def changed_json(**changes):
    return json.dumps(json.loads(BUNDLE.to_json()) | changes)


KDF = json.loads(BUNDLE.to_json())["kdf"]
BAD_MEMBERS = [
    {"v": 2},
    {"v": True},
    {"handler": ""},
    {"handler": "a b"},
    {"handler": 7},
    {"hpke": "AAAA"},
    {"hpke": None},
    {"ed25519": BUNDLE.to_json()},
    {"nonce": json.loads(BUNDLE.to_json())["nonce"] + "="},
    {"nonce": "!" + json.loads(BUNDLE.to_json())["nonce"]},
    {"wrapped": "é"},
    {"private": "x"},
    {"kdf": []},
    {"kdf": KDF | {"name": "scrypt"}},
    {"kdf": KDF | {"t": "1"}},
    {"kdf": KDF | {"t": True}},
    {"kdf": KDF | {"more": 1}},
]


@pytest.mark.parametrize("changes", BAD_MEMBERS, ids=str)
def test_a_bundle_with_another_form_is_refused(changes):
    with pytest.raises(BundleError):
        parse_bundle(changed_json(**changes), lowest=CHEAP)


def test_a_binary_value_has_one_spelling():
    salt = KDF["salt"]
    assert salt.endswith("A")
    with pytest.raises(BundleError, match="spelling"):
        parse_bundle(changed_json(kdf=KDF | {"salt": salt[:-1] + "B"}), lowest=CHEAP)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "{}", b"\xff", "[" * 100_000])
def test_what_is_no_bundle_is_refused(text):
    with pytest.raises(BundleError):
        parse_bundle(text, lowest=CHEAP)


def test_a_cost_outside_the_range_is_refused():
    assert parse_bundle(BUNDLE.to_json(), lowest=CHEAP) == BUNDLE
    with pytest.raises(BundleError, match="range"):
        parse_bundle(BUNDLE.to_json(), lowest=BROWSER_COST)
    heavy = changed_json(kdf=KDF | {"m": HIGHEST_COST.memory_kib + 1})
    with pytest.raises(BundleError, match="range"):
        parse_bundle(heavy, lowest=CHEAP)


@pytest.mark.parametrize("handler", ["", "a/b", "x" * 65, "日本", "a\n"])
def test_a_handler_id_outside_the_alphabet_is_refused(handler):
    with pytest.raises(BundleError):
        wrap(handler, KEYS, LOCK)


@pytest.mark.parametrize(
    "lock",
    [
        dataclasses.replace(LOCK, passphrase=""),
        dataclasses.replace(LOCK, salt=bytes(15)),
        dataclasses.replace(LOCK, nonce=bytes(23)),
        dataclasses.replace(LOCK, passphrase="\ud800"),
    ],
    ids=["empty passphrase", "short salt", "short nonce", "lone surrogate"],
)
def test_an_unusable_lock_is_refused(lock):
    with pytest.raises(ValueError, match=r"empty|bytes|surrogates"):
        wrap("ueda", KEYS, lock)


def test_keys_of_another_length_are_refused():
    with pytest.raises(ValueError, match="64"):
        keys_from(bytes(63))
    with pytest.raises(ValueError, match="32 bytes each"):
        HandlerKeys(bytes(31), bytes(33))


def test_keys_and_locks_do_not_print_themselves():
    printed = repr(KEYS) + repr(LOCK) + repr(passphrases.derive("a", bytes(16), CHEAP))
    assert repr(KEYS.private_key) not in printed
    assert LOCK.passphrase not in printed


def test_width_does_not_change_a_passphrase():
    wide = passphrases.derive("ＡＢＣ　ｶﾞ", bytes(16), CHEAP)
    assert wide == passphrases.derive("ABC ガ", bytes(16), CHEAP)
    assert wide.authentication != wide.encryption


def test_salt_and_cost_change_the_keys():
    keys = [
        passphrases.derive("a", bytes(16), CHEAP),
        passphrases.derive("a", b"\x01" * 16, CHEAP),
        passphrases.derive("a", bytes(16), Argon2Cost(2, 8, 1)),
        passphrases.derive("a", bytes(16), Argon2Cost(1, 16, 1)),
    ]
    assert len({half for pair in keys for half in (pair.authentication, pair.encryption)}) == 8


COMMITTEE = HandlerKeys(bytes(32), b"\x09" * 32)
STATEMENT = HandlerStatement(
    "ueda", "case worker", KEYS.public_key, KEYS.verify_key, date(2026, 4, 1), date(2027, 3, 31)
)
SIGNATURE = STATEMENT.sign(COMMITTEE.signing_seed)


@pytest.mark.parametrize("day", [date(2026, 4, 1), date(2026, 12, 1), date(2027, 3, 31)])
def test_a_signed_statement_holds_between_its_days(day):
    STATEMENT.verify(COMMITTEE.verify_key, SIGNATURE, day)


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2027, 4, 1)])
def test_a_statement_does_not_hold_outside_its_days(day):
    with pytest.raises(StatementError, match="day"):
        STATEMENT.verify(COMMITTEE.verify_key, SIGNATURE, day)


@pytest.mark.parametrize(
    "change",
    [
        {"handler": "mallory"},
        {"role": "chair"},
        {"public_key": bytes(32)},
        {"verify_key": bytes(32)},
        {"from_day": date(2026, 3, 1)},
        {"until_day": date(2030, 1, 1)},
    ],
)
def test_a_changed_statement_is_refused(change):
    with pytest.raises(StatementError, match="committee"):
        dataclasses.replace(STATEMENT, **change).verify(COMMITTEE.verify_key, SIGNATURE, date(2026, 12, 1))


@pytest.mark.parametrize("key", [KEYS.verify_key, b"short"])
def test_a_statement_signed_by_another_is_refused(key):
    with pytest.raises(StatementError, match="committee"):
        STATEMENT.verify(key, SIGNATURE, date(2026, 12, 1))

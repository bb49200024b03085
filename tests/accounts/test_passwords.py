import hashlib
from dataclasses import replace
from importlib import resources

import pytest

from unionapp.accounts.operations.passwords import (
    Hasher,
    WeakPasswordError,
    common_passwords,
    require_good,
)

pytestmark = pytest.mark.engine_free
LIST_SHA256 = "ed5a9d7ef7ee45a6b9ece885981f37281b406cf35938a986f06120086d72049b"


def test_the_bundled_list_is_the_one_we_know():
    data = resources.files("unionapp.accounts").joinpath("data/common_passwords.txt").read_bytes()
    assert hashlib.sha256(data).hexdigest() == LIST_SHA256
    assert len(common_passwords()) == 11611


@pytest.mark.parametrize(
    "password", ["原画を描き続ける夜明け", "correct horse battery staple", "x7$Kq2!m", "🎬🎞️📽️🖍️🖌️✏️🎨🖼️"]
)
def test_good_passwords_pass(password):
    require_good(password, about=("架空 はな", "hana@example.jp"))


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "password",
        "PASSWORD",
        "ｐａｓｓｗｏｒｄ",
        "aaaaaaaaaaaa",
        "hana@example.jp",
        "hanako12",
        "1qaz2wsx",
    ],
)
def test_weak_passwords_are_refused(password):
    with pytest.raises(WeakPasswordError):
        require_good(password, about=("架空 はな", "hana@example.jp", "hanako"))


def test_a_password_matches_only_itself(settings):
    hasher = Hasher(settings)
    kept = hasher.hash("原画を描き続ける夜明け")
    assert kept.startswith("$argon2id$")
    assert hasher.matches(kept, "原画を描き続ける夜明け")
    assert not hasher.matches(kept, "原画を描き続ける夜明")
    assert not hasher.matches(None, "nobody signs in with this")
    assert not hasher.matches("broken", "原画を描き続ける夜明け")


def test_the_same_word_typed_in_another_width_is_the_same_password(settings):
    hasher = Hasher(settings)
    assert hasher.matches(hasher.hash("Ｇｅｎｇａ－２０２６!"), "Genga-2026!")


def test_a_hash_of_cheaper_days_is_outdated(settings):
    old = Hasher(settings).hash("原画を描き続ける夜明け")
    assert not Hasher(settings).outdated(old)
    assert Hasher(replace(settings, argon2_rounds=2)).outdated(old)

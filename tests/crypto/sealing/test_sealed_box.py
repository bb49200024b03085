import pytest
from cryptography.hazmat.bindings._rust import openssl
from hypothesis import given
from hypothesis import strategies as st

from unionapp.crypto import sealed_box
from unionapp.crypto.sealed_box import SealKeyError, SealOpenError, open_, public_key, seal

PRIVATE = bytes(range(32))
PUBLIC = public_key(PRIVATE)

VECTOR = {  # RFC 9180, appendix A.2.1.1, sequence number 0
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "skRm": "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
    "pkRm": "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a",
    "enc": "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
    "ct": "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
}


def test_our_suite_opens_the_published_vector():
    vector = {name: bytes.fromhex(value) for name, value in VECTOR.items()}
    assert public_key(vector["skRm"]) == vector["pkRm"]
    # the public call takes no AAD and the RFC's vectors all have one
    opened = openssl.hpke._decrypt_with_aad(
        sealed_box._SUITE,
        vector["enc"] + vector["ct"],
        sealed_box._private(vector["skRm"]),
        vector["info"],
        b"Count-0",
    )
    assert opened == b"Beauty is truth, truth beauty"


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300), st.binary(max_size=80))
def test_what_is_sealed_opens(private, plaintext, info):
    sealed = seal(public_key(private), plaintext, info)
    assert len(sealed) == len(plaintext) + sealed_box.OVERHEAD_BYTES
    assert open_(private, sealed, info) == plaintext


def test_sealing_twice_gives_different_bytes():
    assert seal(PUBLIC, b"same", b"") != seal(PUBLIC, b"same", b"")


def test_every_changed_byte_is_refused():
    sealed = seal(PUBLIC, b"secret", b"info")
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 0x01
        with pytest.raises(SealOpenError):
            open_(PRIVATE, bytes(changed), b"info")


def test_every_shorter_message_is_refused():
    sealed = seal(PUBLIC, b"secret", b"info")
    for length in range(len(sealed)):
        with pytest.raises(SealOpenError):
            open_(PRIVATE, sealed[:length], b"info")


def test_another_purpose_is_refused():
    with pytest.raises(SealOpenError):
        open_(PRIVATE, seal(PUBLIC, b"secret", b"case 1"), b"case 2")


def test_another_key_is_refused():
    with pytest.raises(SealOpenError):
        open_(bytes(31) + b"\x07", seal(PUBLIC, b"secret", b""), b"")


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33), bytes(32), b"\x01" + bytes(31)])
def test_an_unusable_public_key_is_refused(key):
    with pytest.raises(SealKeyError):
        seal(key, b"secret", b"")


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33)])
def test_a_private_key_of_another_length_is_refused(key):
    with pytest.raises(SealKeyError):
        open_(key, seal(PUBLIC, b"secret", b""), b"")
    with pytest.raises(SealKeyError):
        public_key(key)

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt

from unionapp.crypto import case_format, padding, sealed_box, stream
from unionapp.crypto.case_format import (
    Attachment,
    MessageError,
    MessageHeader,
    Payload,
    ReportKeyError,
    TooFewHandlersError,
    attachment_key,
    new_report,
    open_message,
    report_key_commitment,
    seal_message,
    sign_message,
    unwrap_report_key,
    verify_message,
    wrap_report_key,
)
from unionapp.crypto.handler_keys import HandlerKeys
from unionapp.crypto.measure_report import measure_report
from unionapp.crypto.sealed_box import SealKeyError, SealOpenError

RK = bytes(range(32))
NONCE = bytes(24)
HEADER = MessageHeader("case-1", 0, "reporter")
PRIVATE = {"ueda": b"\x01" * 32, "sato": b"\x02" * 32, "reporter": b"\x03" * 32}
PUBLIC = {who: sealed_box.public_key(key) for who, key in PRIVATE.items()}
HANDLERS = {who: PUBLIC[who] for who in ("ueda", "sato")}
REPORT = new_report("case-1", HANDLERS, PUBLIC["reporter"], report_key=RK)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
ids = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
files = st.builds(Attachment, id=ids, name=texts, type=texts, size=st.integers(0, 2**40))
payloads = st.builds(
    Payload,
    text=texts,
    category=st.none() | texts,
    answers=st.dictionaries(texts, texts, max_size=3),
    attachments=st.lists(files, max_size=3).map(tuple),
)
headers = st.builds(MessageHeader, case=ids, seq=st.integers(0, 10_000), role=ids)


@given(headers, payloads, st.binary(min_size=32, max_size=32), st.binary(min_size=24, max_size=24))
def test_a_message_opens_at_its_place(header, payload, report_key, nonce):
    message = seal_message(report_key, header, payload, nonce=nonce)
    assert (len(message) - 40) % 4096 == 0
    assert open_message(report_key, header, message) == payload


def test_short_and_shorter_messages_have_one_length():
    lengths = {len(seal_message(RK, HEADER, Payload("x" * n), nonce=NONCE)) for n in range(0, 4000, 97)}
    assert lengths == {40 + 4096}


def test_every_changed_byte_is_refused():
    message = seal_message(RK, HEADER, Payload("short"), nonce=NONCE)
    for at in range(len(message)):
        changed = bytearray(message)
        changed[at] ^= 0x10
        with pytest.raises(MessageError):
            open_message(RK, HEADER, bytes(changed))


@pytest.mark.parametrize("length", [0, 23, 24, 39, 40, 4095, 4135])
def test_a_cut_message_is_refused(length):
    message = seal_message(RK, HEADER, Payload("short"), nonce=NONCE)
    with pytest.raises(MessageError):
        open_message(RK, HEADER, message[:length])


@pytest.mark.parametrize(
    "elsewhere",
    [
        MessageHeader("case-2", 0, "reporter"),
        MessageHeader("case-1", 1, "reporter"),
        MessageHeader("case-1", 0, "x"),
    ],
)
def test_a_message_moved_elsewhere_is_refused(elsewhere):
    message = seal_message(RK, HEADER, Payload("short"), nonce=NONCE)
    with pytest.raises(MessageError, match="place"):
        open_message(RK, elsewhere, message)


def test_another_report_key_is_refused():
    with pytest.raises(MessageError):
        open_message(bytes(32), HEADER, seal_message(RK, HEADER, Payload("short"), nonce=NONCE))


def sealed_raw(text):
    padded = padding.pad_text(text)
    return NONCE + crypto_aead_xchacha20poly1305_ietf_encrypt(padded, HEADER.associated_data(), NONCE, RK)


GOOD = {"v": 1, "text": "t", "attachments": []}
FILE = {"id": "f", "name": "n", "type": "t", "size": 1}
BAD_PAYLOADS = [
    [],
    {},
    GOOD | {"v": 2},
    GOOD | {"v": True},
    GOOD | {"text": 1},
    GOOD | {"more": 1},
    GOOD | {"category": None},
    GOOD | {"answers": []},
    GOOD | {"answers": {"q": 1}},
    GOOD | {"attachments": {}},
    GOOD | {"attachments": [1]},
    GOOD | {"attachments": [FILE | {"size": -1}]},
    GOOD | {"attachments": [FILE | {"size": True}]},
    GOOD | {"attachments": [FILE | {"size": 1.5}]},
    GOOD | {"attachments": [FILE | {"id": "../x"}]},
    GOOD | {"attachments": [FILE | {"name": None}]},
    GOOD | {"attachments": [FILE | {"path": "x"}]},
]


@pytest.mark.parametrize("found", BAD_PAYLOADS, ids=json.dumps)
def test_a_payload_of_another_form_is_refused(found):
    assert open_message(RK, HEADER, sealed_raw(json.dumps(GOOD, indent=1).encode())) == Payload("t")
    with pytest.raises(MessageError, match="version"):
        open_message(RK, HEADER, sealed_raw(json.dumps(found).encode()))


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_payload_that_is_no_json_is_refused(text):
    with pytest.raises(MessageError, match="version"):
        open_message(RK, HEADER, sealed_raw(text))


@pytest.mark.parametrize("who", PRIVATE)
def test_each_reader_opens_the_report_key(who):
    assert {wrap.recipient for wrap in REPORT.wraps} == set(PRIVATE)
    assert unwrap_report_key(REPORT, who, PRIVATE[who]) == RK


def test_a_reader_without_a_wrap_finds_nothing():
    with pytest.raises(KeyError):
        unwrap_report_key(REPORT, "mallory", PRIVATE["ueda"])


def test_one_readers_wrap_does_not_open_as_anothers():
    stolen = dataclasses.replace(REPORT.wraps[0], recipient="sato")
    moved = dataclasses.replace(REPORT, wraps=(stolen,))
    with pytest.raises(SealOpenError):
        unwrap_report_key(moved, "sato", PRIVATE["ueda"])


@pytest.mark.parametrize("change", [{"case": "case-2"}, {"key_version": 2}])
def test_a_wrap_of_another_case_or_key_version_does_not_open(change):
    with pytest.raises(SealOpenError):
        unwrap_report_key(dataclasses.replace(REPORT, **change), "ueda", PRIVATE["ueda"])


def test_two_readers_given_two_keys_find_out():
    other = wrap_report_key(bytes(32), "case-1", "sato", 1, PUBLIC["sato"])
    wraps = (REPORT.wraps[0], case_format.KeyWrap("sato", other))
    equivocal = dataclasses.replace(REPORT, wraps=wraps)
    assert unwrap_report_key(equivocal, "ueda", PRIVATE["ueda"]) == RK
    with pytest.raises(ReportKeyError, match="committed"):
        unwrap_report_key(equivocal, "sato", PRIVATE["sato"])


def test_a_handler_added_later_opens_the_same_key():
    new = wrap_report_key(RK, "case-1", "mori", 1, PUBLIC["reporter"])
    grown = dataclasses.replace(REPORT, wraps=(*REPORT.wraps, case_format.KeyWrap("mori", new)))
    assert unwrap_report_key(grown, "mori", PRIVATE["reporter"]) == RK


def test_a_report_for_one_handler_is_refused():
    with pytest.raises(TooFewHandlersError):
        new_report("case-1", {"ueda": PUBLIC["ueda"]}, PUBLIC["reporter"], report_key=RK)


def test_a_handler_called_reporter_is_refused():
    with pytest.raises(ValueError, match="reporter"):
        new_report("case-1", {**HANDLERS, "reporter": bytes(32)}, PUBLIC["reporter"], report_key=RK)


def test_an_unusable_handler_key_is_refused():
    with pytest.raises(SealKeyError):
        new_report("case-1", {**HANDLERS, "mori": bytes(32)}, PUBLIC["reporter"], report_key=RK)


def test_the_commitment_differs_by_key_case_and_version():
    commitments = {
        REPORT.commitment,
        report_key_commitment(bytes(32), "case-1", 1),
        report_key_commitment(RK, "case-2", 1),
        report_key_commitment(RK, "case-1", 2),
    }
    assert len(commitments) == 4
    assert RK not in commitments


def test_a_signed_message_verifies_for_its_signer_and_place_only():
    signer, other = HandlerKeys(bytes(32), b"\x05" * 32), HandlerKeys(bytes(32), b"\x06" * 32)
    message = seal_message(RK, HEADER, Payload("short"), nonce=NONCE)
    signature = sign_message(signer.signing_seed, HEADER, message)
    verify_message(signer.verify_key, HEADER, message, signature)
    refused = [
        (other.verify_key, HEADER, message, signature),
        (signer.verify_key, dataclasses.replace(HEADER, seq=1), message, signature),
        (signer.verify_key, HEADER, message + b"\0", signature),
        (signer.verify_key, HEADER, message, signature[:-1]),
        (b"short", HEADER, message, signature),
    ]
    for each in refused:
        with pytest.raises(MessageError, match="signed"):
            verify_message(*each)


def test_an_attachment_travels_padded_under_its_own_key():
    key, content = attachment_key(RK, "f-1"), bytes(range(256)) * 300
    sealed = b"".join(stream.encrypt([content, padding.file_filler(len(content))], key, bytes(19)))
    assert len(sealed) == stream.sealed_size(padding.padded_file_size(len(content)))
    opened = padding.strip_file(stream.decrypt([sealed], key), len(content))
    assert b"".join(opened) == content
    with pytest.raises(stream.StreamError):
        list(stream.decrypt([sealed], attachment_key(RK, "f-2")))


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_report_key_of_another_length_is_refused(length):
    short = bytes(length)
    calls = [
        lambda: new_report("c", HANDLERS, PUBLIC["reporter"], report_key=short),
        lambda: wrap_report_key(short, "c", "ueda", 1, PUBLIC["ueda"]),
        lambda: attachment_key(short, "f"),
        lambda: seal_message(short, HEADER, Payload(""), nonce=NONCE),
        lambda: open_message(short, HEADER, bytes(100)),
    ]
    for call in calls:
        with pytest.raises(ReportKeyError):
            call()


@pytest.mark.parametrize("bad", ["", "a b", "a\0b", "é", "x" * 65, "a\n"])
def test_an_id_outside_the_alphabet_is_refused(bad):
    calls = [
        lambda: MessageHeader(bad, 0, "reporter"),
        lambda: MessageHeader("c", 0, bad),
        lambda: attachment_key(RK, bad),
        lambda: wrap_report_key(RK, bad, "ueda", 1, PUBLIC["ueda"]),
        lambda: wrap_report_key(RK, "c", bad, 1, PUBLIC["ueda"]),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="an id is"):
            call()


def test_impossible_numbers_and_texts_are_refused():
    with pytest.raises(ValueError, match="from 0"):
        MessageHeader("c", -1, "reporter")
    with pytest.raises(ValueError, match="from 1"):
        wrap_report_key(RK, "c", "ueda", 0, PUBLIC["ueda"])
    with pytest.raises(ValueError, match="24 bytes"):
        seal_message(RK, HEADER, Payload(""), nonce=bytes(12))
    with pytest.raises(ValueError, match="surrogates"):
        seal_message(RK, HEADER, Payload("\ud800"), nonce=NONCE)


def test_a_measured_report_names_its_denominator():
    small, large = measure_report(2000, 0), measure_report(2000, 300_000)
    assert small["hpke_seals"] == pytest.approx(small["cpu_ms"] / small["hpke_seal_ms"])
    assert small["stored_bytes"] == 40 + 2 * 4096 + 4 * 80
    padded = padding.padded_file_size(300_000)
    assert large["stored_bytes"] == small["stored_bytes"] + stream.sealed_size(padded)


@pytest.mark.parametrize("figures", [(-1, 0), (0, -1)])
def test_a_negative_measure_is_refused(figures):
    with pytest.raises(ValueError, match="negative"):
        measure_report(*figures)

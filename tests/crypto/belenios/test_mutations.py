"""Every kind of byte of an archive, and every field of every object in it, changed: refused, by name."""

import json
import re
from itertools import pairwise

import pytest

from unionapp.crypto.belenios.archive import Archive, Record
from unionapp.crypto.belenios.canonical import dump, hex_digest
from unionapp.crypto.belenios.errors import VerificationError
from unionapp.crypto.belenios.groups import ED25519
from unionapp.crypto.belenios.verify import verify_archive

# field of a tar header: offset of a byte in it
TAR_FIELDS = {
    "name": 3,
    "end of name": 99,
    "mode": 104,
    "uid": 110,
    "gid": 118,
    "size": 130,
    "size's end": 135,
    "time": 140,
    "checksum": 150,
    "checksum's end": 155,
    "kind": 156,
    "link": 160,
    "magic": 257,
    "owner": 270,
    "last byte": 511,
}


def refusal(raw):
    with pytest.raises(VerificationError) as caught:
        verify_archive(raw, jobs=1)
    return caught.value


def starts(raw):
    """Return where each tar entry begins, and how long its content is."""
    found, at = [], 0
    while at < len(raw):
        size = int(raw[at + 124 : at + 135], 8)
        found.append((at, size))
        at += 512 + size + -size % 512
    return found


def height_of_entries(made):
    heights = [None]
    for height, record in enumerate(made.archive.records):
        heights += [height] * (len(record.data) + 1)
    return heights


def flipped(raw, at):
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


@pytest.mark.parametrize("offset", TAR_FIELDS.values(), ids=TAR_FIELDS)
def test_a_changed_byte_of_a_tar_header_is_refused_at_its_event(held, offset):
    raw = held.archive.to_bytes()
    for (at, _), height in zip(starts(raw), height_of_entries(held), strict=True):
        error = refusal(flipped(raw, at + offset))
        assert error.height == height, str(error)


@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_a_changed_byte_of_a_content_is_refused_at_its_event(held, where):
    raw = held.archive.to_bytes()
    for (at, size), height in zip(starts(raw), height_of_entries(held), strict=True):
        offset = {"first": 0, "middle": size // 2, "last": size - 1}[where]
        error = refusal(flipped(raw, at + 512 + offset))
        assert error.height == height, str(error)


def test_a_changed_byte_of_the_padding_is_refused_at_its_event(held):
    raw = held.archive.to_bytes()
    for (at, size), height in zip(starts(raw), height_of_entries(held), strict=True):
        if size % 512:
            for place in (at + 512 + size, at + 511 + size + -size % 512):
                assert refusal(flipped(raw, place)).height == height


def test_an_entry_left_out_doubled_or_moved_is_refused(held):
    raw = held.archive.to_bytes()
    places = [at for at, _ in starts(raw)] + [len(raw)]
    entries = [raw[a:b] for a, b in pairwise(places)]
    for i, entry in enumerate(entries):
        refusal(b"".join(entries[:i] + entries[i + 1 :]))
        refusal(b"".join([*entries[:i], entry, *entries[i:]]))
        if i + 1 < len(entries):
            refusal(b"".join([*entries[:i], entries[i + 1], entry, *entries[i + 2 :]]))


def test_a_file_cut_off_anywhere_is_refused(held):
    raw = held.archive.to_bytes()
    cuts = {0, 1, 511, len(raw) - 1}
    for at, size in starts(raw):
        cuts |= {at, at + 1, at + 512, at + 512 + size, at + 512 + size // 2}
    for cut in cuts:
        refusal(raw[:cut])
    for tail in (b"\0", bytes(512), bytes(1024), b"x" * 700):
        refusal(raw + tail)


def paths(value, path=()):
    """Yield the path of every part of a JSON value, the containers themselves included."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*path, key))


def changed(value, path, change):
    if not path:
        return change(value)
    key, rest = path[0], path[1:]
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = changed(value[key], rest, change)
    return copy


def at_path(value, path):
    for key in path:
        value = value[key]
    return value


def mutations(value):
    """Return changed forms of one JSON part."""
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 1, str(value), -1, value + 0.0, True]
        case str():
            return [value + "x", value[1:], "", None, *number_mutations(value), *point_mutations(value)]
        case list():
            return [{}, *([value[:-1], [*value, value[-1]]] if value else [])]
        case dict():
            first = next(iter(value))
            without = {key: item for key, item in value.items() if key != first}
            return [dict(reversed(value.items())), {**value, "more": 1}, without, []]
    return []


def number_mutations(text):
    if not re.fullmatch(r"[0-9]{60,}", text):
        return []
    number = int(text)
    return [str((number + 1) % ED25519.q), str(number + ED25519.q), "0" + text, "0", number, "-" + text]


def point_mutations(text):
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        return []
    other = ED25519.encode(ED25519.base_power(4711))
    return [text[:-1] + ("0" if text[-1] != "0" else "1"), other, ED25519.identity_text]


KINDS = {
    "election": (0, 0),
    "trustees": (0, 1),
    "credentials": (0, 2),
    "setup_data": (0, 3),
    "ballot": (3, 0),
    "replaced ballot": (1, 0),
    "tally": (6, 0),
    "sized tally": (6, 1),
    "decryption": (7, 0),
    "owned": (8, 1),
    "result": (9, 0),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_of_every_object_changed_is_refused_by_the_name_of_an_event(held, forge, kind):
    height, index = KINDS[kind]
    items = forge["contents"](held)
    original = items[height][1][index]
    tried = 0
    for path, mutated in spoilings(json.loads(original)):
        raw = dump(changed(json.loads(original), path, lambda _, new=mutated: new))
        if raw == original or (kind == "credentials" and is_another_roll(held, raw)):
            continue
        tried += 1
        error = refusal(forge["chained"](forge["replaced"](items, height, index, raw)))
        assert re.match(r"event \d+", str(error)), f"{path}: {error}"
    assert tried > 3


def spoilings(value):
    for path in paths(value):
        for mutated in mutations(at_path(value, path)):
            yield path, mutated


def is_another_roll(made, raw):
    """Whether a credential list is a good one that differs in people who did not vote."""
    listed = json.loads(raw)
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        return False
    voters = {made.credential(voter) for voter in (0, 1, 2)}
    complete = voters <= set(listed) and len(set(listed)) == len(listed)
    return complete and all(is_point(item) for item in set(listed) - voters)


def is_point(text):
    written = re.fullmatch("[0-9a-f]{64}", text) and text != ED25519.identity_text
    return bool(written) and ED25519.is_member(bytes.fromhex(text)[::-1])


def test_another_roll_is_another_election(held, forge):
    """Only the chain binds the list of credentials: the hash of the last event is what to publish."""
    items = forge["contents"](held)
    voters = sorted(held.credential(voter) for voter in (0, 1, 2))
    report = verify_archive(forge["chained"](forge["replaced"](items, 0, 2, dump(voters))), jobs=1)
    assert report.credentials == 3
    assert report.last_event != held.archive.last_event_hash


@pytest.mark.parametrize("spelling", [b" ", b"\n"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "election"])
def test_an_object_spelt_otherwise_is_refused(held, forge, kind, spelling):
    height, index = KINDS[kind]
    items = forge["contents"](held)
    for raw in (items[height][1][index] + spelling, spelling + items[height][1][index]):
        error = refusal(forge["chained"](forge["replaced"](items, height, index, raw)))
        assert error.height == height


def test_every_field_of_every_event_changed_is_refused(held):
    records = held.archive.records
    for height, record in enumerate(records):
        for path, mutated in spoilings(json.loads(record.event)):
            raw = dump(changed(json.loads(record.event), path, lambda _, new=mutated: new))
            if raw == record.event:
                continue
            spoilt = [*records[:height], Record(raw, record.data), *records[height + 1 :]]
            error = refusal(Archive(held.archive.timestamp, spoilt).to_bytes())
            assert error.height in (height, height + 1), str(error)


def test_a_chain_that_leaves_one_event_out_or_swaps_two_is_refused(held):
    records = held.archive.records
    for height in range(len(records)):
        shorter = records[:height] + records[height + 1 :]
        refusal(Archive(held.archive.timestamp, shorter).to_bytes())
        if height + 1 < len(records):
            swapped = [*records[:height], records[height + 1], records[height], *records[height + 2 :]]
            assert refusal(Archive(held.archive.timestamp, swapped).to_bytes()).height == height


def test_the_name_of_every_file_is_the_hash_of_its_content(held):
    raw = held.archive.to_bytes()
    names = [raw[at : at + 64].decode() for at, _ in starts(raw)[1:]]
    contents = [raw[at + 512 : at + 512 + size] for at, size in starts(raw)[1:]]
    assert names == [hex_digest(content) for content in contents]

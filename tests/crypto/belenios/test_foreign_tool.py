"""Upstream's own program, belenios-tool 2.0 of Debian 12, accepts our elections; we accept its."""

import json
import os
import shutil
import subprocess

import pytest

from unionapp.crypto.belenios import archive as archives
from unionapp.crypto.belenios.ballot import read_ballot
from unionapp.crypto.belenios.canonical import dump, load
from unionapp.crypto.belenios.ciphertext import encrypt
from unionapp.crypto.belenios.election import Question
from unionapp.crypto.belenios.errors import VerificationError
from unionapp.crypto.belenios.groups import BELENIOS_2048
from unionapp.crypto.belenios.tally import sum_ballots
from unionapp.crypto.belenios.verify import verify_archive, verify_file

pytestmark = pytest.mark.slow

QUESTION = Question("賛成か。", ("yes", "no"), 0, 1, blank=True)
TEMPLATE = {
    "description": "説明",
    "name": "Election by the tool",
    "questions": [
        {"answers": ["yes", "no"], "blank": True, "min": 1, "max": 1, "question": "Q?"},
        {"answers": ["a", "b", "c"], "min": 0, "max": 2, "question": "W?"},
    ],
}


@pytest.fixture(scope="module")
def tool():
    """Return a function that runs belenios-tool in a folder and returns its exit status and output."""
    program = shutil.which("belenios-tool")
    if not program:
        if os.environ.get("CI") == "true":
            pytest.fail("belenios-tool is not installed")
        pytest.skip("belenios-tool is not installed")
    # Versions 3.0 and later lose failures unless their file reads are synchronous.
    env = {**os.environ, "BELENIOS_USE_URANDOM": "1", "LWT_ASYNC_METHOD": "none"}

    def run(folder, *arguments, stdin=b""):
        done = subprocess.run(
            [program, *arguments],
            cwd=folder,
            env=env,
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr.decode()

    return run


@pytest.fixture
def judge(tool, tmp_path):
    """Return a function: whether the tool accepts an archive."""

    def accepts(made):
        folder = tmp_path / made.archive.last_event_hash[:8]
        folder.mkdir()
        (folder / f"{made.election.uuid}.bel").write_bytes(made.archive.to_bytes())
        status, _, said = tool(folder, "election", "verify")
        assert status == 0 or "all checks passed" not in said
        return status == 0

    return accepts


def ours_accepts(made):
    try:
        return verify_archive(made.archive.to_bytes(), jobs=1).result is not None
    except VerificationError:
        return False


def begun(forge, seed):
    made = forge["begin"](BELENIOS_2048, [QUESTION], voters=3, seed=seed)
    made.cast(0, [[0, 1, 0]])
    made.cast(1, [[1, 0, 0]])
    return made


def test_the_tool_accepts_our_election(held_2048, judge):
    assert judge(held_2048)
    assert ours_accepts(held_2048)


def test_both_refuse_a_ballot_stuffed_with_two_votes(forge, judge):
    """Tally, decryptions and result agree with the ballots; only the stuffed one's proofs fail."""
    made = begun(forge, 3)

    def change(value):
        group = made.election.group
        pair = encrypt(group, made.election.public_key, 2, made.below(group.q))
        value["answers"][0]["choices"][1] = pair.json()

    made.archive.append(archives.BALLOT, made.resign(made.ballot(2, [[0, 1, 0]]), change))
    assert made.finish() == [[1, 3, 0]]
    assert not ours_accepts(made)
    assert not judge(made)


def test_both_refuse_a_bad_signature(forge, judge):
    made = begun(forge, 4)
    value = load(made.ballot(2, [[0, 1, 0]]))
    value["signature"]["proof"]["response"] = "1"
    made.archive.append(archives.BALLOT, dump(value))
    made.finish()
    assert not ours_accepts(made)
    assert not judge(made)


def test_both_refuse_a_changed_result(forge, judge):
    made = begun(forge, 5)
    made.finish()
    made.archive.records.pop()
    made.archive.append(archives.RESULT, dump({"result": [[0, 2, 0]]}))
    assert not ours_accepts(made)
    assert not judge(made)


def test_both_refuse_a_dropped_ballot_with_its_result_adjusted(forge, judge):
    made = begun(forge, 6)
    kept = read_ballot(made.election, made.archive.records[1].data[0])
    assert made.finish(sum_ballots(made.election, [kept])) == [[0, 1, 0]]
    assert not ours_accepts(made)
    assert not judge(made)


def test_the_tool_lets_pass_what_only_we_refuse(forge, judge):
    """Its own leniency, so that we notice when it becomes as strict: the tally's figures."""
    made = begun(forge, 7)
    made.finish()
    items = forge["contents"](made)
    sized = load(items[4][1][1])
    bad = forge["replaced"](items, 4, 1, dump({**sized, "num_tallied": 3}))
    made.archive.records.clear()
    for event_type, data in bad:
        made.archive.append(event_type, *data)
    assert not ours_accepts(made)
    assert judge(made)


def foreign_election(tool, folder):
    """Let the tool hold an election of three voters and two trustees; return the path of its archive."""

    def run(*arguments, stdin=b""):
        status, out, said = tool(folder, *arguments, stdin=stdin)
        assert status == 0, said
        return out

    def add(event_type, lines=b""):
        run("archive", "add-event", f"--type={event_type}", stdin=lines)

    uuid = run("setup", "generate-token").decode().strip()
    group = ("--group", "BELENIOS-2048")
    run("setup", "generate-credentials", "--uuid", uuid, *group, "--count", "3")
    next(folder.glob("*.pubcreds")).rename(folder / "public_creds.json")
    codes = [line.split()[1] for line in next(folder.glob("*.privcreds")).read_text().splitlines()]
    for _ in range(2):
        run("setup", "generate-trustee-key", *group)
    keys = b"".join(path.read_bytes() for path in sorted(folder.glob("*.pubkey")))
    (folder / "public_keys.jsons").write_bytes(keys)
    run("setup", "make-trustees")
    (folder / "template.json").write_text(json.dumps(TEMPLATE, ensure_ascii=False))
    run("setup", "make-election", "--uuid", uuid, *group, "--template", "template.json")
    run("archive", "init")
    votes = ([[0, 1, 0], [1, 0, 1]], [[1, 0, 0], [0, 0, 0]], [[0, 0, 1], [1, 1, 0]])
    for code, vote in [*zip(codes, votes, strict=True), (codes[0], [[1, 0, 0], [0, 1, 0]])]:
        (folder / "code").write_text(code)
        (folder / "vote").write_text(json.dumps(vote))
        add("Ballot", run("election", "generate-ballot", "--privcred", "code", "--ballot", "vote"))
    add("EndBallots")
    add("EncryptedTally", run("election", "compute-encrypted-tally"))
    for owner, path in enumerate(sorted(folder.glob("*.privkey")), 1):
        decryption = run("election", "decrypt", "--privkey", path.name, "--trustee-id", str(owner))
        add("PartialDecryption", decryption)
    add("Result", run("election", "compute-result"))
    return folder / f"{uuid}.bel"


def test_we_accept_an_election_held_by_the_tool_and_refuse_it_spoilt(tool, tmp_path):
    path = foreign_election(tool, tmp_path)
    report = verify_file(path, jobs=1)
    assert report.result == ((2, 0, 1), (1, 2, 0))
    assert (report.credentials, report.ballots, report.revotes, report.trustees) == (3, 4, 1, 2)
    assert report.group == "BELENIOS-2048"
    raw = path.read_bytes()
    for at in range(0, len(raw), 1499):
        with pytest.raises(VerificationError):
            verify_archive(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :], jobs=1)

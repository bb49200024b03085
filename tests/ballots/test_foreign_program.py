"""A whole election in BELENIOS-2048, accepted by belenios-tool of Debian; with a changed result refused."""

import os
import shutil
import subprocess

import pytest

from tests.factories.ballots import make_finished
from unionapp.ballots import box
from unionapp.ballots.models import Group
from unionapp.crypto.belenios.archive import RESULT
from unionapp.crypto.belenios.errors import VerificationError
from unionapp.crypto.belenios.verify import verify_archive

pytestmark = pytest.mark.slow


@pytest.fixture
def judge(tmp_path):
    program = shutil.which("belenios-tool")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("belenios-tool is not installed")
        pytest.skip("belenios-tool is not installed")

    def accepts(name, raw):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "election.bel").write_bytes(raw)
        # Versions 3.x lose failures unless their file reads are synchronous.
        env = {**os.environ, "BELENIOS_USE_URANDOM": "1", "LWT_ASYNC_METHOD": "none"}
        done = subprocess.run(
            [program, "election", "verify"],
            cwd=folder,
            env=env,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return done.returncode == 0

    return accepts


def test_belenios_tool_accepts_ours_and_refuses_a_changed_result(session, at, judge):
    made = make_finished(session, at, group=Group.BELENIOS_2048)
    archive = box.archive(session, made.election.id)
    assert judge("good", archive.to_bytes())
    assert verify_archive(archive.to_bytes(), jobs=1).result == ((1, 2, 1),)
    archive.records.pop()
    archive.append(RESULT, b'{"result":[[1,1,2]]}')
    assert not judge("changed", archive.to_bytes())
    with pytest.raises(VerificationError, match=r"event \d+ \(Result\)"):
        verify_archive(archive.to_bytes(), jobs=1)

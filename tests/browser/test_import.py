"""A membership officer brings in a roll of 5,000 people as it left a spreadsheet, and takes it back."""

import pytest
from sqlalchemy import func, select

from tests.browser.conftest import both
from tests.browser.pictures import picture, shot
from tests.factories.rosters import FIRST_ROW, messy_roll
from unionapp.membership.models import Member

PEOPLE = 5_000


@pytest.fixture(scope="module")
def roll():
    return messy_roll(PEOPLE)


@both
def test_a_messy_roll_is_checked_imported_and_undone(visit, stage, roll, language, device):
    officer = seat_officer(visit, stage, language, device)
    before = members(stage)
    name, content = ("名簿.csv", roll.csv()) if language == "ja" else ("roll.xlsx", roll.xlsx())
    send(officer, name, content)
    assert counts(officer) == (roll.rows_expected, roll.valid, roll.invalid, roll.duplicates)
    assert members(stage) == before
    read_problems(officer, roll)
    shot(officer, "import-preview")
    if language == "en":
        picture(officer, "import-en-1280", height=1300)
    officer.press_count("Import %(num)s person", "Import %(num)s people", roll.valid)
    assert members(stage) == before + roll.valid
    shot(officer, "import-applied")
    officer.press("Undo the import")
    assert members(stage) == before
    officer.reads("Undone")
    shot(officer, "import-undone")
    officer.open("/membership/imports")
    shot(officer, "imports")


@both
def test_files_that_are_no_roll_are_refused_at_their_field(visit, stage, language, device):
    officer = seat_officer(visit, stage, f"{language}-refused", device, language)
    before = members(stage)
    for name, content in (
        ("empty.csv", b""),
        ("picture.xlsx", b"PK\x03\x04" + bytes(900)),
        ("x.csv", b"\x00\xff" * 50),
    ):
        officer.expect("422")
        send(officer, name, content)
        assert officer.page.locator(".field.invalid .wrong").inner_text()
    officer.expect("422")
    officer.open("/membership/imports")
    officer.press("Check the file")
    officer.reads("Please choose a file.")
    shot(officer, "import-refused")
    assert members(stage) == before


def seat_officer(visit, stage, who, device, language=None):
    officer = visit(language=language or who, device=device)
    address = stage.person(f"importer-{who}@example.jp", "membership_officer", language=language or who)
    officer.sign_in(address)
    officer.open("/membership/imports")
    return officer


def send(officer, name, content):
    officer.field("Roll as CSV or Excel file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    officer.press("Check the file")


def counts(officer):
    labels = ("Rows in the file", "New people", "Rows with errors", "Doubled in the file")
    return tuple(int(officer.fact(label).replace(",", "")) for label in labels)


def members(stage):
    return stage.act(lambda session: session.scalar(select(func.count()).select_from(Member)))


def read_problems(officer, roll):
    """The table names row, column, what and what to do; the CSV file holds all of it."""
    first = officer.page.locator("#problem-list tbody tr").first
    cells = [cell.inner_text() for cell in first.locator("th, td").all()]
    assert cells[0] == str(FIRST_ROW + 3)  # the first fault falls on the fourth person
    assert all(cells)
    with officer.page.expect_download() as download:
        officer.button("Download all of it as CSV", role="link").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) - 1 >= sum(roll.codes.values())

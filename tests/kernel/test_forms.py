import pytest
from werkzeug.datastructures import MultiDict

from unionapp.kernel.forms import Form, line, mail, prose


class Example(Form):
    name = line("Name", limit=10)
    text = prose("Text", required=False)
    address = mail("Mail", required=False)


def errors(app, **typed):
    with app.test_request_context("/", method="POST"):
        form = Example(MultiDict({"name": "はな", **typed}), meta={"csrf": False})
        form.validate()
        return form, form.errors


def test_plain_text_passes_and_is_made_one_form(app):
    form, found = errors(app, name=" か\u3099く ", text="一行\r\n二行", address="Hana@EXAMPLE.jp")
    assert not found
    assert form.name.data == "がく"
    assert form.text.data == "一行\n二行"
    assert form.address.data == "Hana@example.jp"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "あ" * 11,
        "a\x00b",
        "a\ud800b",
        "a" + chr(0xFFFD) + "b",
        "a\u202eb",
        "a\u200fb",
        "a\x1bb",
        "a\nb",
    ],
)
def test_bad_text_is_refused_at_its_field(app, bad):
    assert set(errors(app, name=bad)[1]) == {"name"}


@pytest.mark.parametrize("bad", ["hana", "hana@", "@example.jp", "hana@example", "a b@example.jp"])
def test_bad_addresses_are_refused(app, bad):
    assert set(errors(app, address=bad)[1]) == {"address"}

"""The shared macros: what was typed stays, errors lead to their fields, redlines keep every character."""

import html5lib
import pytest
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

XHTML = "{http://www.w3.org/1999/xhtml}"
JOBS = [SelectChoice("genga", "原画"), SelectChoice("douga", "動画")]
CONTRACTS = [SelectChoice("free", "Freelance"), SelectChoice("staff", "Employed")]


class Application(Form):
    name = StringField("Name", [InputRequired()], description="As on your papers.")
    pen_name = StringField("Pen name", [Optional()])
    why = TextAreaField("Why", [Optional()])
    password = PasswordField("Password", [InputRequired()])
    contract = RadioField("Contract", [InputRequired()], choices=CONTRACTS)
    jobs = SelectMultipleField("Jobs", choices=JOBS)
    consent = BooleanField("I agree", [InputRequired()])


@pytest.fixture
def render(app):
    def render(source, **facts):
        imports = (
            '{% import "_forms.html" as forms %}{% import "_page.html" as page %}'
            '{% import "_tables.html" as tables %}{% import "_redline.html" as redlines %}'
        )
        with app.test_request_context("/?lang=en"):
            html = app.jinja_env.from_string(imports + source).render(**facts)
        return html5lib.parse(html)

    return render


def sent(**typed):
    form = Application(MultiDict(typed))
    form.validate()
    return form


FIELDS = (
    "{% call forms.form('/join', form) %}{% for f in form %}{{ forms.field(f) }}{% endfor %}{% endcall %}"
)


def of(tree, tag, **attributes):
    return [
        e for e in tree.iter(XHTML + tag) if all(e.get(key) == value for key, value in attributes.items())
    ]


def text(element):
    return " ".join("".join(element.itertext()).split())


def test_each_error_on_top_leads_to_an_element_that_exists(render):
    tree = render(FIELDS, form=sent(pen_name="はな"))
    (summary,) = of(tree, "div", role="alert")
    targets = [link.get("href").removeprefix("#") for link in summary.iter(XHTML + "a")]
    assert targets == ["name", "password", "contract", "consent"]
    assert set(targets) <= {element.get("id") for element in tree.iter()}


def test_a_form_without_errors_has_no_summary(render):
    tree = render(FIELDS, form=sent(name="架空", password="secret", contract="free", consent="y"))
    assert not of(tree, "div", role="alert")
    assert not [e for e in tree.iter() if e.get("aria-invalid")]


def test_fields_are_described_by_their_hint_and_their_error(render):
    tree = render(FIELDS, form=sent())
    (field,) = of(tree, "input", id="name")
    assert field.get("aria-invalid") == "true"
    said = [text(e) for e in tree.iter() if e.get("id") in field.get("aria-describedby").split()]
    assert said == ["As on your papers.", "Error: This field is required."]


def test_what_is_required_is_said_in_words(render):
    tree = render(FIELDS, form=sent())
    assert text(of(tree, "label", **{"for": "name"})[0]) == "Name required"
    assert text(of(tree, "label", **{"for": "pen_name"})[0]) == "Pen name"


def test_what_was_typed_stays_but_for_passwords(render):
    tree = render(FIELDS, form=sent(pen_name="<はな>", why="a\nb", password="secret", contract="staff"))
    assert of(tree, "input", id="pen_name")[0].get("value") == "<はな>"
    assert "".join(of(tree, "textarea", id="why")[0].itertext()).strip() == "a\nb"
    assert [e.get("value") for e in of(tree, "input", type="radio") if e.get("checked") is not None] == [
        "staff"
    ]
    assert not of(tree, "input", id="password")[0].get("value")


def test_several_choices_are_cards_with_a_legend(render):
    form = Application(MultiDict([("jobs", "genga"), ("jobs", "douga")]))
    tree = render("{{ forms.checkbox_cards(form.jobs, hints={'genga': 'Key frames'}) }}", form=form)
    assert text(of(tree, "legend")[0]) == "Jobs"
    assert [e.get("checked") is not None for e in of(tree, "input", type="checkbox")] == [True, True]
    assert text(of(tree, "small")[0]) == "Key frames"


def test_a_redline_keeps_every_character_and_says_what_happened(render):
    parts = [["equal", "会社は、\n"], ["delete", " <書面> "], ["insert", "(電磁的方法)"], ["equal", "同意"]]
    tree = render("{{ redlines.redline(parts, 'ja') }}", parts=parts)
    for said in [e for e in tree.iter(XHTML + "span") if e.get("class") == "said"]:
        assert said.text
        said.text = ""
    (block,) = of(tree, "div", lang="ja")
    assert "".join(block.itertext()) == "会社は、\n <書面> (電磁的方法)同意"
    assert [len(of(tree, mark)) for mark in ("del", "ins")] == [1, 1]


def test_parallel_text_marks_the_stale_side_only(render):
    rows = [{"number": "1", "ja": "日本語", "en": "English", "stale": "en"}]
    tree = render("{{ redlines.parallel(rows) }}", rows=rows)
    first, second = (e for e in tree.iter(XHTML + "div") if e.get("class") in {"first", "second"})
    assert text(first) == "日本語"
    assert text(second) == "English Translation to be checked"


def test_a_table_names_its_rows_and_its_region(render):
    source = (
        "{{ tables.table('Fell', [('Item', 'text'), ('Ours', 'number')], [['Training', 4]], id='fell') }}"
    )
    tree = render(source)
    (region,) = of(tree, "div", role="region")
    assert region.get("tabindex") == "0"
    assert text(of(tree, "caption", id=region.get("aria-labelledby"))[0]) == "Fell"
    assert text(of(tree, "th", scope="row")[0]) == "Training"


def test_a_meter_of_nobody_is_empty_not_broken(render):
    tree = render("{{ page.meter('m', 'Joined', 0, 0, 'Nobody is on the list yet.') }}")
    assert text(of(tree, "figcaption")[0]) == "Nobody is on the list yet."


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500])
@pytest.mark.parametrize("base", ["base.html", "reporting_base.html", "bare_base.html"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_error_page_keeps_what_was_typed(app, status, base, language):
    facts = {"status": status, "title": "T", "message": "M", "remedy": "R", "base": base}
    with app.test_request_context(f"/?lang={language}"):
        template = app.jinja_env.get_template("errors/error.html")
        typed = template.render(**facts, typed=[("why", "\n </textarea>x")], retry_url="/join")
        nothing = template.render(**facts, typed=[], retry_url=None)
    tree = html5lib.parse(typed)
    assert tree.get("lang") == language
    (kept,) = of(tree, "textarea", name="why")
    assert kept.text == "\n </textarea>x"
    assert of(tree, "form", action="/join")
    assert not of(html5lib.parse(nothing), "textarea")


class Line(Form):
    text = StringField("Text", [InputRequired()])


class Nested(Form):
    origin = FormField(Line)
    lines = FieldList(FormField(Line), min_entries=2)


def test_errors_inside_nested_forms_lead_to_the_inner_field(render):
    form = Nested(MultiDict({"lines-0-text": "", "lines-1-text": "x"}))
    form.validate()
    (summary,) = of(render("{{ forms.form_errors(form) }}", form=form), "div", role="alert")
    assert [link.get("href") for link in summary.iter(XHTML + "a")] == ["#origin-text", "#lines-0-text"]

"""Forms of bargaining: shape and wording; whether a reference leads anywhere is asked of the version."""

import unicodedata
from typing import Any

from wtforms import BooleanField, DateField, Field, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Optional, ValidationError

from unionapp.bargaining.library import Blank, library
from unionapp.bargaining.models import AgreementKind, Document, Numbering, wording
from unionapp.bargaining.models.document import blank_words
from unionapp.bargaining.operations import TermTooLongError, term_is_lawful
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.forms import Form, clean, faithful, line, prose
from unionapp.kernel.i18n import _, lazy, locale

NO_BUNDLE = "none"
WITHDRAWN = "withdrawn"
MOST_FIGURES = 15


class AgreementForm(Form):
    """What is known of an agreement when it is begun."""

    title_ja = line(lazy("Title in Japanese"))
    title_en = line(lazy("Title in English"))
    employer_ja = line(lazy("Employer's name in Japanese"))
    employer_en = line(lazy("Employer's name in English"))
    kind = RadioField(lazy("What the paper is"), default=AgreementKind.COLLECTIVE.value)
    numbering = RadioField(lazy("How units are numbered"), default=Numbering.CONTRACT.value)
    term_from = DateField(lazy("First day of the term"), validators=[Optional()])
    term_to = DateField(lazy("Last day of the term"), validators=[Optional()])
    auto_renew = BooleanField(lazy("It is renewed unless one side ends it"))
    bundle = RadioField(lazy("What to start from"), default=NO_BUNDLE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [
            SelectChoice(AgreementKind.COLLECTIVE.value, _("Collective agreement")),
            SelectChoice(AgreementKind.RIDER.value, _("Rider to an agreement")),
            SelectChoice(AgreementKind.STATEMENT.value, _("Statement of terms (Freelance Act, Article 3)")),
        ]
        self.numbering.choices = [
            SelectChoice(Numbering.CONTRACT.value, _("As in contracts: 第1条, 1, (1)")),
            SelectChoice(Numbering.STATUTE.value, _("As in statutes: 第一条, ２, 一")),
        ]
        self.bundle.choices = [
            SelectChoice(NO_BUNDLE, _("An empty draft")),
            *(SelectChoice(bundle.id, bundle.title.in_language(locale())) for bundle in library().bundles),
        ]

    def validate_term_to(self, field: Field) -> None:
        if not term_is_lawful(self.term_from.data, field.data):
            raise ValidationError(TermTooLongError.message)


class TextsForm(Form):
    """A unit's two texts as a writer types them; `document` is the version that the writer saw."""

    base = HiddenField(validators=[InputRequired()])
    restore = HiddenField()
    ja = prose(lazy("Japanese text"), required=False)
    en = prose(lazy("English text"), required=False)
    message = line(lazy("Why, in a few words"), required=False)
    hint = lazy(
        "Write a reference to another unit as {{第4条第2項}} or {{Article 4, paragraph 2}}: its number will "
        "follow when units move. Leave {{blank:…}} as it is; blanks are filled on their own page."
    )

    document: Document
    stored: dict[str, str]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; refuse a unit without any text."""
        sound = bool(super().validate(extra_validators))
        if sound and not (self.ja.data or self.en.data):
            self.ja.errors = [_("Please write the text in at least one language.")]
            return False
        return sound

    def validate_ja(self, field: Field) -> None:
        self._store("ja", field)

    def validate_en(self, field: Field) -> None:
        self._store("en", field)

    def _store(self, language: str, field: Field) -> None:
        self.stored = {**getattr(self, "stored", dict.fromkeys(LANGUAGES, "")), language: ""}
        try:
            self.stored[language] = self.document.stored(field.data or "")
        except wording.UnknownTokenError as error:
            raise ValidationError(
                _(
                    "%(token)s leads nowhere in this version. Write a number that stands in it.",
                    token=error.token,
                )
            ) from None


class AssessmentForm(Form):
    """How strong a unit is for one code."""

    code = SelectField(lazy("Protection"))
    level = RadioField(lazy("Level"), validators=[InputRequired(message=lazy("Please choose a level."))])
    note = prose(lazy("Reason"), limit=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.choices = [
            SelectChoice(code.code, f"{code.code} {code.name.in_language(locale())}")
            for code in library().codes
        ]
        self.level.choices = [
            SelectChoice("0", _("0: absent")),
            SelectChoice("1", _("1: acknowledgement, principle or reservation")),
            SelectChoice("2", _("2: procedure only")),
            SelectChoice("3", _("3: substantive right with conditions")),
            SelectChoice("4", _("4: substantive right with a remedy")),
            SelectChoice("-1", _("N: the employer keeps the opposite right")),
            SelectChoice(WITHDRAWN, _("This unit claims nothing for this protection")),
        ]


def blanks_form(found: list[tuple[str, Blank | None, str]]) -> type[Form]:
    """Return a form with one or two fields for each blank, given as (clause, library's blank, name)."""
    fields: dict[str, Any] = {}
    for slug, blank, name in found:
        key = f"{slug}:{name}"
        said = blank_words(slug, name, locale()).strip("［］[]")
        if blank and blank.kind == "date":
            fields[f"{key}:date"] = DateField(said, validators=[Optional()])
        elif blank and blank.kind == "number":
            fields[f"{key}:number"] = StringField(
                said, validators=[Optional(), faithful, _within(blank)], filters=[clean, _half_width]
            )
        else:
            for language, words in (
                ("ja", _("%(blank)s (Japanese)", blank=said)),
                ("en", _("%(blank)s (English)", blank=said)),
            ):
                fields[f"{key}:{language}"] = line(words, required=False, more=[_without_braces])
    return type("BlanksForm", (Form,), fields)


def _without_braces(_form: Any, field: Field) -> None:
    """Refuse what would make a reference or another blank of the words that fill one."""
    if any(braces in (field.data or "") for braces in ("{{", "}}")):
        raise ValidationError(_("Two braces in a row mark references and blanks. Please write without them."))


def _half_width(figures: str | None) -> str | None:
    """Japanese keyboards write full-width figures; both texts take the plain ones."""
    return unicodedata.normalize("NFKC", figures) if figures else figures


def _within(blank: Blank) -> Any:
    def check(_form: Any, field: Field) -> None:
        figures = (field.data or "").replace(",", "")
        if not (figures.isascii() and figures.isdecimal() and len(figures) <= MOST_FIGURES):
            raise ValidationError(_("Please write a whole number in figures."))
        if blank.minimum is not None and int(figures) < blank.minimum:
            raise ValidationError(_("Please write at least %(least)d.", least=blank.minimum))
        if blank.maximum is not None and int(figures) > blank.maximum:
            raise ValidationError(_("Please write at most %(most)d.", most=blank.maximum))

    return check

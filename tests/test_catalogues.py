"""The words of the public pages in every language that they speak."""

import gettext
import re

import polib
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from scripts import catalogues
from tests.factories.kb import AT, make_topic, published_article

LANGUAGES = [code for code in settings.HELP_LANGUAGES if code != "en"]
PAGES = [
    "/help/{}/",
    "/help/{}/topics/t0/",
    "/help/{}/a0/",
    "/help/{}/nothing-of-that-name/",
    "/help/search/?q=qqq&language={}",
    "/help/search/?q=Zz0&language={}",
    "/help/search/?language={}",
    "/help/contact/?language={}",
    "/help/assistant/?language={}",
]
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(?:aria-label|placeholder|title|data-[\w-]+)="([^"]*)"')


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(path(language)))


def forms_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def path(language: str):
    return catalogues.LOCALE / language / "LC_MESSAGES" / "django.po"


def test_languages_are_those_with_a_catalogue():
    found = {each.name for each in catalogues.LOCALE.iterdir() if each.is_dir()}
    assert found == set(LANGUAGES) == {"de", "ja"}


def test_words_are_found_in_templates_views_forms_and_models():
    found = catalogues.messages()

    for text, place in {
        ("Was this helpful?", ""): "templates/help/vote.html",
        ("%(articles)s article", "%(articles)s articles"): "templates/help/cards.html",
        ("This page was for one day.", ""): "kb/views/help/contact.py",
        ("Say whom we write to.", ""): "kb/forms/help.py",
        ("Something is missing", ""): "kb/models/reading.py",
    }.items():
        assert found[text] == place
    assert ("VIP contacts go straight to a person", "") not in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_a_translation_and_no_other_is_kept(language):
    wanted, known = catalogues.messages(), catalogue(language)

    assert catalogues.missing(known, wanted) == []
    assert {(entry.msgid, entry.msgid_plural) for entry in known} == set(wanted)


def test_text_without_a_translation_is_missing_and_what_is_known_stays():
    wanted = {("One", ""): "a.html", ("Two", ""): "a.html", ("%(n)s", "s"): "b.html"}
    known = polib.POFile()
    known.metadata = {"Plural-Forms": "nplurals=2; plural=(n != 1);"}
    known.append(polib.POEntry(msgid="Two", msgstr="Zwei"))
    known.append(polib.POEntry(msgid="Gone", msgstr="Weg"))

    made = catalogues.renewed(known, wanted)

    assert [(entry.msgid, entry.msgstr) for entry in made] == [
        ("One", ""),
        ("Two", "Zwei"),
        ("%(n)s", ""),
    ]
    assert made[-1].msgstr_plural == {0: "", 1: ""}
    assert catalogues.missing(made, wanted) == [("One", ""), ("%(n)s", "s")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_that_of_the_text(language):
    known = catalogue(language)
    made = path(language).with_suffix(".mo")

    assert made.read_bytes() == known.to_binary()
    with made.open("rb") as file:
        read = gettext.GNUTranslations(file)
    for entry in known:
        forms = forms_of(entry)
        if entry.msgid_plural:
            assert read.ngettext(entry.msgid, entry.msgid_plural, 1) == forms[0]
            assert read.ngettext(entry.msgid, entry.msgid_plural, 2) == forms[-1]
        else:
            assert read.gettext(entry.msgid) == forms[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_same_places_and_tags(language):
    pieces = re.compile(r"%\(\w+\)[sd]|%%|</?\w+>")
    for entry in catalogue(language):
        # A single one may spell its number out.
        texts = (entry.msgid, entry.msgid_plural or entry.msgid)
        allowed = [sorted(pieces.findall(text)) for text in texts]
        for form in forms_of(entry):
            assert sorted(pieces.findall(form)) in allowed, form


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_have_no_english_word_left(language):
    """Pages whose articles have no words: what is English is the page's own."""
    cache.clear()  # The words of the house are kept for a minute.
    topic = make_topic("Zz", slug="t0")
    for number in range(2):
        published_article(
            f"Zz{number}", slug=f"a{number}", language=language, topic=topic, at=AT,
            body="Zz\n\n## Zz\n\nzz\n\n## Zy\n\nzz",
        )  # fmt: skip
    same = {
        entry.msgid
        for entry in catalogue(language)
        if forms_of(entry)[0] == entry.msgid
    }
    english = {text for text, _plural in catalogues.messages()} - same

    for page in PAGES:
        html = Client().get(page.format(language)).content.decode()
        assert f'<html lang="{language}">' in html
        shown = [piece.strip() for piece in _TAG.sub("\0", html).split("\0")]
        given = [each.replace("%", "%%") for each in _ATTRIBUTE.findall(html)]
        found = english.intersection([*shown, *given])
        assert not found, page

"""Topics and the help centre's own words in other languages, and what stands in for them."""

import importlib
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from kb.models import Topic, TopicTranslation
from kb.selectors.assistant.rules import current_rules
from kb.selectors.help.centre import forget_centre
from kb.services import articles as services
from kb.services import assistant
from kb.services.articles import TopicWords
from kb.services.assistant import CentreWords
from supportops.common import roles
from tests.factories.kb import make_topic, published_article
from tests.factories.people import UserFactory
from tickets.models import Category, ProductArea

pytestmark = pytest.mark.django_db

GERMAN = {"de": TopicWords("Rechnungen", "Alles, was Sie schulden.")}


@pytest.fixture(autouse=True)
def _words_read_anew():
    forget_centre()


@pytest.fixture
def topic() -> Topic:
    """A topic with a German and an English article and a topic above it."""
    topic = make_topic(
        "Invoices", parent=make_topic("Money"), description="What you owe."
    )
    published_article("Read an invoice", topic=topic)
    published_article("Rechnung lesen", language="de", topic=topic)
    return topic


def write(topic, translations, actor=None, name="Invoices"):
    return services.change_topic(
        topic_id=topic.pk,
        name=name,
        description=topic.description,
        translations=translations,
        actor=actor,
    )


def words_of(topic):
    rows = TopicTranslation.objects.filter(topic=topic).order_by("language")
    return {row.language: (row.name, row.description) for row in rows}


def read(client, path):
    return client.get(path).content.decode()


# Writing ----------------------------------------------------------------------------------


def test_topic_is_named_in_other_languages(topic):
    lead = UserFactory(role=roles.SUPPORT_LEAD)

    write(topic, GERMAN | {"ja": TopicWords(" 請求書 ")}, actor=lead)
    assert words_of(topic) == {
        "de": ("Rechnungen", "Alles, was Sie schulden."),
        "ja": ("請求書", ""),
    }

    # A language that is not named stays; one without words is forgotten.
    write(topic, {"ja": TopicWords("", " ")}, actor=lead)
    assert set(words_of(topic)) == {"de"}
    write(topic, {"de": TopicWords("Belege")}, actor=lead)
    assert words_of(topic) == {"de": ("Belege", "")}


def test_new_topic_has_its_names_at_once_and_takes_them_with_it():
    topic = services.add_topic(name="Taxes", actor=None, translations=GERMAN)
    assert words_of(topic)["de"][0] == "Rechnungen"

    services.delete_topic(topic_id=topic.pk, actor=None)

    assert not TopicTranslation.objects.filter(
        language="de", name="Rechnungen"
    ).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"fr": TopicWords("Factures")},
        {"en": TopicWords("Bills")},  # the house's own: that is the topic itself
        {"ja": TopicWords("請" * 81)},
        {"ja": TopicWords("請求書", "請" * 201)},
    ],
)
def test_refused_names_write_nothing(topic, wrong):
    with pytest.raises(services.TopicRefused):
        write(topic, GERMAN | wrong, name="Bills")

    assert words_of(topic) == {}
    assert Topic.objects.get(pk=topic.pk).name == "Invoices"


def test_only_who_changes_topics_translates_them(topic):
    for role in (roles.AGENT, roles.TEAM_LEAD, roles.EXECUTIVE):
        with pytest.raises(services.NotYours):
            write(topic, GERMAN, actor=UserFactory(role=role))
    assert words_of(topic) == {}

    write(topic, GERMAN, actor=UserFactory(role=roles.SUPPORT_LEAD))
    assert set(words_of(topic)) == {"de"}


def test_a_topic_has_one_row_a_language_and_none_without_words(topic):
    TopicTranslation.objects.create(topic=topic, language="de", name="Rechnungen")

    for row in ({"language": "de", "name": "Belege"}, {"language": "ja"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TopicTranslation.objects.create(topic=topic, **row)
    assert words_of(topic) == {"de": ("Rechnungen", "")}


def test_standard_topics_have_names_unless_they_were_renamed():
    standard = Topic.objects.exclude(kind="")
    assert standard.count() == 7
    assert all(set(words_of(topic)) == {"de", "ja"} for topic in standard)

    TopicTranslation.objects.all().delete()
    Topic.objects.filter(slug="faq").update(name="Asked")
    module = "kb.migrations.0007_standard_topics_in_languages"
    importlib.import_module(module).add_words(apps, None)
    named = {each.slug for each in standard if words_of(each)}
    assert len(named) == 6
    assert "faq" not in named


# What readers see -------------------------------------------------------------------------


def test_pages_name_topics_in_the_reader_s_language(client, topic):
    write(topic, GERMAN)
    write(topic.parent, {"de": TopicWords("Geld")}, name="Money")

    home = read(client, "/help/de/")
    assert "<strong>Geld</strong>" in home
    above = read(client, "/help/de/topics/money/")
    assert "<h1>Geld</h1>" in above
    assert "<strong>Rechnungen</strong>" in above
    page = read(client, "/help/de/topics/invoices/")
    assert "<title>Rechnungen · " in page
    assert "<h1>Rechnungen</h1>" in page
    assert '<meta name="description" content="Alles, was Sie schulden.">' in page
    assert '<a href="/help/de/topics/money/">Geld</a>' in page
    assert 'title="Neu und geändert: Rechnungen"' in page
    article = read(client, "/help/de/rechnung-lesen/")
    assert '<a href="/help/de/topics/money/">Geld</a>' in article
    assert '<a href="/help/de/topics/invoices/">Rechnungen</a>' in article
    feed = read(client, reverse("help:topic-feed", args=["de", "invoices"]))
    assert "<title>Neu und geändert: Rechnungen · " in feed
    for german in (home, above, page, article, feed):
        assert "Invoices" not in german
        assert "Money" not in german
    english = read(client, "/help/en/topics/invoices/")
    assert "<h1>Invoices</h1>" in english
    assert "Rechnungen" not in english


def test_topic_without_a_name_is_shown_in_the_house_s_and_says_so(client, topic):
    published_article("請求書を見る", slug="see", language="ja", topic=topic)
    write(topic, {"ja": TopicWords("", "請求書について")})

    page = read(client, "/help/ja/topics/invoices/")

    assert '<h1 lang="en">Invoices</h1>' in page
    assert '<p class="help-lead">請求書について</p>' in page
    assert '<a href="/help/ja/topics/money/" lang="en">Money</a>' in page
    assert '<strong lang="en">Money</strong>' in read(client, "/help/ja/")
    # The other way round: a name of its own, the description the house's.
    write(topic, {"ja": TopicWords("請求書")})
    page = read(client, "/help/ja/topics/invoices/")
    assert "<h1>請求書</h1>" in page
    assert '<p class="help-lead" lang="en">What you owe.</p>' in page
    assert '<h1 lang="en"' not in page


def test_article_shown_in_another_language_keeps_the_reader_s_names(client, topic):
    write(topic, GERMAN)

    page = read(client, "/help/de/read-an-invoice/")

    assert "How to read an invoice." in page
    assert '<a href="/help/de/topics/invoices/">Rechnungen</a>' in page


def test_language_that_pages_do_not_speak_has_topics_marked_with_it(
    client, topic, settings
):
    settings.ARTICLE_LANGUAGES = [*settings.ARTICLE_LANGUAGES, ("fr", "Français")]
    published_article("Lire une facture", language="fr", topic=topic)
    write(topic, {"fr": TopicWords("Factures")})

    page = read(client, "/help/fr/topics/invoices/")

    assert '<html lang="en">' in page
    assert '<h1 lang="fr">Factures</h1>' in page
    assert '<p class="help-lead">What you owe.</p>' in page


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/help/de/", 6),
        ("/help/de/topics/invoices/", 4),
        ("/help/de/rechnung-lesen/", 9),
        ("/help/de/topics/invoices/feed.xml", 4),
    ],
)
def test_translated_topics_cost_no_query(
    client, topic, django_assert_num_queries, path, queries, count
):
    for number in range(count):
        each = make_topic(f"Topic {number}", parent=topic)
        published_article(f"Artikel {number}", language="de", topic=each)
        write(each, {"de": TopicWords(f"Thema {number}")}, name=each.name)
    client.get(path)

    with django_assert_num_queries(queries):
        client.get(path)


# What staff see ---------------------------------------------------------------------------


def test_names_are_edited_beside_the_topic(client, topic):
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))
    page = read(client, reverse("kb:topics"))
    assert 'name="name_de" maxlength="80" lang="de" value=""' in page
    assert 'name="name_en"' not in page

    sent = {
        "verb": "rename", "name": "Invoices", "description": "", "kind": "", "slug": "",
        "name_de": "Rechnungen", "description_de": "", "name_ja": "", "description_ja": "",
    }  # fmt: skip
    client.post(reverse("kb:topic", args=[topic.pk]), sent)

    assert words_of(topic) == {"de": ("Rechnungen", "")}
    page = read(client, reverse("kb:topics"))
    assert '<span lang="de">Rechnungen</span>' in page
    # A form that does not have the languages leaves them.
    client.post(
        reverse("kb:topic", args=[topic.pk]), {"verb": "rename", "name": "Bills"}
    )
    assert words_of(topic) == {"de": ("Rechnungen", "")}


def test_agents_read_the_names_and_cannot_write_them(client, topic):
    write(topic, GERMAN)
    client.force_login(UserFactory(role=roles.AGENT))

    page = read(client, reverse("kb:topics"))
    assert '<span lang="de">Rechnungen</span>' in page
    assert 'name="name_de"' not in page
    sent = {"verb": "rename", "name": "Invoices", "name_de": "Belege"}
    answer = client.post(reverse("kb:topic", args=[topic.pk]), sent)

    assert answer.status_code == 403
    assert words_of(topic)["de"][0] == "Rechnungen"


def test_new_topic_takes_its_names_in_other_languages(client):
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))
    assert 'name="name_ja"' in read(client, reverse("kb:topics"))

    sent = {"name": "Taxes", "name_de": " Steuern ", "name_ja": ""}
    client.post(reverse("kb:topic-new"), sent)

    topic = Topic.objects.get(name="Taxes")
    assert {code: words[0] for code, words in words_of(topic).items()} == {
        "de": "Steuern"
    }
    too_long = {"name": "Fees", "name_de": "x" * 81}
    client.post(reverse("kb:topic-new"), too_long)
    assert not Topic.objects.filter(name="Fees").exists()


# The help centre's own words --------------------------------------------------------------

RULES = {
    "is_on": "on", "mode": "FIXED", "threshold": "85", "precision": "90",
    "skips_vip": "on", "calendar": "", "holdout": "10", "reason": "",
    "name": "Lumen Ledger", "welcome": "What is it?",
}  # fmt: skip


def save_rules(client, role=roles.SUPPORT_LEAD, **changes):
    client.force_login(UserFactory(role=role))
    answer = client.post(reverse("kb:assistant-rules"), RULES | changes)
    client.logout()
    forget_centre()
    return answer


def test_name_and_welcome_are_said_in_the_reader_s_language(client, topic):
    published_article("請求書を見る", slug="see", language="ja", topic=topic)
    save_rules(client, name_de="Lumen Hilfe", welcome_de=" Worum  geht es? ")

    german, japanese = read(client, "/help/de/"), read(client, "/help/ja/")

    assert "<h1>Worum geht es?</h1>" in german
    assert "· Lumen Hilfe</title>" in german
    assert '<h1 lang="en">What is it?</h1>' in japanese
    assert "· Lumen Ledger</title>" in japanese
    assert "· Lumen Hilfe</title>" in read(client, "/help/de/feed.xml")
    assert "<h1>What is it?</h1>" in read(client, "/help/en/")


def test_usual_welcome_is_in_the_language_of_the_page(client, topic):
    save_rules(client, welcome="")

    assert "<h1>Wie können wir helfen?</h1>" in read(client, "/help/de/")


def test_words_that_are_the_same_again_write_no_history(client, topic):
    for _time in range(2):
        save_rules(client, name_de="Lumen Hilfe")
    rules = current_rules()

    assert rules.translations == {"de": {"name": "Lumen Hilfe"}}
    assert (
        rules.history.filter(translations={"de": {"name": "Lumen Hilfe"}}).count() == 1
    )
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))
    assert 'value="Lumen Hilfe"' in read(client, reverse("kb:assistant-rules"))


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [(roles.AGENT, "Lumen Hilfe", 403), (roles.SUPPORT_LEAD, "x" * 61, 400)],
)
def test_words_of_the_wrong_person_or_length_are_refused(client, role, name, status):
    answer = save_rules(client, role=role, name_de=name)

    assert answer.status_code == status
    assert current_rules().translations == {}


def contact_form(client, language):
    return read(client, f"/help/contact/?language={language}")


def test_choices_of_the_contact_form_are_in_the_reader_s_language(client, topic):
    kind = Category.objects.create(name="Billing", path="Billing")
    part = ProductArea.objects.create(name="Bank import")
    save_rules(client, **{f"kinds_{kind.pk}_de": " Abrechnung "})
    save_rules(
        client,
        **{f"kinds_{kind.pk}_de": "Abrechnung", f"parts_{part.pk}_ja": "銀行取込"},
    )

    german, japanese = contact_form(client, "de"), contact_form(client, "ja")

    assert f'<option value="{kind.pk}">Abrechnung</option>' in german
    assert f'<option value="{part.pk}">Bank import</option>' in german
    assert f'<option value="{kind.pk}">Billing</option>' in japanese
    assert f'<option value="{part.pk}">銀行取込</option>' in japanese
    assert f'<option value="{kind.pk}">Billing</option>' in contact_form(client, "en")
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))
    assert 'value="Abrechnung"' in read(client, reverse("kb:assistant-rules"))


def test_too_long_names_of_choices_are_refused(client, topic):
    kind = Category.objects.create(name="Billing", path="Billing")

    answer = save_rules(client, **{f"kinds_{kind.pk}_de": "x" * 81})

    assert answer.status_code == 400
    assert current_rules().translations == {}
    with pytest.raises(assistant.RulesRefused):
        assistant.save_rules(
            content=replace(
                rules_content(), translations={"de": CentreWords(kinds={1: "x" * 81})}
            ),
            actor=None,
            at=timezone.now(),
        )
    assert current_rules().translations == {}


def rules_content():
    rules = current_rules()
    return assistant.RulesContent(
        is_on=True, mode=rules.mode, threshold=rules.threshold,
        precision=rules.precision, skips_vip=True, calendar=None,
        holdout=rules.holdout,
    )  # fmt: skip

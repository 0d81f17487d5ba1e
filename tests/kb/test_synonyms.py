"""Synonyms: entered with what they change shown first."""

import pytest

from kb import search
from kb.models import IndexVersion, Synonym
from kb.services import synonyms as services
from tests.factories.kb import AT, published_article
from tests.factories.kb_search import make_synonym

pytestmark = pytest.mark.django_db


def draft(term: str = "bill", *same_as: str, language: str = "en", is_active=True):
    return services.Draft(language, term, same_as or ("invoice",), is_active)


def test_a_saved_synonym_is_searched_at_once() -> None:
    published_article("Download an invoice")
    assert search.search("bill", audience="public") == []

    synonym = services.save_synonym(synonym_id=None, draft=draft(), at=AT)
    assert len(search.search("bill", audience="public")) == 1

    services.save_synonym(synonym_id=synonym.pk, draft=draft(is_active=False), at=AT)
    assert search.search("bill", audience="public") == []


def test_a_deleted_synonym_is_searched_no_longer_and_keeps_its_history() -> None:
    published_article("Download an invoice")
    synonym = make_synonym("bill", "invoice")
    assert len(search.search("bill", audience="public")) == 1

    services.delete_synonym(synonym_id=synonym.pk, at=AT)
    services.delete_synonym(synonym_id=synonym.pk, at=AT)

    assert search.search("bill", audience="public") == []
    assert Synonym.history.filter(term="bill", history_type="-").count() == 1


def test_words_are_tidied() -> None:
    synonym = services.save_synonym(
        synonym_id=None,
        draft=draft(" e  bill ", "Invoice", "invoice", " E Bill", "", "tax  note"),
        at=AT,
    )

    assert (synonym.term, synonym.same_as) == ("e bill", ["Invoice", "tax note"])


@pytest.mark.parametrize(
    ("term", "same_as"),
    [
        ("", ("invoice",)),
        ("bill", ("bill", " BILL ")),
        ("?!", ("invoice",)),
        ("bill", ("...",)),
        ("x" * 81, ("invoice",)),
        ("bill", ("x" * 81,)),
        ("bill", tuple(f"word{n}" for n in range(21))),
    ],
)
def test_unusable_entries_are_refused(term: str, same_as: tuple[str, ...]) -> None:
    with pytest.raises(services.SynonymUnusable):
        services.save_synonym(synonym_id=None, draft=draft(term, *same_as), at=AT)

    assert not Synonym.objects.exists()
    assert not IndexVersion.objects.exists()


def test_a_word_has_one_entry_in_a_language() -> None:
    first = make_synonym("bill", "invoice")
    number = IndexVersion.objects.get().number

    with pytest.raises(services.SynonymTaken):
        services.save_synonym(synonym_id=None, draft=draft("Bill", "tab"), at=AT)

    assert IndexVersion.objects.get().number == number
    services.save_synonym(synonym_id=first.pk, draft=draft("Bill", "tab"), at=AT)
    services.save_synonym(
        synonym_id=None, draft=draft("bill", "rechnung", language="de"), at=AT
    )
    assert Synonym.objects.count() == 2

"""The index is there before the first search."""

import runpy
import threading
from pathlib import Path

import pytest
from django.db import connection

from kb import search, warming
from kb.services.indexing import touch_index
from tests.factories.kb import AT, published_article

CONFIG = Path(__file__).parents[2] / "gunicorn.conf.py"


@pytest.mark.django_db
def test_first_search_reads_only_whether_the_content_changed(
    django_assert_num_queries,
):
    published_article()
    touch_index(at=AT)
    warming.warm()

    with django_assert_num_queries(1):
        found = search.answer("password", audience="public")

    assert len(found.hits) == 1


@pytest.mark.django_db
def test_missing_tables_are_no_failure(caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kb_indexversion RENAME TO kb_not_there")

    warming.warm()

    assert "search index not made ahead: " in caplog.text


@pytest.mark.django_db(transaction=True)
def test_background_thread_makes_the_index(django_assert_num_queries):
    published_article()
    touch_index(at=AT)

    thread = warming.start()
    thread.join(timeout=60)

    assert thread.daemon
    with django_assert_num_queries(1):
        assert len(search.search("password", audience="public")) == 1


def test_reading_the_configuration_starts_nothing():
    before = threading.enumerate()

    hooks = runpy.run_path(str(CONFIG))

    assert callable(hooks["post_worker_init"])
    assert threading.enumerate() == before

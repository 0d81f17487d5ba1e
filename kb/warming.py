"""Makes the search index before the first visitor asks for it.

Reading 10,000 articles takes some 15 seconds. `gunicorn.conf.py` calls `start` in each web
worker once it has the application: neither in ``wsgi.py``, which tests import as well, nor
in an ``AppConfig``, which management commands and migrations load too.
"""

import logging
from threading import Thread

from django.db import DatabaseError, connections

from kb import search

logger = logging.getLogger(__name__)


def start() -> Thread:
    """Make the index in a thread that holds up neither requests nor the end of the process.

    A search that comes meanwhile waits for the same index and does not make another.
    """
    thread = Thread(target=_warm_and_close, name="search-index", daemon=True)
    thread.start()
    return thread


def _warm_and_close() -> None:
    try:
        warm()
    finally:
        # Connections belong to a thread, and this one ends here.
        connections.close_all()


def warm() -> None:
    """Make the index for everybody and for the staff.

    Nothing is made, and nothing fails, where the database cannot be read or has no such
    tables yet; the first search tries again.
    """
    try:
        articles = search.ready()
    except DatabaseError as error:
        # Only the kind: its words may name hosts and users.
        logger.warning("search index not made ahead: %s", type(error).__name__)
    except Exception:
        logger.exception("search index not made ahead")
    else:
        logger.debug("search index made ahead: %d articles", articles)

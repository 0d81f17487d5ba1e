"""Read by gunicorn where it is started in this folder; options given to it come first."""

import gc
from typing import Any


def post_worker_init(worker: Any) -> None:
    """Make the search index in the background once a worker has the application.

    After the fork, as threads do not live through one. The worker answers meanwhile. What
    is loaded by now stays: a search for garbage that goes through all of it holds up a
    request by a sixth of a second.
    """
    from kb.warming import start

    gc.collect()
    gc.freeze()
    start()

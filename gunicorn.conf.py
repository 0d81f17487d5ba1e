"""Read by gunicorn where it is started in this folder; options given to it come first."""

from typing import Any


def post_worker_init(worker: Any) -> None:
    """Make the search index in the background once a worker has the application.

    After the fork, as threads do not live through one. The worker answers meanwhile.
    """
    from kb.warming import start

    start()

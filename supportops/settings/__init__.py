"""Settings by environment: ``supportops.settings`` is what runs, ``.test`` what tests use."""

from supportops.settings.base import *  # noqa: F403 -- Django reads one flat module

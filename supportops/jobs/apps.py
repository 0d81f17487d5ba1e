from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "supportops.jobs"
    label = "jobs"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from supportops.jobs import tasks  # noqa: F401 -- registers the tasks

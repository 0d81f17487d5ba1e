from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "sla"
    verbose_name = _("Promises")

    def ready(self) -> None:
        from sla import (  # noqa: F401 -- registered when apps are
            checks,
            metrics,
            receivers,
            tasks,
        )

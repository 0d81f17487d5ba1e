from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "tickets.imports"
    label = "ticket_imports"
    verbose_name = _("Ticket imports")

    def ready(self) -> None:
        from tickets.imports import (
            receivers,  # noqa: F401
            tasks,  # noqa: F401
        )

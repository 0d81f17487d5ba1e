from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CapacityConfig(AppConfig):
    name = "workforce.capacity"
    label = "capacity"
    verbose_name = _("Capacity")

    def ready(self) -> None:
        from workforce.capacity import (  # noqa: F401 -- registered when apps are
            metrics,
            receivers,
            tasks,
        )

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoachingConfig(AppConfig):
    name = "qa.coaching"
    label = "coaching"
    verbose_name = _("Coaching")

    def ready(self) -> None:
        from qa.coaching import receivers, tasks  # noqa: F401 -- registered when apps are

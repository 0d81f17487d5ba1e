from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "tickets.imports"
    label = "ticket_imports"
    verbose_name = _("Ticket imports")

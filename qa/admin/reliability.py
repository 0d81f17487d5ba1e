"""Certificates: who may score for real, since when, until when, and why no longer."""

from django.contrib import admin
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from qa.admin.calibration import ReadOnlyAdmin
from qa.models import Certification


@admin.register(Certification)
class CertificationAdmin(ReadOnlyAdmin):
    """Granted and withdrawn on the page of reliability; listed here with their past."""

    list_display = ("reviewer", "scorecard", "standing", "granted_at", "valid_until")
    list_filter = (("state", ChoicesDropdownFilter), "scorecard")
    list_filter_sheet = True
    search_fields = ("reviewer__first_name", "reviewer__last_name")
    ordering = ("-granted_at", "-pk")
    list_select_related = ("reviewer", "scorecard")
    fields = (
        "reviewer",
        "scorecard",
        "state",
        "granted_by",
        "granted_at",
        "valid_until",
        "evidence",
        "ended_at",
        "ended_reason",
    )

    @display(
        description=gettext_lazy("State"),
        label={"CERTIFIED": "success", "LAPSED": "warning", "REVOKED": "danger"},
    )
    def standing(self, row: Certification) -> tuple[str, str]:
        return row.state, row.get_state_display()

"""Scorecards and root causes in the admin. Editing a scorecard has its own pages."""

from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from qa.forms.scorecards import RootCauseForm
from qa.models import RootCause, Scorecard, ScorecardVersion
from qa.selectors import scorecards as selectors

State = ScorecardVersion.State


@admin.register(Scorecard)
class ScorecardAdmin(ModelAdmin):
    list_display = ("name", "standing", "since", "draft", "reviews", "owner")
    search_fields = ("name", "description")
    ordering = ("name", "pk")
    list_per_page = 25
    list_select_related = ("owner",)

    def get_queryset(self, request):
        return selectors.scorecards_with_versions()

    @display(
        description=_("State"),
        label={"PUBLISHED": "success", "DRAFT": "info", "ARCHIVED": "warning"},
    )
    def standing(self, scorecard):
        published = _version(scorecard, State.PUBLISHED)
        if published:
            words = _("Version %(number)s") % {"number": published.number}
            return "PUBLISHED", words
        if _version(scorecard, State.ARCHIVED):
            return "ARCHIVED", _("Archived")
        return "DRAFT", _("Not published")

    @display(description=_("Since"))
    def since(self, scorecard):
        published = _version(scorecard, State.PUBLISHED)
        return published.published_at if published else None

    @display(description=_("Draft"), label={"DRAFT": "warning"})
    def draft(self, scorecard):
        return ("DRAFT", _("Draft open")) if _version(scorecard, State.DRAFT) else None

    @display(description=_("Reviews that count"), ordering="review_count")
    def reviews(self, scorecard):
        return scorecard.review_count

    def add_view(self, request, form_url="", extra_context=None):
        return redirect("qa:scorecard-new")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect("qa:scorecard", pk=object_id)

    def has_delete_permission(self, request, obj=None):
        return False


def _version(scorecard, state):
    found = (each for each in scorecard.ordered_versions if each.state == state)
    return next(found, None)


@admin.register(RootCause)
class RootCauseAdmin(ModelAdmin):
    form = RootCauseForm
    list_display = ("name", "kind", "criterion", "is_active", "used")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "criterion_key")
    ordering = ("kind", "name", "pk")

    def get_queryset(self, request):
        return selectors.root_causes_with_use()

    def get_actions(self, request):
        """One by one: deleting many would take causes out of reviews unasked."""
        actions = super().get_actions(request)
        return {name: each for name, each in actions.items() if "delete" not in name}

    def has_delete_permission(self, request, obj=None):
        """A cause that a review names is switched off, not deleted."""
        is_used = obj is not None and obj.answers.exists()
        return super().has_delete_permission(request, obj) and not is_used

    @display(description=_("Offered at"), ordering="criterion_key")
    def criterion(self, cause):
        return cause.criterion_key or _("every criterion")

    @display(description=_("Times chosen"), ordering="use_count")
    def used(self, cause):
        return cause.use_count

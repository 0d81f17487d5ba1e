"""Sampling plans in the admin: the list and the form. A plan's page shows its draws."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from qa import sampling_phrases as phrases
from qa.forms.sampling import SamplingPlanForm
from qa.models import SamplingPlan
from qa.selectors import sampling as selectors
from supportops.common.histories import GuardedHistory


@admin.register(SamplingPlan)
class SamplingPlanAdmin(GuardedHistory, ModelAdmin):
    form = SamplingPlanForm
    list_display = ("page", "scorecard", "quota_words", "people", "last_draw", "state")
    list_display_links = None
    list_per_page = 25
    list_select_related = ("scorecard",)
    search_fields = ("name",)
    ordering = ("-is_active", "name", "pk")
    autocomplete_fields = ("teams", "categories", "channels")
    actions_list = ("to_coverage", "to_precision", "to_replacements")
    list_before_template = "qa/sampling/no_plan.html"
    conditional_fields = {"quota": "quota_rule == 'FIXED'"}
    fieldsets = (
        (None, {"fields": ("name", "scorecard", "is_active")}),
        (
            _("Which tickets"),
            {
                "fields": (
                    "teams",
                    "categories",
                    "channels",
                    "quota_rule",
                    "quota",
                    "strata",
                    "allocation",
                )
            },
        ),
        (_("Flagged tickets"), {"fields": ("rules", "rule_limit")}),
        (_("How sure reviewers are"), {"fields": ("overlap_share", "gold_share")}),
        (
            _("By whom"),
            {"fields": ("reviewers", "reviewer_limit", "pair_limit", "due_hours")},
        ),
        (_("When"), {"fields": ("is_automatic", "weekday", "time_zone")}),
    )

    class Media:
        css = {"all": ("qa/sampling.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[SamplingPlan]:
        return selectors.plans_with_draws()

    @display(description=_("Plan"), ordering="name")
    def page(self, plan: SamplingPlan) -> SafeString:
        return format_html(
            '<a class="so-link" href="{}">{}</a>',
            reverse("qa:sampling-plan", args=[plan.pk]),
            plan.name,
        )

    @display(description=_("Quota"))
    def quota_words(self, plan: SamplingPlan) -> str:
        return phrases.quota_words(plan)

    @display(description=_("Reviewers"))
    def people(self, plan: SamplingPlan) -> str:
        names = [str(person) for person in plan.reviewers.all()]
        return ", ".join(names) or str(_("nobody yet"))

    @display(description=_("Last week drawn"))
    def last_draw(self, plan: SamplingPlan) -> Any:
        draws = plan.draws.all()
        return draws[0].starts_on if draws else None

    @display(
        description=_("State"),
        label={"AUTOMATIC": "success", "BY_HAND": "info"},
    )
    def state(self, plan: SamplingPlan) -> tuple[str, Any]:
        if not plan.is_active:
            return "OFF", _("Not active")
        if plan.is_automatic:
            return "AUTOMATIC", _("Drawn by itself")
        return "BY_HAND", _("Drawn by hand")

    @action(description=_("Coverage"), url_path="coverage", icon="checklist")
    def to_coverage(self, request: HttpRequest) -> HttpResponse:
        return redirect("qa:sampling-coverage")

    @action(description=_("Precision planner"), url_path="precision", icon="straighten")
    def to_precision(self, request: HttpRequest) -> HttpResponse:
        return redirect("qa:sampling-precision")

    @action(
        description=_("Replacements"),
        url_path="replacements",
        icon="swap_horiz",
        permissions=["take_draw"],
    )
    def to_replacements(self, request: HttpRequest) -> HttpResponse:
        return redirect("qa:sampling-replacements")

    def has_take_draw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("qa.take_draw")

    def response_post_save_add(
        self, request: HttpRequest, obj: SamplingPlan
    ) -> HttpResponse:
        return redirect("qa:sampling-plan", pk=obj.pk)

    def response_post_save_change(
        self, request: HttpRequest, obj: SamplingPlan
    ) -> HttpResponse:
        return redirect("qa:sampling-plan", pk=obj.pk)

"""Policies in the admin: the list. Reading, editing and publishing have their own pages."""

from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from sla.models import Policy
from sla.phrases import conditions_sentence
from sla.selectors import policies as selectors
from sla.selectors.policy_words import names_of


@admin.register(Policy)
class PolicyAdmin(ModelAdmin):
    list_display = ("name", "for_whom", "standing", "since", "draft")
    search_fields = ("name",)
    ordering = ("position", "pk")
    list_per_page = 25
    actions_list = ("to_order", "to_public_page")

    def get_queryset(self, request):
        return selectors.policies_with_versions()

    def get_changelist_instance(self, request: HttpRequest):
        """Add to each row what its cells show: names are looked up once a page."""
        changelist = super().get_changelist_instance(request)
        now = timezone.now()
        definitions = {}
        for policy in changelist.result_list:
            policy.now, policy.shown = now, shown_version(policy, now)
            if policy.shown:
                definitions[policy.pk] = selectors.definition_of(policy.shown)
        names = names_of(*definitions.values())
        for policy in changelist.result_list:
            definition = definitions.get(policy.pk)
            policy.whom = conditions_sentence(definition, names) if definition else ""
        return changelist

    @display(description=_("For"))
    def for_whom(self, policy):
        return policy.whom

    @display(
        description=_("State"),
        label={"IN_FORCE": "success", "LATER": "warning", "DRAFT": "info"},
    )
    def standing(self, policy):
        shown, now = policy.shown, policy.now
        if shown is None or shown.is_draft:
            return "DRAFT", _("Not published")
        if shown.effective_from > now:
            return "LATER", _("In force later")
        if shown.effective_to and shown.effective_to <= now:
            return "PAST", _("Retired")
        return "IN_FORCE", _("In force")

    @display(description=_("Since"))
    def since(self, policy):
        shown = policy.shown
        return shown.effective_from if shown else None

    @display(description=_("Draft"), label={"DRAFT": "warning"})
    def draft(self, policy):
        has_draft = any(version.is_draft for version in policy.ordered_versions)
        return ("DRAFT", _("Draft open")) if has_draft else None

    @action(description=_("Order"), icon="swap_vert", permissions=["publish"])
    def to_order(self, request):
        return redirect("sla:policy-order")

    @action(description=_("What customers read"), icon="public")
    def to_public_page(self, request):
        return redirect("sla:public-sla")

    def add_view(self, request, form_url="", extra_context=None):
        return redirect("sla:policy-new")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect("sla:policy", pk=object_id)

    def has_publish_permission(self, request):
        return request.user.has_perm("sla.publish_policy")

    def has_delete_permission(self, request, obj=None):
        return False


def shown_version(policy, now):
    """The version in force; else the next one, the last one, or the draft."""
    published = [v for v in policy.ordered_versions if not v.is_draft]
    real = [
        v
        for v in published
        if v.effective_to is None or v.effective_to > v.effective_from
    ]
    for version in real:
        ends = version.effective_to
        if version.effective_from <= now and (ends is None or ends > now):
            return version
    return (real or policy.ordered_versions or [None])[0]

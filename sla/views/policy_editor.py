"""The policy editor: create, edit a draft, check it while typing, start and discard drafts."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from sla.core.default_policy import standard_support
from sla.core.history import METRICS
from sla.core.policy import NamedCalendar, PolicyDefinition
from sla.forms.policies import PolicyForm, initial_values
from sla.forms.policy_results import own_values, results, results_table, stale_text
from sla.forms.publication import NewPolicyForm, PolicyNameForm
from sla.models import Policy, PolicyVersion
from sla.phrases import METRIC_NAMES, conditions_sentence
from sla.selectors import calendars as calendar_selectors
from sla.selectors import policies as selectors
from sla.selectors.policy_words import names_of, tier_names
from sla.services import policies as services
from sla.views.acting import actor_of
from sla.views.policy_pages import policy_or_404, predecessor, version_or_404
from sla.views.wording import change_lines, finding_rows
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin


class EditorMixin(StaffPageMixin):
    permission = "sla.change_policy"

    def policy_and_draft(self) -> tuple[Policy, PolicyVersion | None]:
        policy = policy_or_404(self.kwargs["pk"])  # type: ignore[attr-defined]
        draft = policy.versions.filter(state=PolicyVersion.State.DRAFT).first()
        return policy, draft


class PolicyDraftView(EditorMixin, TemplateView):
    """The draft as a form; saving is refused when somebody saved it meanwhile."""

    template_name = "sla/policy/editor.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy, draft = self.policy_and_draft()
        if draft is None:
            return redirect("sla:policy", pk=policy.pk)
        frozen = calendar_selectors.named_calendars(at=timezone.now())
        definition = selectors.definition_of(draft)
        form = PolicyForm(
            initial={
                **initial_values(definition),
                "expected_changed_at": as_text(draft.changed_at),
            },
            tiers=tier_names(),
            calendars=frozen,
        )
        return self._render(policy, draft, form, definition, frozen)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy, draft = self.policy_and_draft()
        if draft is None:
            return redirect("sla:policy", pk=policy.pk)
        now = timezone.now()
        frozen = calendar_selectors.named_calendars(at=now)
        form = PolicyForm(request.POST, tiers=tier_names(), calendars=frozen)
        if not form.is_valid():
            stored = selectors.definition_of(draft)
            return self._render(policy, draft, form, stored, frozen, status=422)
        definition = form.definition()
        try:
            services.save_draft(
                version_id=draft.pk,
                definition=definition.to_dict(),
                actor=actor_of(request),
                at=now,
                expected_changed_at=as_moment(form.cleaned_data["expected_changed_at"]),
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self._render(policy, draft, form, definition, frozen, status=409)
        if "publish" in request.POST:
            return redirect("sla:policy-publish", pk=policy.pk)
        messages.info(request, _("The draft was saved."))
        return redirect("sla:policy-draft", pk=policy.pk)

    def _render(
        self,
        policy: Policy,
        draft: PolicyVersion,
        form: PolicyForm,
        definition: PolicyDefinition,
        frozen: dict[str, NamedCalendar],
        status: int = 200,
    ) -> HttpResponse:
        context = self.get_context_data(
            title=_("%(policy)s: draft") % {"policy": policy.name},
            policy=policy,
            draft=draft,
            form=form,
            metrics=[str(METRIC_NAMES[metric]) for metric in METRICS],
            matrix=form.matrix(results(definition, form), own_values(definition)),
            stale=stale_text(form) if status == 422 else "",
            tiers=list(form.tier_rows(definition)),
            outcome=results_table(definition, form),
            check_url=reverse("sla:policy-check", kwargs={"pk": policy.pk}),
            check=check_context(policy, draft, definition, frozen),
        )
        return self.render_to_response(context, status=status)


class PolicyCheckView(EditorMixin, View):
    """What the form would say, as it is typed: lint, sentence, difference, results."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy, draft = self.policy_and_draft()
        frozen = calendar_selectors.named_calendars(at=timezone.now())
        form = PolicyForm(request.POST, tiers=tier_names(), calendars=frozen)
        if draft is None:
            gone = _("Not up to date: the draft was published or discarded meanwhile.")
            return JsonResponse({"errors": {}, "stale": gone})
        if not form.is_valid():
            errors = {name: joined_errors(texts) for name, texts in form.errors.items()}
            return JsonResponse({"errors": errors, "stale": stale_text(form)})
        definition = form.definition()
        panel = render_to_string(
            "sla/policy/check.html",
            check_context(policy, draft, definition, frozen),
            request=request,
        )
        return JsonResponse(
            {
                "errors": {},
                "stale": "",
                "panel": panel,
                "results": results(definition, form),
                "owns": own_values(definition),
            }
        )


def check_context(
    policy: Policy,
    draft: PolicyVersion,
    definition: PolicyDefinition,
    frozen: dict[str, NamedCalendar],
) -> dict[str, Any]:
    complete = definition.with_calendars(frozen)
    names = names_of(definition)
    before = predecessor(draft)
    return {
        "sentence": conditions_sentence(definition, names),
        "findings": finding_rows(
            selectors.lint_of(policy, complete, at=timezone.now()), names
        ),
        "before": before,
        "changes": change_lines(selectors.definition_of(before), complete)
        if before
        else [],
    }


class NewPolicyView(StaffPageMixin, TemplateView):
    """A name, and where to start from."""

    permission = "sla.add_policy"
    template_name = "sla/policy/new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._render(NewPolicyForm(sources=self._sources()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewPolicyForm(request.POST, sources=self._sources())
        if not form.is_valid():
            return self._render(form, status=422)
        try:
            version = services.create_policy(
                name=form.cleaned_data["name"],
                description=form.cleaned_data["description"],
                definition=self._definition(form.cleaned_data["start_from"]),
                actor=actor_of(request),
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            form.add_error("name", str(refusal))
            return self._render(form, status=409)
        return redirect("sla:policy-draft", pk=version.policy_id)

    def _render(self, form: NewPolicyForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(title=_("New policy"), form=form)
        return self.render_to_response(context, status=status)

    def _sources(self) -> list[tuple[str, Any]]:
        policies: Any = selectors.policies_with_versions()
        copies = [
            (str(policy.ordered_versions[0].pk), _("a copy of “%s”") % policy.name)
            for policy in policies
            if policy.ordered_versions
        ]
        return [
            ("standard", _("the standard table")),
            ("blank", _("an empty one")),
            *copies,
        ]

    def _definition(self, source: str) -> dict[str, Any]:
        if source == "blank":
            return {}
        if source != "standard":
            return PolicyVersion.objects.get(pk=source).definition
        hours, always = calendar_selectors.default_keys()
        return standard_support(business_hours=hours, around_the_clock=always)


class RenamePolicyView(EditorMixin, TemplateView):
    """What the policy is called."""

    template_name = "sla/policy/new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy = policy_or_404(self.kwargs["pk"])
        given = {"name": policy.name, "description": policy.description}
        return self._render(policy, PolicyNameForm(initial=given))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy = policy_or_404(self.kwargs["pk"])
        form = PolicyNameForm(request.POST)
        if not form.is_valid():
            return self._render(policy, form, status=422)
        try:
            services.rename_policy(policy_id=policy.pk, **form.cleaned_data)
        except OperationRefused as refusal:
            form.add_error("name", str(refusal))
            return self._render(policy, form, status=409)
        return redirect("sla:policy", pk=policy.pk)

    def _render(
        self, policy: Policy, form: PolicyNameForm, status: int = 200
    ) -> HttpResponse:
        context = self.get_context_data(title=policy.name, form=form, verb=_("Save"))
        return self.render_to_response(context, status=status)


class StartDraftView(EditorMixin, View):
    """Open a draft from the newest version, or from the one named."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy = policy_or_404(self.kwargs["pk"])
        number = request.POST.get("number", "")
        source = version_or_404(policy.pk, int(number)) if number.isdecimal() else None
        try:
            services.start_draft(
                policy_id=policy.pk,
                actor=actor_of(request),
                at=timezone.now(),
                based_on=source,
            )
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect("sla:policy", pk=policy.pk)
        return redirect("sla:policy-draft", pk=policy.pk)


class DiscardDraftView(EditorMixin, View):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy, draft = self.policy_and_draft()
        if draft is not None:
            services.discard_draft(version_id=draft.pk)
            messages.info(request, _("The draft was discarded."))
        return redirect("sla:policy", pk=policy.pk)


def joined_errors(texts: Any) -> str:
    return " ".join(str(text) for text in texts)


def as_text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def as_moment(text: str) -> datetime | None:
    """What ``as_text`` wrote; anything else is a moment nobody saved at."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None

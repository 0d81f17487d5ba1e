"""Publishing, reverting, retiring, ordering: what will change first, then the deed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from sla.core.policy import PolicyDefinition
from sla.core.policy_book import PolicyBook, epoch
from sla.core.policy_lint import has_errors
from sla.forms.publication import PublicationForm
from sla.models import Policy, PolicyVersion
from sla.phrases import conditions_sentence, moves_sentence
from sla.selectors import calendars as calendar_selectors
from sla.selectors import policies as selectors
from sla.selectors import policy_moves
from sla.selectors.policy_words import names_of
from sla.services import policies as services
from sla.views.acting import actor_of
from sla.views.policy_pages import (
    policy_or_404,
    predecessor,
    summary_of,
    version_or_404,
)
from sla.views.wording import change_lines, finding_rows
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.jobs.models import Job


class PublicationPage(StaffPageMixin, TemplateView):
    """A page that shows what will change, asks from when and why, and does it."""

    permission = "sla.publish_policy"
    template_name = "sla/policy/publish.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        return self.show(PublicationForm(now=now), now)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        form = PublicationForm(request.POST, now=now)
        if "count" in request.POST:
            # The same page for another moment: only the preview is asked again.
            form.fields["reason"].required = False
            return self.show(form, self._moment(form, now))
        if not form.is_valid():
            return self.show(form, self._moment(form, now), status=422)
        try:
            jobs = self.act(
                actor=actor_of(request),
                at=now,
                effective_from=form.cleaned_data["effective_from"],
                reason=form.cleaned_data["reason"],
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form, self._moment(form, now), status=409)
        done = self.done_text(form.cleaned_data["effective_from"])
        return progress_of(request, jobs, self.done_url(), done)

    @staticmethod
    def _moment(form: PublicationForm, now: datetime) -> datetime:
        form.is_valid()
        chosen: datetime = form.cleaned_data.get("effective_from") or now
        return chosen

    def show(
        self, form: PublicationForm, effective_from: datetime, status: int = 200
    ) -> HttpResponse:
        context = self.get_context_data(form=form, **self.preview(effective_from))
        return self.render_to_response(context, status=status)

    def preview(self, effective_from: datetime) -> dict[str, Any]:
        raise NotImplementedError

    def act(
        self, *, actor: Any, at: datetime, effective_from: datetime, reason: str
    ) -> list[Job | None]:
        raise NotImplementedError

    def done_url(self) -> str:
        return reverse("sla:policy", kwargs={"pk": self.kwargs["pk"]})

    def done_text(self, effective_from: datetime) -> str:
        """What the deed was, before what follows from it."""
        return _("Published.")


class PublishView(PublicationPage):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._draft() is None:
            return redirect("sla:policy", pk=self.kwargs["pk"])
        return super().get(request, *args, **kwargs)

    def _draft(self) -> PolicyVersion | None:
        return (
            PolicyVersion.objects.select_related("policy")
            .filter(policy_id=self.kwargs["pk"], state=PolicyVersion.State.DRAFT)
            .first()
        )

    def preview(self, effective_from: datetime) -> dict[str, Any]:
        draft = self._draft()
        if draft is None:
            return {"title": _("Publish"), "policy": policy_or_404(self.kwargs["pk"])}
        return publication_preview(
            draft,
            effective_from,
            title=_("Publish “%(policy)s”") % {"policy": draft.policy.name},
            verb=_("Publish"),
        )

    def act(self, **how: Any) -> list[Job | None]:
        draft = self._draft()
        if draft is None:
            raise services.NothingInForce(_("There is no draft to publish any more."))
        return [services.publish_policy(version_id=draft.pk, **how)[1]]


class RevertView(PublicationPage):
    """Publish what an older version said once more."""

    def preview(self, effective_from: datetime) -> dict[str, Any]:
        version = version_or_404(self.kwargs["pk"], self.kwargs["number"])
        return publication_preview(
            version,
            effective_from,
            title=_("Revert “%(policy)s” to version %(number)s")
            % {"policy": version.policy.name, "number": version.number},
            verb=_("Publish version %(number)s again") % {"number": version.number},
        )

    def act(self, **how: Any) -> list[Job | None]:
        version = version_or_404(self.kwargs["pk"], self.kwargs["number"])
        return [services.revert_to(version_id=version.pk, **how)[1]]


class RetireView(PublicationPage):
    def preview(self, effective_from: datetime) -> dict[str, Any]:
        policy = policy_or_404(self.kwargs["pk"])
        book = selectors.versions_in_force()
        return {
            "title": _("Retire “%(policy)s”") % {"policy": policy.name},
            "policy": policy,
            "planned": planned_entries(book, policy.pk, effective_from),
            "verb": _("Retire"),
            "changes": [
                _("New tickets get the next policy in order that is for them, or none.")
            ],
            "moves": None,
        }

    def act(
        self, *, actor: Any, at: datetime, effective_from: datetime, reason: str
    ) -> list[Job | None]:
        return [
            services.retire_policy(
                policy_id=self.kwargs["pk"],
                actor=actor,
                at=at,
                effective_to=effective_from,
                reason=reason,
            )
        ]


class OrderView(PublicationPage):
    """The order in which policies are tried."""

    template_name = "sla/policy/order.html"

    def preview(self, effective_from: datetime) -> dict[str, Any]:
        policies = list(selectors.policies_with_versions())
        chosen = self._chosen()
        moves = None
        if sorted(chosen) == sorted(policy.pk for policy in policies):
            policies.sort(key=lambda policy: chosen.index(policy.pk))
            moves = policy_moves.moves_of_order(chosen, effective_from=effective_from)
        rows = [{"policy": policy, "for": _whom(policy)} for policy in policies]
        book = selectors.versions_in_force()
        return {
            "title": _("Order of the policies"),
            "rows": rows,
            "moves_sentence": moves
            and moves_sentence(
                open_promises=moves.open_promises, switched=moves.switched
            ),
            "planned": [
                entry
                for policy in policies
                for entry in planned_entries(book, policy.pk, effective_from)
            ],
            "effective_from": effective_from,
        }

    def _chosen(self) -> list[int]:
        given = self.request.POST.getlist("policy")
        return [int(pk) for pk in given if pk.isdecimal() and len(pk) < 16]

    def act(self, **how: Any) -> list[Job | None]:
        moved = services.reorder_policies(policy_ids=self._chosen(), **how)
        return [job for _version, job in moved]

    def done_url(self) -> str:
        return reverse("admin:sla_policy_changelist")


def _whom(policy: Any) -> str:
    if not policy.ordered_versions:
        return ""
    definition = selectors.definition_of(policy.ordered_versions[0])
    return conditions_sentence(definition, names_of(definition))


def publication_preview(
    version: PolicyVersion, effective_from: datetime, *, title: str, verb: str
) -> dict[str, Any]:
    """What publishing the version's definition from then on would change."""
    policy: Policy = version.policy
    frozen = calendar_selectors.named_calendars(at=timezone.now())
    definition = PolicyDefinition.from_dict(version.definition).with_calendars(frozen)
    book = selectors.versions_in_force()
    planned = planned_entries(book, policy.pk, effective_from)
    replaced = [
        entry
        for entry in policy_moves.replaced_entries(book, policy.pk, effective_from)
        if entry.effective_from < epoch(effective_from)
    ]
    findings = selectors.lint_of(
        policy, definition, at=timezone.now(), effective_from=effective_from
    )
    ended = [*replaced, *(row["entry"] for row in planned)]
    moment = max(epoch(effective_from), epoch(timezone.now()))
    holding = [entry for entry in ended if entry.holds_at(moment)]
    before = (holding or ended)[-1].definition if ended else None
    if before is None and (last := predecessor(version)):
        before = selectors.definition_of(last)
    moves = None
    if not has_errors(findings):
        moves = policy_moves.moves_of_publication(
            version,
            definition,
            effective_from=effective_from,
            position=policy.position,
        )
    return {
        "title": title,
        "verb": verb,
        "policy": policy,
        "is_first": before is None,
        "summary": summary_of(definition) if before is None else {},
        "changes": change_lines(before, definition) if before else [],
        "sentence": conditions_sentence(definition, names_of(definition)),
        "replaced": replaced,
        "planned": planned,
        "findings": finding_rows(findings, names_of(definition)),
        "has_errors": has_errors(findings),
        "moves": moves,
        "moves_sentence": moves and moves_of_policy_sentence(moves, policy.pk),
        "effective_from": effective_from,
    }


def moves_of_policy_sentence(moves: policy_moves.Moves, policy_id: int) -> str:
    return moves_sentence(
        open_promises=moves.open_promises,
        gained=moves.gained_by(policy_id),
        lost=moves.lost_by(policy_id),
        renewed=moves.renewed_in(policy_id),
    )


def planned_entries(
    book: PolicyBook, policy_id: int, effective_from: datetime
) -> list[dict[str, Any]]:
    """Versions of the policy that would come into force at that moment or after it."""
    start = epoch(effective_from)
    return [
        {"entry": entry, "starts": datetime.fromtimestamp(entry.effective_from, UTC)}
        for entry in policy_moves.replaced_entries(book, policy_id, effective_from)
        if entry.effective_from >= start
    ]


def progress_of(
    request: HttpRequest, jobs: Sequence[Job | None], otherwise: str, done: str
) -> HttpResponse:
    """Say what was done and go to the progress of the work that it asked for."""
    started = [job for job in jobs if job is not None]
    if not started:
        text = _("No existing ticket is concerned.")
    else:
        text = _("Tickets are being judged again.")
    messages.info(request, f"{done} {text}")
    if not started:
        return redirect(otherwise)
    if len(started) == 1:
        return redirect("admin:jobs_job_change", started[0].pk)
    return redirect("admin:jobs_job_changelist")

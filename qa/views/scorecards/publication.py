"""New scorecards, their drafts and descriptions, publishing and archiving."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from qa.forms.scorecards import DetailsForm, NewScorecardForm, ReasonForm
from qa.models import Scorecard, ScorecardVersion
from qa.selectors import scorecards as selectors
from qa.services import scorecards as services
from qa.views.scorecards.pages import scorecard_or_404, version_or_404
from qa.views.scorecards.words import (
    actor_of,
    change_lines,
    findings_of,
    has_problems,
    summary_of,
)
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

BLANK = "blank"


class NewScorecardView(StaffPageMixin, TemplateView):
    """A name, and where to start from."""

    permission = "qa.add_scorecard"
    template_name = "qa/scorecard/form.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._render(NewScorecardForm(sources=self._sources()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewScorecardForm(request.POST, sources=self._sources())
        if not form.is_valid():
            return self._render(form, status=422)
        source = self._source(form.cleaned_data["start_from"])
        try:
            scorecard = services.create_scorecard(
                name=form.cleaned_data["name"],
                description=form.cleaned_data["description"],
                definition=source.definition if source else None,
                based_on=source,
                actor=actor_of(request),
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            form.add_error("name", str(refusal))
            return self._render(form, status=409)
        return redirect("qa:scorecard-draft", pk=scorecard.pk)

    def _render(self, form: NewScorecardForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            title=_("New scorecard"), form=form, verb=_("Create the draft")
        )
        return self.render_to_response(context, status=status)

    def _sources(self) -> list[tuple[str, Any]]:
        scorecards: Any = selectors.scorecards_with_versions().order_by("name")
        copies = [
            (str(_newest(each).pk), _("a copy of “%s”") % each.name)
            for each in scorecards
            if each.ordered_versions
        ]
        return [(BLANK, _("an empty one")), *copies]

    @staticmethod
    def _source(chosen: str) -> ScorecardVersion | None:
        return None if chosen == BLANK else ScorecardVersion.objects.get(pk=chosen)


def _newest(scorecard: Any) -> ScorecardVersion:
    """The version to copy: the published one, else the newest."""
    versions: list[ScorecardVersion] = scorecard.ordered_versions
    published = [v for v in versions if v.state == ScorecardVersion.State.PUBLISHED]
    return (published or versions)[0]


class DescribeView(StaffPageMixin, TemplateView):
    """What the scorecard is called, whose it is, who may use it."""

    permission = "qa.change_scorecard"
    template_name = "qa/scorecard/form.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        scorecard = scorecard_or_404(self.kwargs["pk"])
        return self._render(DetailsForm(initial=self._present(scorecard)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        scorecard = scorecard_or_404(self.kwargs["pk"])
        form = DetailsForm(request.POST, initial=self._present(scorecard))
        if not form.is_valid():
            return self._render(form, status=422)
        try:
            services.describe_scorecard(scorecard_id=scorecard.pk, **form.cleaned_data)
        except OperationRefused as refusal:
            form.add_error("name", str(refusal))
            return self._render(form, status=409)
        return redirect("qa:scorecard", pk=scorecard.pk)

    @staticmethod
    def _present(scorecard: Scorecard) -> dict[str, Any]:
        names = ("name", "description", "owner", "requires_certificate")
        return {name: getattr(scorecard, name) for name in names}

    def _render(self, form: DetailsForm, status: int = 200) -> HttpResponse:
        scorecard = scorecard_or_404(self.kwargs["pk"])
        context = self.get_context_data(
            title=scorecard.name, scorecard=scorecard, form=form, verb=_("Save")
        )
        return self.render_to_response(context, status=status)


class StartDraftView(StaffPageMixin, View):
    """Open a draft from the newest version, or from the one named."""

    permission = "qa.change_scorecard"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        scorecard = scorecard_or_404(self.kwargs["pk"])
        number = request.POST.get("number", "")
        is_number = number.isdecimal() and len(number) < 10
        source = version_or_404(scorecard.pk, int(number)) if is_number else None
        try:
            services.start_draft(
                scorecard_id=scorecard.pk,
                actor=actor_of(request),
                at=timezone.now(),
                based_on=source,
            )
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect("qa:scorecard", pk=scorecard.pk)
        return redirect("qa:scorecard-draft", pk=scorecard.pk)


class DiscardDraftView(StaffPageMixin, View):
    permission = "qa.change_scorecard"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        scorecard = scorecard_or_404(self.kwargs["pk"])
        draft = selectors.draft_of(scorecard.pk)
        if draft is not None:
            services.discard_draft(version_id=draft.pk)
            messages.info(request, _("The draft was discarded."))
        if scorecard.versions.exists():
            return redirect("qa:scorecard", pk=scorecard.pk)
        return redirect("admin:qa_scorecard_changelist")


class PublishView(StaffPageMixin, TemplateView):
    """What will change, in words; then why; then the deed."""

    permission = "qa.publish_scorecard"
    template_name = "qa/scorecard/publish.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = selectors.draft_of(self.kwargs["pk"])
        if draft is None:
            return redirect("qa:scorecard", pk=self.kwargs["pk"])
        return self._render(draft, ReasonForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = selectors.draft_of(self.kwargs["pk"])
        form = ReasonForm(request.POST)
        if draft is None:
            messages.warning(request, _("There is no draft to publish any more."))
            return redirect("qa:scorecard", pk=self.kwargs["pk"])
        if not form.is_valid():
            return self._render(draft, form, status=422)
        try:
            services.publish_version(
                version_id=draft.pk,
                actor=actor_of(request),
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self._render(draft, form, status=409)
        messages.info(
            request,
            _("Version %(number)s is published: new reviews use it.")
            % {"number": draft.number},
        )
        return redirect("qa:scorecard", pk=draft.scorecard_id)

    def _render(
        self, draft: ScorecardVersion, form: ReasonForm, status: int = 200
    ) -> HttpResponse:
        names = selectors.condition_values()
        card = selectors.card_of(draft)
        former = selectors.published_version(draft.scorecard_id)
        before = former or selectors.predecessor(draft)
        findings = findings_of(card, names)
        under_way = (
            selectors.reviews_of_versions([former.pk])[former.pk][1] if former else 0
        )
        context = self.get_context_data(
            title=_("Publish “%(name)s”") % {"name": draft.scorecard.name},
            scorecard=draft.scorecard,
            draft=draft,
            form=form,
            before=before,
            former=former,
            under_way=under_way,
            gold_count=selectors.gold_count(former.pk) if former else 0,
            changes=before and change_lines(selectors.card_of(before), card, names),
            summary=None if before else summary_of(card, names),
            findings=findings,
            has_problems=has_problems(findings),
        )
        return self.render_to_response(context, status=status)


class ArchiveView(StaffPageMixin, TemplateView):
    """Ask first: an archived scorecard cannot be used for new reviews."""

    permission = "qa.publish_scorecard"
    template_name = "qa/scorecard/archive.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = selectors.published_version(self.kwargs["pk"])
        if version is None:
            return redirect("qa:scorecard", pk=self.kwargs["pk"])
        context = self.get_context_data(
            title=_("Archive “%(name)s”") % {"name": version.scorecard.name},
            scorecard=version.scorecard,
            version=version,
            under_way=selectors.reviews_of_versions([version.pk])[version.pk][1],
            plans=selectors.active_plans_of(version.scorecard_id),
        )
        return self.render_to_response(context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        scorecard = scorecard_or_404(self.kwargs["pk"])
        version = selectors.published_version(scorecard.pk)
        if version is not None:
            services.archive_version(
                version_id=version.pk, actor=actor_of(request), at=timezone.now()
            )
            messages.info(request, _("The scorecard is archived."))
        return redirect("qa:scorecard", pk=scorecard.pk)

"""The scorecard builder: edit a draft, check it and try it while typing."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from qa.core.scorecard import Scorecard as Card
from qa.forms.scorecards_fields import Builder, share_texts
from qa.forms.scorecards_reading import Reading, read_tree
from qa.forms.scorecards_tree import Tree, apply_step, give_keys, tree_from, tree_of
from qa.models import ScorecardVersion
from qa.selectors import scorecards as selectors
from qa.services import scorecards as services
from qa.views.scorecards.preview import preview_of
from qa.views.scorecards.words import (
    actor_of,
    change_lines,
    findings_of,
    has_problems,
)
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

FETCH = "fetch"


class DraftView(StaffPageMixin, TemplateView):
    """The draft as a form. Steps change the form only; saving is a button of its own."""

    permission = "qa.change_scorecard"
    template_name = "qa/scorecard/editor.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = selectors.draft_of(self.kwargs["pk"])
        if draft is None:
            return redirect("qa:scorecard", pk=self.kwargs["pk"])
        card = selectors.card_of(draft)
        return self._page(draft, tree_of(card), Reading(card), as_text(draft))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = selectors.draft_of(self.kwargs["pk"])
        tree = tree_from(request.POST)
        if draft is None:
            return self._gone(request)
        if "do" in request.POST:
            return self._step(draft, tree, request.POST["do"])
        give_keys(tree)
        reading = read_tree(tree)
        expected = request.POST.get("expected_changed_at", "")
        if reading.errors:
            return self._page(draft, tree, reading, expected, status=422)
        try:
            services.save_draft(
                version_id=draft.pk,
                definition=reading.card.to_dict(),
                actor=actor_of(request),
                at=timezone.now(),
                expected_changed_at=as_moment(request.POST.get("over", expected)),
            )
        except OperationRefused as refusal:
            draft.refresh_from_db()
            return self._page(
                draft, tree, reading, expected, status=409, refusal=str(refusal)
            )
        if "publish" in request.POST:
            return redirect("qa:scorecard-publish", pk=draft.scorecard_id)
        messages.info(request, _("The draft was saved."))
        return redirect("qa:scorecard-draft", pk=draft.scorecard_id)

    def _step(self, draft: ScorecardVersion, tree: Tree, step: str) -> HttpResponse:
        """Add, remove or move a part of the form; nothing is saved."""
        give_keys(tree)
        focus = apply_step(tree, step)
        expected = self.request.POST.get("expected_changed_at", "")
        reading = read_tree(tree)
        if self.request.headers.get("X-Requested-With") != FETCH:
            return self._page(draft, tree, reading, expected, focus=focus)
        values = selectors.condition_values()
        context = _form_context(draft, tree, reading, values)
        fields = render_to_string(
            "qa/scorecard/_fields.html", {**context, "focus": focus}, self.request
        )
        answer = _panel(draft, reading, self.request, values)
        return JsonResponse({**answer, "fields": fields, "focus": focus})

    def _page(
        self,
        draft: ScorecardVersion,
        tree: Tree,
        reading: Reading,
        expected: str,
        *,
        status: int = 200,
        refusal: str = "",
        focus: str = "",
    ) -> HttpResponse:
        values = selectors.condition_values()
        post = self.request.POST
        context = self.get_context_data(
            title=_("%(name)s: draft") % {"name": draft.scorecard.name},
            scorecard=draft.scorecard,
            draft=draft,
            expected=expected,
            over=as_text(draft),
            refusal=refusal,
            theirs=refusal
            and change_lines(selectors.card_of(draft), reading.card, values),
            stale=stale_text(reading),
            focus=focus,
            is_unsaved=self.request.method == "POST",
            check_url=reverse("qa:scorecard-check", args=[draft.scorecard_id]),
            panel=panel_context(draft, reading.card, post, values),
            **_form_context(draft, tree, reading, values),
        )
        return self.render_to_response(context, status=status)

    def _gone(self, request: HttpRequest) -> HttpResponse:
        messages.warning(
            request,
            _(
                "The draft was published or discarded meanwhile, so nothing was saved. "
                "Go back to see what you typed, and start a new draft."
            ),
        )
        return redirect("qa:scorecard", pk=self.kwargs["pk"])


class CheckView(StaffPageMixin, View):
    """What the form would say, as it is typed: findings, shares, score, differences."""

    permission = "qa.change_scorecard"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = selectors.draft_of(self.kwargs["pk"])
        if draft is None:
            gone = _("Not up to date: the draft was published or discarded meanwhile.")
            return JsonResponse({"errors": {}, "stale": gone})
        tree = tree_from(request.POST)
        give_keys(tree)
        reading = read_tree(tree)
        return JsonResponse(
            {
                **_panel(draft, reading, request, selectors.condition_values()),
                "shares": share_texts(tree, reading.card.shares()),
            }
        )


def _form_context(
    draft: ScorecardVersion, tree: Tree, reading: Reading, values: Any
) -> dict[str, Any]:
    builder = Builder(tree, reading.errors, reading.card.shares(), values)
    return {
        "settings": builder.settings(),
        "sections": builder.sections(),
        "errors": reading.errors,
    }


def _panel(
    draft: ScorecardVersion, reading: Reading, request: HttpRequest, values: Any
) -> dict[str, Any]:
    answer: dict[str, Any] = {"errors": reading.errors, "stale": stale_text(reading)}
    if not reading.errors:
        context = panel_context(draft, reading.card, request.POST, values)
        answer["panel"] = render_to_string(
            "qa/scorecard/_panel.html", {"panel": context}, request
        )
    return answer


def panel_context(
    draft: ScorecardVersion, card: Card, post: QueryDict, values: Any
) -> dict[str, Any]:
    before = selectors.predecessor(draft)
    findings = findings_of(card, values)
    return {
        "findings": findings,
        "has_problems": has_problems(findings),
        "before": before,
        "changes": before and change_lines(selectors.card_of(before), card, values),
        "preview": preview_of(card, post, values),
    }


def stale_text(reading: Reading) -> str:
    """Why the check beside the form does not show what is typed; empty when it does."""
    count = len(reading.errors)
    if not count:
        return ""
    return ngettext(
        "Not up to date: %(count)s field in red cannot be read.",
        "Not up to date: %(count)s fields in red cannot be read.",
        count,
    ) % {"count": count}


def as_text(draft: ScorecardVersion) -> str:
    return draft.changed_at.isoformat() if draft.changed_at else ""


def as_moment(text: str) -> datetime | None:
    """What ``as_text`` wrote; anything else is a moment nobody saved at."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None

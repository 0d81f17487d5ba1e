"""One scorecard: what it says now, its versions, and the difference of any two."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from qa.models import Scorecard, ScorecardVersion
from qa.selectors import scorecards as selectors
from qa.views.scorecards.words import CHIPS, change_lines, summary_of
from supportops.common.pages import StaffPageMixin

State = ScorecardVersion.State


class ScorecardView(StaffPageMixin, TemplateView):
    """What is published, the draft if there is one, and every version."""

    permission = "qa.view_scorecard"
    template_name = "qa/scorecard/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scorecard = get_object_or_404(
            selectors.scorecards_with_versions(), pk=self.kwargs["pk"]
        )
        rows: list[ScorecardVersion] = scorecard.ordered_versions  # type: ignore[attr-defined]  # prefetched
        counts = selectors.reviews_of_versions(version.pk for version in rows)
        versions = [
            {
                "version": version,
                "chip": CHIPS[version.state],
                "reviews": counts.get(version.pk, (0, 0))[0],
            }
            for version in rows
        ]
        published = _first(rows, State.PUBLISHED)
        shown = published or (rows[0] if rows else None)
        return super().get_context_data(
            title=scorecard.name,
            scorecard=scorecard,
            versions=versions,
            draft=_first(rows, State.DRAFT),
            published=published,
            shown=shown,
            chip=shown and CHIPS[shown.state],
            summary=shown
            and summary_of(selectors.card_of(shown), selectors.condition_values()),
            **kwargs,
        )


class VersionView(StaffPageMixin, TemplateView):
    """One version as it was published, with what it changed."""

    permission = "qa.view_scorecard"
    template_name = "qa/scorecard/version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = version_or_404(self.kwargs["pk"], self.kwargs["number"])
        names = selectors.condition_values()
        card = selectors.card_of(version)
        before = selectors.predecessor(version)
        return super().get_context_data(
            title=_("%(name)s, version %(number)s")
            % {"name": version.scorecard.name, "number": version.number},
            scorecard=version.scorecard,
            version=version,
            chip=CHIPS[version.state],
            before=before,
            changes=before and change_lines(selectors.card_of(before), card, names),
            summary=summary_of(card, names),
            **kwargs,
        )


class CompareView(StaffPageMixin, TemplateView):
    """The difference of any two versions in words: ``?from=1&to=3``."""

    permission = "qa.view_scorecard"
    template_name = "qa/scorecard/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        old = version_or_404(self.kwargs["pk"], self._number("from"))
        new = version_or_404(self.kwargs["pk"], self._number("to"))
        return super().get_context_data(
            title=_("%(name)s: version %(old)s against %(new)s")
            % {"name": old.scorecard.name, "old": old.number, "new": new.number},
            scorecard=old.scorecard,
            old=old,
            new=new,
            changes=change_lines(
                selectors.card_of(old),
                selectors.card_of(new),
                selectors.condition_values(),
            ),
            **kwargs,
        )

    def _number(self, name: str) -> int:
        text = self.request.GET.get(name, "")
        if not text.isdecimal() or len(text) > 9:
            raise Http404
        return int(text)


def _first(rows: list[ScorecardVersion], state: str) -> ScorecardVersion | None:
    return next((version for version in rows if version.state == state), None)


def scorecard_or_404(pk: int) -> Scorecard:
    return get_object_or_404(Scorecard, pk=pk)


def version_or_404(scorecard_id: int, number: int) -> ScorecardVersion:
    rows = ScorecardVersion.objects.select_related(
        "scorecard", "published_by", "created_by", "archived_by", "based_on"
    )
    return get_object_or_404(rows, scorecard_id=scorecard_id, number=number)

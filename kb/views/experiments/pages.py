"""The list of experiments, and the page of one."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from kb.core.differences import compare
from kb.forms.experiments import ShownForm
from kb.models import Experiment
from kb.selectors.experiments import judging
from kb.selectors.experiments.judging import Standing
from kb.selectors.experiments.lists import experiments
from kb.selectors.experiments.planning import outlook, read_text
from kb.services.articles.steps import PUBLISH
from kb.services.experiments import CHANGE
from kb.views.acting import actor_of
from kb.views.experiments import words
from kb.views.experiments.charts import chart
from supportops.common.pages import StaffPageMixin

PAGE_SIZE = 25
SEE = "kb.view_experiment"
Outcome = Experiment.Outcome
State = Experiment.State
STATE_CHIPS = {State.DRAFT: "idle", State.RUNNING: "watch", State.STOPPED: "idle"}


class ExperimentsView(StaffPageMixin, TemplateView):
    """Which versions are compared, and what can be said of each by now."""

    permission = SEE
    title = gettext_lazy("Experiments")
    template_name = "kb/experiments/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ShownForm(request.GET)
        chosen = form.cleaned_data if form.is_valid() else {}
        rows = experiments(
            state=chosen.get("state", ""),
            outcome=chosen.get("outcome", ""),
            text=chosen.get("q", ""),
        )
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        found = judging.standings(list(page.object_list), at=timezone.now())
        asked = {key: value for key, value in request.GET.items() if key != "page"}
        context = self.get_context_data(
            form=form,
            page=page,
            rows=[_row(each) for each in found],
            query=urlencode(asked),
            is_filtered=any(asked.values()),
        )
        return self.render_to_response(context)


class ExperimentView(StaffPageMixin, TemplateView):
    """One experiment: what can be said, day by day, and what can be done."""

    permission = SEE
    template_name = "kb/experiments/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        experiment = get_object_or_404(
            Experiment.objects.select_related(
                "article__owner", "version_a", "version_b", "created_by", "stopped_by"
            ),
            pk=self.kwargs["pk"],
        )
        at, user = timezone.now(), actor_of(self.request)
        standing = judging.standing_of(experiment, at=at)
        course = judging.course_of(standing, experiment.outcome)
        is_draft = experiment.state == State.DRAFT
        is_current = experiment.article.published_id == experiment.version_a_id
        context = {
            "title": experiment.name,
            "experiment": experiment,
            "row": _row(standing),
            "rule": {
                "share": words.percent(float(experiment.share_b), 1),
                "drop": number_format(100 * experiment.guardrail_drop, 1),
            },
            "arms": arms(standing),
            "course": [_day(each) for each in course],
            "chart": chart(course, guardrail=float(experiment.guardrail_drop)),
            "guards": guards(standing),
            "needed": judging.needed_of(standing, at=at),
            "difference": compare(
                read_text(experiment.version_a), read_text(experiment.version_b)
            ),
            "is_current": is_current,
            "may_change": user.has_perm(CHANGE),
            "may_publish": user.has_perm(CHANGE) and user.has_perm(PUBLISH),
            "may_promote": not is_draft and not experiment.promoted and is_current,
            "units": words.units(experiment.outcome),
        }
        if is_draft:
            context["outlook"] = outlook(
                experiment.article,
                experiment.outcome,
                at=at,
                share_b=float(experiment.share_b),
                alpha=float(experiment.alpha),
            )
        return super().get_context_data(**context, **kwargs)


def _row(standing: Standing) -> dict[str, Any]:
    """Return what a line of the list, and the head of the page, say."""
    experiment, look = standing.experiment, standing.judged
    is_draft = experiment.state == State.DRAFT
    is_told = not is_draft and abs(look.lower) < 1 and look.effect is not None
    return {
        "experiment": experiment,
        "standing": standing,
        "state_chip": STATE_CHIPS[State(experiment.state)],
        "effect": words.points(look.effect or 0.0) if is_told else "",
        "interval": words.interval(look) if is_told else "",
        "readers": standing.tally.readers,
        "verdict": "" if is_draft else words.short_verdict(standing.verdict),
        "chip": "" if is_draft else words.CHIPS[standing.verdict],
        "sentence": words.verdict_sentence(standing),
    }


def arms(standing: Standing) -> list[dict[str, Any]]:
    """Return a line for each version: readers and both outcomes."""
    experiment, tally = standing.experiment, standing.tally
    lines = []
    for name, arm, version in (
        ("A", tally.a, experiment.version_a),
        ("B", tally.b, experiment.version_b),
    ):
        helpful, without = (arm.counts(each) for each in (Outcome.HELPFUL, Outcome.NO_TICKET))  # fmt: skip
        lines.append(
            {
                "name": name,
                "version": version,
                "readers": arm.readers,
                "share": words.percent(arm.readers, tally.readers),
                "helpful": words.percent(helpful.good, helpful.readers),
                "votes": helpful.readers,
                "without": words.percent(without.good, without.readers),
                "known": without.readers,
            }
        )
    return lines


def guards(standing: Standing) -> list[dict[str, Any]]:
    """Return a line for each outcome: how far B is from the guardrail."""
    experiment = standing.experiment
    drop = float(experiment.guardrail_drop)
    lines = []
    for outcome, look in (
        (Outcome(experiment.outcome), standing.judged),
        (standing.other, standing.guarded),
    ):
        is_told = abs(look.lower) < 1 and look.effect is not None
        lines.append(
            {
                "label": outcome.label,
                "effect": words.points(look.effect or 0.0) if is_told else "–",
                "interval": words.interval(look) if is_told else "",
                "is_crossed": outcome in standing.crossed,
                # Only then is it sure that B is within the limit.
                "is_safe": look.lower > -drop,
            }
        )
    return lines


def _day(point: judging.DayPoint) -> dict[str, Any]:
    is_told = point.effect is not None and abs(point.lower) < 1
    return {
        "day": point.day,
        "a": point.a,
        "b": point.b,
        "effect": words.points(point.effect) if point.effect is not None else "–",
        "lower": words.points(point.lower) if is_told else "–",
        "upper": words.points(point.upper) if is_told else "–",
        "p_value": point.p_value,
    }

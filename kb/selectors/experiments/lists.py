"""Which experiments there are, and what each is about."""

from django.db.models import Case, Q, QuerySet, When

from kb.models import Experiment


def experiments(*, state: str = "", outcome: str = "", text: str = "") -> QuerySet[Experiment]:  # fmt: skip
    """Return experiments, running ones first, then the newest.

    ``text`` is looked for in the name and in the article's title.
    """
    rows = Experiment.objects.select_related(
        "article", "version_a", "version_b", "created_by"
    ).defer("version_a__body", "version_b__body", "article__body")
    if state:
        rows = rows.filter(state=state)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(article__title__icontains=text))
    place = Case(
        When(state=Experiment.State.RUNNING, then=0),
        When(state=Experiment.State.DRAFT, then=1),
        default=2,
    )
    return rows.order_by(place, "-pk")

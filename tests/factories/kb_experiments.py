"""Experiments for tests: an article with two versions, readers, votes and tickets."""

from datetime import datetime, timedelta
from typing import Any

from kb.models import Article, ArticleVersion, Experiment, Reading, Vote
from tests.factories.kb import AT, published_article
from tests.factories.tickets import open_ticket

START = AT + timedelta(days=1)


def add_version(article: Article, body: str = "Another text.") -> ArticleVersion:
    """Return a further version, not published."""
    last = article.versions.order_by("-number").first()
    return ArticleVersion.objects.create(
        article=article,
        number=last.number + 1 if last else 1,
        title=article.title,
        body=body,
        created_at=AT,
    )


def make_experiment(title: str = "Change your password", **fields: Any) -> Experiment:
    """Return a running experiment, of a new article unless one is given."""
    article = fields.pop("article", None) or published_article(title)
    columns: dict[str, Any] = {
        "name": f"Shorter {article.slug}",
        "version_a": article.published,
        "version_b": fields.pop("version_b", None) or add_version(article),
        "state": "RUNNING",
        "started_at": START,
        "salt": "0" * 32,
        "created_at": AT,
        **fields,
    }
    if columns["state"] == "DRAFT":
        columns["started_at"] = None
    return Experiment.objects.create(article=article, **columns)


def read(
    experiment: Experiment,
    arm: str,
    visitor: str,
    *,
    at: datetime,
    helpful: bool | None = None,
    ticket_after: timedelta | None = None,
) -> Reading:
    """One reader of an arm ("a" or "b"), with what came of it."""
    version = experiment.version_a if arm == "a" else experiment.version_b
    ticket = None
    if ticket_after is not None:
        ticket = open_ticket(at=at + ticket_after)
    reading = Reading.objects.create(
        visitor=visitor,
        article_id=experiment.article_id,
        version=version,
        experiment=experiment,
        ticket=ticket,
        place="HELP",
        at=at,
    )
    if helpful is not None:
        Vote.objects.create(
            visitor=visitor,
            article_id=experiment.article_id,
            version=version,
            is_helpful=helpful,
            at=at + timedelta(minutes=1),
        )
    return reading


def fill(
    experiment: Experiment,
    *,
    a: tuple[int, int],
    b: tuple[int, int],
    at: datetime = START,
) -> None:
    """Add voters, quickly: (helpful, voters) of each arm, all at one moment."""
    for arm, (good, voters) in (("a", a), ("b", b)):
        version = experiment.version_a if arm == "a" else experiment.version_b
        names = [f"{experiment.pk}-{arm}{number}" for number in range(voters)]
        common = {"article_id": experiment.article_id, "version": version, "at": at}
        Reading.objects.bulk_create(
            Reading(visitor=name, place="HELP", experiment=experiment, **common)
            for name in names
        )
        Vote.objects.bulk_create(
            Vote(visitor=name, is_helpful=number < good, **common)
            for number, name in enumerate(names)
        )


def own_experiment(owner: Any) -> dict[str, Any]:
    """What the addresses of experiments lead to: one that nobody has started."""
    article = published_article(f"Article of {owner.pk}")
    draft = make_experiment(article=article, state="DRAFT", created_by=owner)
    return {"kb:experiment": draft, "kb:experiment-act": draft}

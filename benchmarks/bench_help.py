"""Server time of the public help centre with 10,000 articles, as an unknown visitor.

Every request is of another visitor, and asks for another article, question or beginning
of a question than the one before, so that nothing but what pages share is remembered.
Searches are made of words of one article, every second one with slips of the finger.

Goal, on a quiet machine: 95 % of requests under 50 ms. The time of the processor is told
too: it is what a request costs while others keep the machine busy. Run as
``python -m benchmarks.bench_help``; it takes PostgreSQL too when ``TEST_POSTGRES_URL``
names one. ``BENCH_ARTICLES`` and ``BENCH_REQUESTS`` set other sizes.
"""

import logging
import os
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks import synthetic
from benchmarks.bench_search import made_up

ARTICLES = int(os.environ.get("BENCH_ARTICLES", "10000"))
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "200"))
TOPICS = 60
READINGS = 50_000
GOAL_MS = 50.0
WORDS_A_PARAGRAPH = 60


def main() -> None:
    synthetic.set_up()
    from django.conf import settings
    from django.core.management import call_command

    # What is measured is the pages, not how soon they are refused.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1000000/s")
    call_command("collectstatic", interactive=False, verbosity=0)
    content = made_up(ARTICLES)
    topics = write(content["articles"])
    started = time.perf_counter()
    from kb import search

    search.ready()
    print(
        f"\n{os.environ['BENCH_DATABASE']}: {ARTICLES:,} articles, {READINGS:,} readings; "
        f"index built in {time.perf_counter() - started:.1f} s; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    print(
        f"{'page':<24}{'first ms':>9}{'p50 ms':>9}{'p95 ms':>9}{'CPU p95':>9}"
        f"{'queries':>9}{'kB':>7}"
    )
    pages = addresses(content, topics)
    slow = [label for label, paths in pages.items() if not measure(label, paths)]
    print(f"  above the goal: {', '.join(slow)}" if slow else "  the goal is met")


def write(articles: list[dict[str, Any]]) -> list[str]:
    """Write topics, articles with a version each, and readings; return the topics."""
    from kb.models import Article, ArticleVersion, Kind, Topic

    at = datetime.now(UTC) - timedelta(days=30)
    topics = [
        Topic(name=f"Topic {number}", slug=f"topic-{number}", position=number)
        for number in range(TOPICS)
    ]
    topics = Topic.objects.bulk_create(topics)
    rows = Article.objects.bulk_create(
        Article(
            slug=f"article-{page['id']}", title=page["title"][:160], body="",
            topic=topics[page["id"] % TOPICS], kind=Kind.HOW_TO,
            is_featured=page["id"] % 500 == 0, created_at=at, changed_at=at,
        )
        for page in articles
    )  # fmt: skip
    versions = ArticleVersion.objects.bulk_create(
        ArticleVersion(
            article=row, number=1, title=row.title, summary=page["body"][:200],
            body=markdown(page["body"]), created_at=at,
        )
        for row, page in zip(rows, articles, strict=True)
    )  # fmt: skip
    for row, version in zip(rows, versions, strict=True):
        row.published, row.state = version, Article.State.PUBLISHED
        row.first_published_at = row.published_at = at + timedelta(minutes=row.pk)
    fields = ["published", "state", "first_published_at", "published_at"]
    Article.objects.bulk_update(rows, fields, batch_size=500)
    write_readings(versions, at)
    return [topic.slug for topic in topics]


def write_readings(versions: list[Any], at: datetime) -> None:
    from kb.models import IndexVersion, Place, Reading

    Reading.objects.bulk_create(
        (
            Reading(
                visitor=f"{number % 9973:032x}", place=Place.HELP,
                version=versions[number * number % len(versions)],
                article_id=versions[number * number % len(versions)].article_id,
                at=at + timedelta(minutes=number * 40 // 50),
            )
            for number in range(READINGS)
        ),
        batch_size=5000,
    )  # fmt: skip
    IndexVersion.objects.update_or_create(
        pk=1, defaults={"number": 1, "changed_at": at}
    )


def markdown(text: str) -> str:
    """Cut words into a section each hundred, with steps, a callout and code."""
    words = text.split()
    parts = []
    for number, start in enumerate(range(0, len(words), WORDS_A_PARAGRAPH)):
        some = words[start : start + WORDS_A_PARAGRAPH]
        half = len(some) // 2
        parts.append(f"## {' '.join(some[:4])}\n\n{' '.join(some[:half])}.")
        if number % 3 == 0:
            parts.append(f"1. {' '.join(some[half:])}.\n2. **Save** it.")
        elif number % 3 == 1:
            parts.append(f"> **Note:** {' '.join(some[half:])}.")
        else:
            parts.append(f"```\n{' '.join(some[half:])}\n```")
    return "\n\n".join(parts)


def addresses(content: dict[str, Any], topics: list[str]) -> dict[str, list[str]]:
    from urllib.parse import quote

    from kb.views.help.addresses import MOST_ADDRESSES

    asked = zip(content["clean"], content["slips"], strict=True)
    questions = [slip if n % 2 else clean for n, (clean, slip) in enumerate(asked)]
    return {
        "home": ["/help/"],
        "topic": [f"/help/en/topics/{slug}/" for slug in topics],
        "article, new": [f"/help/en/article-{n}/" for n in range(ARTICLES)],
        "article, seen before": ["/help/en/article-7/"],
        "article, untranslated": [f"/help/de/article-{n}/" for n in range(ARTICLES)],
        "search": [f"/help/search/?q={quote(text)}" for text, _key in questions],
        "suggestions": [
            f"/help/suggest/?q={quote(text[: 9 + n % 12])}"
            for n, (text, _key) in enumerate(questions)
        ],
        "not found": [f"/help/en/no-{quote(text[9:40])}/".replace("%20", "-")
                      for text, _key in content["clean"]],
        "contact": ["/help/contact/"],
        "sitemap": ["/help/sitemap.xml"],
        "part of the sitemap": [
            f"/help/sitemap-{n}.xml" for n in range(1, 2 + (ARTICLES - 1) // MOST_ADDRESSES)
        ],
        "feed": ["/help/en/feed.xml"],
    }  # fmt: skip


def visitors() -> Iterator[Any]:
    """Yield one browser that has forgotten everything each time."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost", headers={"User-Agent": "Mozilla/5.0"})
    while True:
        client.cookies.clear()
        yield client


def measure(label: str, paths: list[str]) -> bool:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browsers = visitors()

    def timed(number: int) -> tuple[float, float]:
        client, path = next(browsers), paths[number % len(paths)]
        started, worked = time.perf_counter(), time.process_time()
        response = client.get(path)
        worked, taken = time.process_time() - worked, time.perf_counter() - started
        if response.status_code != (404 if label == "not found" else 200):
            raise RuntimeError(f"{response.status_code} from {path}")
        return 1000 * taken, 1000 * worked

    first, _worked = timed(0)
    pairs = [timed(number) for number in range(1, REQUESTS + 1)]
    taken, worked = ([pair[n] for pair in pairs] for n in (0, 1))
    with CaptureQueriesContext(connection) as queries:
        response = next(browsers).get(paths[(REQUESTS + 1) % len(paths)])
    p95, worked_p95 = (statistics.quantiles(each, n=20)[-1] for each in (taken, worked))
    print(
        f"{label:<24}{first:>9.0f}{statistics.median(taken):>9.1f}{p95:>9.1f}"
        f"{worked_p95:>9.1f}{len(queries):>9}{len(response.content) / 1000:>7.0f}",
        flush=True,
    )
    return p95 <= GOAL_MS


if __name__ == "__main__":
    synthetic.run_on_each_database("benchmarks.bench_help", main)

"""Content work for tests: gaps as rows, searches in vain, duties, flags."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from kb.models import (
    Article,
    ContentDuty,
    ContentTask,
    Flag,
    GapTask,
    Place,
    Search,
    WorklistRow,
)
from tests.factories.kb import AT
from workforce.people.models import User


def make_gap(title: str = "Sso with okta", **fields: Any) -> WorklistRow:
    """Return a row of the worklist."""
    columns: dict[str, Any] = {
        "key": f"ask:en:{title.lower()}",
        "language": "en",
        "sources": " SEARCHES ",
        "rules": "  ",
        "action": WorklistRow.Action.WRITE,
        "priority": WorklistRow.Priority.NONE,
        "hours_low": 1.0,
        "hours": 2.0,
        "hours_high": 3.0,
        "computed_at": AT,
        **fields,
    }
    return WorklistRow.objects.create(title=title, **columns)


def search_in_vain(
    text: str,
    times: int = 1,
    *,
    at: datetime = AT,
    tickets: Sequence[Any] = (),
    **fields: Any,
) -> None:
    """Write searches of as many visitors; a ticket each, as far as there are some."""
    columns: dict[str, Any] = {
        "place": Place.HELP,
        "language": "en",
        "folded": text.casefold(),
        "results": 0,
        **fields,
    }
    Search.objects.bulk_create(
        Search(
            visitor=uuid4().hex,
            text=text,
            at=at + timedelta(seconds=number),
            ticket=tickets[number] if number < len(tickets) else None,
            **columns,
        )
        for number in range(times)
    )


def make_flag(
    by: User | None = None, text: str = "How to set up Okta", **fields: Any
) -> Flag:
    columns: dict[str, Any] = {
        "kind": Flag.Kind.MISSING,
        "flagged_at": AT,
        "flagged_by": by,
        **fields,
    }
    return Flag.objects.create(text=text, **columns)


def make_duty(owner: User | None = None, name: str = "", **fields: Any) -> ContentDuty:
    """Return a duty of a weekly task of its own."""
    task = ContentTask.objects.create(
        name=name or f"Task {ContentTask.objects.count()}",
        cadence=ContentTask.Cadence.WEEKLY,
        owner=owner,
    )
    day = AT.date()
    columns = {"period_start": day, "due_on": day + timedelta(days=4), **fields}
    return ContentDuty.objects.create(task=task, **columns)


def task_of(gap: WorklistRow, article: Article | None = None, **fields: Any) -> GapTask:
    columns: dict[str, Any] = {
        "state": GapTask.State.TAKEN,
        "changed_at": AT,
        **fields,
    }
    return GapTask.objects.create(
        key=gap.key, title=gap.title, article=article, **columns
    )


def own_content_work(owner: User) -> dict[str, Any]:
    """Return a row for each address of content work."""
    duty = make_duty(owner, f"Task of {owner}")
    return {
        "kb:gap": make_gap(f"Gap of {owner}"),
        "kb:duty": duty,
        "kb:duty-owner": duty.task,
        "kb:flag": make_flag(owner, f"Flag of {owner}"),
        "admin:kb_contenttask": duty.task,
    }

"""The duties of keeping content alive that ship with the product; edit them freely."""

from typing import Any

from django.db import migrations

# Name, cadence, who does it, where it is done.
TASKS = (
    (
        "Read what was searched for in vain",
        "WEEKLY",
        "Knowledge base manager",
        "kb:work?source=SEARCHES",
    ),
    (
        "Look at how helpful articles are",
        "WEEKLY",
        "Knowledge base manager",
        "kb:work?source=UNHELPFUL",
    ),
    ("Mend the articles that were flagged", "WEEKLY", "Content team", "kb:flags"),
    (
        "Check content that may be out of date",
        "MONTHLY",
        "Product and support",
        "kb:work?source=STALE",
    ),
    (
        "Archive what nobody needs any more",
        "QUARTERLY",
        "Product and content",
        "kb:articles",
    ),
    (
        "Flag what no article answers",
        "ONGOING",
        "Support agents",
        "kb:flags?kind=MISSING",
    ),
)


def add(apps: Any, schema_editor: Any) -> None:
    task_model = apps.get_model("kb", "ContentTask")
    for position, (name, cadence, role, page) in enumerate(TASKS, 1):
        task_model.objects.get_or_create(
            name=name,
            defaults={
                "cadence": cadence,
                "role": role,
                "page": page,
                "position": 10 * position,
            },
        )


def remove(apps: Any, schema_editor: Any) -> None:
    names = [name for name, *_rest in TASKS]
    unused = apps.get_model("kb", "ContentTask").objects.filter(
        name__in=names, duties__isnull=True
    )
    unused.delete()


class Migration(migrations.Migration):
    dependencies = [("kb", "0004_standard_topics")]

    operations = [migrations.RunPython(add, remove)]

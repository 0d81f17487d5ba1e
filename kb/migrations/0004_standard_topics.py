"""Seven topics to begin with, one for each purpose, where nobody has made any."""

from django.db import migrations

TOPICS = (
    ("Getting started", "getting-started", "GETTING_STARTED", "rocket_launch",
     "Set up, first steps, the basics."),
    ("How-to guides", "how-to", "HOW_TO", "format_list_numbered",
     "How a task is done, step by step."),
    ("Troubleshooting", "troubleshooting", "TROUBLESHOOTING", "build",
     "Messages and problems, with their cause and solution."),
    ("Reference", "reference", "REFERENCE", "menu_book",
     "Settings, limits and interfaces in detail."),
    ("Questions and answers", "faq", "FAQ", "quiz",
     "Short answers to what is often asked."),
    ("Release notes", "release-notes", "RELEASE_NOTES", "new_releases",
     "What is new, changed and fixed."),
    ("Best practices", "best-practices", "BEST_PRACTICES", "verified",
     "What works well, and for whom."),
)  # fmt: skip


def add_topics(apps, schema_editor):
    Topic = apps.get_model("kb", "Topic")
    if Topic.objects.exists():
        return
    Topic.objects.bulk_create(
        Topic(
            name=name,
            slug=slug,
            kind=kind,
            icon=icon,
            description=description,
            position=place * 10,
        )
        for place, (name, slug, kind, icon, description) in enumerate(TOPICS, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("kb", "0003_versions_never_change")]

    operations = [
        # Taking it back leaves the topics: articles may be in them by then.
        migrations.RunPython(add_topics, migrations.RunPython.noop)
    ]

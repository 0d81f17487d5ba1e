"""Ship a published scorecard and the root causes that reviewers choose from."""

from django.db import migrations
from django.utils import timezone

from qa.core.scorecard_standard import support_quality

SLUG = "support-quality"

ROOT_CAUSES = {
    "KNOWLEDGE": [
        ("Product knowledge is missing", "solution_quality"),
        ("Did not find the article or known issue", "solution_quality"),
        ("Procedure was not known", "process_adherence"),
    ],
    "SKILL": [
        ("Did not ask what was needed", "solution_quality"),
        ("Explained unclearly", "communication"),
        ("Tone did not fit the customer's mood", "communication"),
        ("Did not plan the time", "efficiency"),
    ],
    "PROCESS": [
        ("Procedure is unclear or outdated", ""),
        ("Handed over too late, or without context", "process_adherence"),
        ("Too many tickets at once", "efficiency"),
    ],
    "TOOL": [
        ("Tool was slow or down", ""),
        ("Information was not where it should be", ""),
        ("Macro or article was wrong", "solution_quality"),
    ],
    "WILL": [
        ("Step was known and skipped", ""),
        ("Answered in haste", ""),
    ],
}


def ship(apps, schema_editor):
    # Whole seconds: fixtures keep milliseconds, and a published row must not differ.
    now = timezone.now().replace(microsecond=0)
    scorecard = apps.get_model("qa", "Scorecard").objects.create(
        name="Support quality",
        slug=SLUG,
        description="One ticket's work on 100 points, with a checklist beside it.",
        created_at=now,
    )
    apps.get_model("qa", "ScorecardVersion").objects.create(
        scorecard=scorecard,
        number=1,
        state="PUBLISHED",
        definition=support_quality().to_dict(),
        reason="Shipped with the portal.",
        created_at=now,
        changed_at=now,
        published_at=now,
    )
    cause_model = apps.get_model("qa", "RootCause")
    cause_model.objects.bulk_create(
        cause_model(name=name, kind=kind, criterion_key=criterion)
        for kind, rows in ROOT_CAUSES.items()
        for name, criterion in rows
    )


class Migration(migrations.Migration):
    dependencies = [("qa", "0003_published_scorecards_never_change")]

    # Backwards it takes nothing away: what is published may be in use.
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]

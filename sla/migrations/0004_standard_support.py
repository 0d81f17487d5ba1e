"""Ship two calendars and a policy as a draft, ready to be looked at and published."""

from django.db import migrations
from django.utils import timezone

from sla.core.default_policy import standard_support

BUSINESS_HOURS = "Business hours"
AROUND_THE_CLOCK = "24/7"
STANDARD_SUPPORT = "Standard support"


def ship(apps, schema_editor):
    calendar_model = apps.get_model("sla", "Calendar")
    interval_model = apps.get_model("sla", "CalendarInterval")
    now = timezone.now()
    weekdays = calendar_model.objects.create(name=BUSINESS_HOURS, changed_at=now)
    interval_model.objects.bulk_create(
        interval_model(
            calendar=weekdays, weekday=day, starts_minute=9 * 60, ends_minute=18 * 60
        )
        for day in range(5)
    )
    always = calendar_model.objects.create(
        name=AROUND_THE_CLOCK, is_always_open=True, changed_at=now
    )
    policy = apps.get_model("sla", "Policy").objects.create(
        name=STANDARD_SUPPORT,
        description="Promises by priority and customer tier.",
        position=10,
    )
    apps.get_model("sla", "PolicyVersion").objects.create(
        policy=policy,
        number=1,
        position=10,
        definition=standard_support(
            business_hours=str(weekdays.pk), around_the_clock=str(always.pk)
        ),
        created_at=now,
        changed_at=now,
    )


def withdraw(apps, schema_editor):
    """Take back what was shipped and never published; keep what is in use."""
    version_model = apps.get_model("sla", "PolicyVersion")
    policies = apps.get_model("sla", "Policy").objects.filter(name=STANDARD_SUPPORT)
    version_model.objects.filter(policy__in=policies, state="DRAFT").delete()
    unused = policies.filter(versions__isnull=True)
    if unused.exists():
        unused.delete()
        apps.get_model("sla", "Calendar").objects.filter(
            name__in=[BUSINESS_HOURS, AROUND_THE_CLOCK]
        ).delete()


class Migration(migrations.Migration):
    dependencies = [("sla", "0003_published_versions_never_change")]

    operations = [migrations.RunPython(ship, withdraw)]

"""Ships the five customer tiers with their multipliers, and the channels."""

from django.db import migrations

# code, name, SLA multiplier; ranked in this order
TIERS = [
    ("enterprise", "Enterprise", 0.5),
    ("business", "Business", 1.0),
    ("professional", "Professional", 1.5),
    ("starter", "Starter", 2.0),
    ("free", "Free", 4.0),
]

# code, name, Material Symbols icon
CHANNELS = [
    ("email", "E-mail", "mail"),
    ("web", "Web form", "web"),
    ("chat", "Live chat", "chat"),
    ("phone", "Phone", "call"),
    ("api", "API", "api"),
    ("chatbot", "Chatbot", "smart_toy"),
    ("self-service", "Self-service", "help_center"),
    ("video", "Video", "videocam"),
]


def add(apps, schema_editor):
    tier_model = apps.get_model("tickets", "CustomerTier")
    channel_model = apps.get_model("tickets", "Channel")
    tier_model.objects.bulk_create(
        tier_model(code=code, name=name, rank=rank, default_multiplier=multiplier)
        for rank, (code, name, multiplier) in enumerate(TIERS, start=1)
    )
    channel_model.objects.bulk_create(
        channel_model(code=code, name=name, icon=icon) for code, name, icon in CHANNELS
    )


def remove(apps, schema_editor):
    """Take away what was shipped; refused by the database while tickets use it."""
    apps.get_model("tickets", "CustomerTier").objects.filter(
        code__in=[code for code, *_rest in TIERS]
    ).delete()
    apps.get_model("tickets", "Channel").objects.filter(
        code__in=[code for code, *_rest in CHANNELS]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_default_matrices")]

    operations = [migrations.RunPython(add, remove)]

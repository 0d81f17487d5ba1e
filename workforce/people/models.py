"""Who works here: users, their team, region and skills."""

import zoneinfo

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone. Use a name such as Europe/Berlin."),
            params={"name": name},
            code="unknown_time_zone",
        )


class SupportLevel(models.TextChoices):
    """The tiers of the seed's model, from self-service to engineering."""

    L0 = "L0", _("L0 self-service")
    L1 = "L1", _("L1 frontline")
    L2 = "L2", _("L2 technical")
    L3 = "L3", _("L3 engineering")


class Region(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    country = models.CharField(
        _("country"), max_length=2, help_text=_("ISO code, such as DE or JP.")
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A group of people that tickets are given to."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    level = models.CharField(
        _("support level"), max_length=5, choices=SupportLevel, blank=True
    )
    region = models.ForeignKey(
        Region, on_delete=models.SET_NULL, null=True, blank=True, related_name="teams"
    )
    lead = models.ForeignKey(
        "people.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="led_teams",
        verbose_name=_("lead"),
    )
    imported_from = models.CharField(
        _("imported from"),
        max_length=60,
        blank=True,
        editable=False,
        help_text=_("The import that first named this team; empty for our own."),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in, or one who is only named by an imported history."""

    team = models.ForeignKey(
        Team,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("team"),
    )
    level = models.CharField(
        _("support level"), max_length=5, choices=SupportLevel, blank=True
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    is_automation = models.BooleanField(
        _("automation"),
        default=False,
        help_text=_("A program, not a person: left out of workload figures."),
    )
    imported_from = models.CharField(
        _("imported from"), max_length=60, blank=True, editable=False
    )
    skills = models.ManyToManyField(
        Skill, through="people.SkillLevel", related_name="people"
    )

    class Meta(AbstractUser.Meta):
        indexes = [models.Index(fields=["team"], name="people_user_by_team")]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class SkillLevel(models.Model):
    """How well one person has one skill."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="skill_levels"
    )
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="levels")
    level = models.PositiveSmallIntegerField(
        _("level"), default=1, help_text=_("1 (learning) to 5 (teaches it).")
    )

    class Meta:
        verbose_name = _("skill level")
        verbose_name_plural = _("skill levels")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "skill"],
                name="people_skilllevel_one_per_skill",
                violation_error_message=_("This person already has that skill."),
            ),
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=5),
                name="people_skilllevel_between_1_and_5",
                violation_error_message=_("A skill level is a number from 1 to 5."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.skill_id}={self.level}"

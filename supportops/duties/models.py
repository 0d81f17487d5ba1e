"""What every list of duties stores alike; each app adds what only its own have."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecurringTask(models.Model):
    """Something that comes back by period.

    A model of it adds ``cadence`` with its choices, ``owner`` and its history. It may add
    ``due_day``; without that a duty is due at the end of its period.
    """

    cadence: Any
    owner: Any
    owner_id: int | None

    name = models.CharField(_("task"), max_length=160)
    page = models.CharField(_("done on page"), max_length=60, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class RecurringDuty(models.Model):
    """A task in one period: due, done, by whom, with what outcome.

    A model of it adds ``task``, whose duties are its ``duties``, and the constraint that
    a task has one duty a period: making duties rests on it.
    """

    task: Any
    task_id: int

    period_start = models.DateField(_("period from"))
    due_on = models.DateField(_("due"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.task_id} {self.period_start}"

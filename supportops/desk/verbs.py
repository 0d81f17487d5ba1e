"""What can be done to a ticket from its page: form, permission, service, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supportops.desk import forms as desk_forms
from tickets import services


@dataclass(frozen=True, slots=True)
class Verb:
    """One action: its label, its form, who may do it, and the service that does it."""

    name: str
    label: Any
    form: type[forms.Form]
    permission: str
    service: Callable[..., Any]
    takes_ticket: bool = True


def _merge(*, ticket_id: int, into: int, **rest: Any) -> Any:
    return services.merge_tickets(duplicate_id=ticket_id, into_id=into, **rest)


WORK = "tickets.work_ticket"

VERBS = {
    verb.name: verb
    for verb in (
        Verb("reply", _("Reply"), desk_forms.ReplyForm, WORK, services.reply, False),
        Verb(
            "status",
            _("Change status"),
            desk_forms.StatusForm,
            WORK,
            services.change_status,
        ),
        Verb("assign", _("Assign"), desk_forms.AssignForm, WORK, services.assign),
        Verb(
            "team", _("Move to team"), desk_forms.TeamForm, WORK, services.move_to_team
        ),
        Verb(
            "priority",
            _("Change priority"),
            desk_forms.PriorityForm,
            "tickets.triage_ticket",
            services.change_priority,
        ),
        Verb(
            "level",
            _("Hand to support level"),
            desk_forms.LevelForm,
            WORK,
            services.change_level,
        ),
        Verb(
            "fields",
            _("Change category or area"),
            desk_forms.FieldsForm,
            WORK,
            services.change_fields,
        ),
        Verb("tags", _("Set tags"), desk_forms.TagsForm, WORK, services.set_tags),
        Verb(
            "pause",
            _("Pause the clocks"),
            desk_forms.PauseForm,
            WORK,
            services.pause_clocks,
            False,
        ),
        Verb(
            "resume",
            _("Resume the clocks"),
            desk_forms.ResumeForm,
            WORK,
            services.resume_clocks,
            False,
        ),
        Verb(
            "merge",
            _("Merge into an older ticket"),
            desk_forms.MergeForm,
            "tickets.merge_ticket",
            _merge,
            False,
        ),
    )
}

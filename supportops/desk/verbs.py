"""What can be done to a ticket from its page: form, permission, service, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supportops.desk import forms as desk_forms
from tickets import services
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Verb:
    """One action: its label, its form, who may do it, and the service that does it.

    ``done`` is what the page says afterwards.
    """

    name: str
    label: Any
    done: Any
    form: type[forms.Form]
    permission: str
    service: Callable[..., Any]
    takes_ticket: bool = True


def _merge(*, ticket_id: int, into: int, **rest: Any) -> Any:
    return services.merge_tickets(duplicate_id=ticket_id, into_id=into, **rest)


def fits(verb: Verb, ticket: Ticket, *, is_paused: bool) -> bool:
    """Tell whether the ticket, as it stands, lets the service do this at all."""
    if ticket.merged_into_id:
        return False
    if verb.name == "pause":
        return ticket.is_open and not is_paused
    return is_paused if verb.name == "resume" else True


WORK = "tickets.work_ticket"

VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "reply",
            _("Reply"),
            _("Your message is on the ticket."),
            desk_forms.ReplyForm,
            WORK,
            services.reply,
        ),
        Verb(
            "status",
            _("Change status"),
            _("The status is changed."),
            desk_forms.StatusForm,
            WORK,
            services.change_status,
        ),
        Verb(
            "assign",
            _("Assign"),
            _("The assignee is set."),
            desk_forms.AssignForm,
            WORK,
            services.assign,
        ),
        Verb(
            "team",
            _("Move to team"),
            _("The team is set."),
            desk_forms.TeamForm,
            WORK,
            services.move_to_team,
        ),
        Verb(
            "priority",
            _("Change priority"),
            _("The priority is set."),
            desk_forms.PriorityForm,
            "tickets.triage_ticket",
            services.change_priority,
        ),
        Verb(
            "level",
            _("Hand to support level"),
            _("The support level is set."),
            desk_forms.LevelForm,
            WORK,
            services.change_level,
        ),
        Verb(
            "fields",
            _("Change category or area"),
            _("Category and area are set."),
            desk_forms.FieldsForm,
            WORK,
            services.change_fields,
        ),
        Verb(
            "tags",
            _("Set tags"),
            _("The tags are set."),
            desk_forms.TagsForm,
            WORK,
            services.set_tags,
        ),
        Verb(
            "pause",
            _("Pause the clocks"),
            _("The clocks are paused."),
            desk_forms.PauseForm,
            WORK,
            services.pause_clocks,
            takes_ticket=False,
        ),
        Verb(
            "resume",
            _("Resume the clocks"),
            _("The pause by hand is ended."),
            desk_forms.ResumeForm,
            WORK,
            services.resume_clocks,
            takes_ticket=False,
        ),
        Verb(
            "merge",
            _("Merge into an older ticket"),
            _("The ticket is merged."),
            desk_forms.MergeForm,
            "tickets.merge_ticket",
            _merge,
            takes_ticket=False,
        ),
    )
}

"""The promises behind a figure of the compliance page, as a table and as CSV."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.core.local_hours import HOURS_A_DAY
from sla.models import SlaClock
from sla.selectors import compliance
from sla.views.compliance import ScopedPage, address
from supportops.metrics.catalogue import Text
from supportops.metrics.exports import csv_response
from supportops.metrics.scopes import Scope, ScopeInvalid

PAGE_SIZE = 25
CSV_BATCH = 500
OUTCOME_NAMES: dict[str, Text] = {
    "": gettext_lazy("All promises judged"),
    "kept": gettext_lazy("Promises kept"),
    "missed": gettext_lazy("Promises missed"),
    "severe": gettext_lazy("Promises missed at twice their target"),
    "excluded": gettext_lazy("Promises left out of the figures"),
}


class PromisesView(ScopedPage):
    """The promises behind a figure, as a table and as CSV."""

    title = gettext_lazy("Promises")
    template_name = "sla/compliance/promises.html"

    def answer(self, scope: Scope) -> HttpResponseBase:
        outcome = self.request.GET.get("outcome", "")
        if outcome and outcome not in compliance.OUTCOMES:
            raise ScopeInvalid(
                _("“%(value)s” is no outcome. Use one of %(known)s.")
                % {"value": outcome, "known": ", ".join(compliance.OUTCOMES)}
            )
        slot = self._slot()
        ids = compliance.promise_ids(
            scope, outcome=outcome, slot=slot, zone=timezone.get_current_timezone()
        ).tolist()
        if "csv" in self.request.GET:
            return _promises_csv(scope, ids, self.request.user)
        return self._page(scope, outcome, slot, ids)

    def _slot(self) -> int | None:
        text = self.request.GET.get("slot", "")
        if not text:
            return None
        if not text.isdecimal() or int(text) >= 7 * HOURS_A_DAY:
            raise ScopeInvalid(_("An hour of the week is a number from 0 to 167."))
        return int(text)

    def _page(
        self, scope: Scope, outcome: str, slot: int | None, ids: list[int]
    ) -> HttpResponse:
        page = Paginator(ids, PAGE_SIZE).get_page(self.request.GET.get("page"))
        context = self.get_context_data(
            **self.frame(scope, self.request.GET),
            page=page,
            clocks=compliance.promises(page.object_list, self.request.user),
            outcome=outcome,
            heading=OUTCOME_NAMES[outcome],
            outcomes=[
                (code, name, address(self.request.GET, outcome=code))
                for code, name in OUTCOME_NAMES.items()
            ],
            tickets=compliance.ticket_count(scope, outcome=outcome),
            slot=None if slot is None else divmod(slot, HOURS_A_DAY),
            weekday=None if slot is None else WEEKDAYS[slot // HOURS_A_DAY],
            without_slot=address(self.request.GET, slot=""),
            back=address(self.request.GET, outcome="", slot=""),
            csv=address(self.request.GET) + "&csv=1",
            previous_page=_page_address(self.request.GET, page.number - 1),
            next_page=_page_address(self.request.GET, page.number + 1),
        )
        return self.render_to_response(context)


def _page_address(query: QueryDict, number: int) -> str:
    return f"{address(query)}&page={number}"


_PROMISE_HEADER = (
    "clock", "ticket", "subject", "customer", "tier", "promise", "priority", "team",
    "assignee", "category", "policy", "target_seconds", "elapsed_seconds", "kept",
    "left_out", "started_at", "due_at", "stopped_at", "judged_at",
)  # fmt: skip


def _promises_csv(scope: Scope, ids: list[int], user: Any) -> HttpResponseBase:
    def rows() -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(ids), CSV_BATCH):
            for clock in compliance.promises(ids[start : start + CSV_BATCH], user):
                yield _promise_row(clock)

    name = f"promises-{scope.start}-{scope.period.last}"
    return csv_response(name, _PROMISE_HEADER, rows())


def _promise_row(clock: SlaClock) -> tuple[Any, ...]:
    ticket = clock.ticket
    customer, version = ticket.organisation, clock.policy_version
    moments = (clock.started_at, clock.due_at, clock.stopped_at, clock.judged_at)
    return (
        clock.pk,
        ticket.pk,
        ticket.subject,
        customer.name if customer else "",
        customer.tier.code if customer and customer.tier else "",
        clock.metric,
        ticket.priority,
        ticket.team or "",
        ticket.assignee or "",
        ticket.category or "",
        f"{version.policy.name} v{version.number}" if version else "",
        clock.target_seconds,
        clock.elapsed_seconds,
        clock.is_kept,
        clock.is_excluded,
        *(moment.astimezone(UTC).isoformat() if moment else "" for moment in moments),
    )

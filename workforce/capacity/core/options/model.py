"""One week under an option, in closed form, for many draws of the inputs at once.

The model, in words. Contacts of a week first meet automation, which takes on the option's
share of every channel; what it does not finish goes to people. People work on whatever
channel has work: live contacts (phone, chat) first, those that can wait (e-mail, web) in
the time between. They are on duty in proportion to the usual volume of the hour. Waiting
is that of a queue with two classes: Erlang C gives the chance that everybody is busy, and
whoever can wait is served behind whoever cannot. What exceeds the capacity piles up for
the whole horizon; a contact that is not reached counts as waiting to its end. Cost is
people, automation and channels. CSAT moves from today's by the points that a doubling of
the resolution time costs, and by the points between automation and people.

References
----------
.. [1] A. Cobham, "Priority assignment in waiting line problems", Operations Research 2
   (1954) 70-76: mean waits of two classes of equal service time are ``W0 / (1 - r1)`` and
   ``W0 / ((1 - r1)(1 - r))`` with ``W0 = C(n, a) h / n``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workforce.capacity.core.erlang import erlang_c
from workforce.capacity.core.options.drivers import (
    CHANNEL_COST,
    HANDLE,
    Floats,
    Plan,
    Setting,
)

FULLEST = 0.99
"""Waits of a busier week than this are those at it, plus what piles up."""
_NOBODY = 1e-9
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What each plan brings in a week; arrays of shape (plans, draws).

    Attributes
    ----------
    handled : ndarray
        Contacts finished, by ``people`` and by ``automated``.
    left : ndarray
        Contacts that pile up a week.
    hours : ndarray
        Mean resolution time in open hours, over every contact.
    live_wait, deferred_wait : ndarray
        Mean open hours until a person begins; 0 where there is no such contact.
    csat : ndarray
        Share of satisfied customers, 0 to 1.
    cost, cost_each : ndarray
        Money a week; money for each contact handled, NaN where none is.
    work : ndarray
        Hours of work a week that reach people.
    busy : ndarray
        Share of the time people are there that they are busy, at most 1.
    """

    people: Floats
    automated: Floats
    left: Floats
    hours: Floats
    live_wait: Floats
    deferred_wait: Floats
    csat: Floats
    cost: Floats
    work: Floats
    busy: Floats

    @property
    def handled(self) -> Floats:
        return self.people + self.automated

    @property
    def cost_each(self) -> Floats:
        nothing = np.full_like(self.cost, np.nan)
        return np.divide(self.cost, self.handled, out=nothing, where=self.handled > 0)


def central(setting: Setting, plans: Sequence[Plan]) -> Outcome:
    """Return the outcome with every driver at its value, arrays of shape (plans, 1)."""
    return evaluate(setting, plans, setting.middle())


def evaluate(
    setting: Setting, plans: Sequence[Plan], values: Mapping[str, Floats]
) -> Outcome:
    """Work every plan out for every draw.

    Parameters
    ----------
    setting : Setting
    plans : sequence of Plan
    values : mapping of str to ndarray, shape (d,) or (1,)
        Drivers by key; a missing one stands at its value in ``setting``.

    Returns
    -------
    Outcome

    Raises
    ------
    ValueError
        For a plan with an unknown channel.
    """
    middle = setting.middle()
    now = _Week.of(setting, [setting.today], middle)
    week = _Week.of(setting, plans, {**middle, **values})
    hours, live_wait, deferred_wait = week.times()
    return Outcome(
        people=week.done,
        automated=week.automated,
        left=week.left,
        hours=hours,
        live_wait=live_wait,
        deferred_wait=deferred_wait,
        csat=week.satisfied(hours, now),
        cost=week.cost(),
        work=week.work,
        busy=week.busy,
    )


@dataclass(frozen=True)
class _Week:
    """Work and capacity of a week; arrays of shape (plans, draws), hours and contacts."""

    setting: Setting
    drawn: Mapping[str, Floats]
    shares: Floats
    people_paid: Floats
    covered: Floats
    automated: Floats
    contacts: Floats
    live_work: Floats
    deferred_work: Floats
    capacity: Floats

    @classmethod
    def of(
        cls, setting: Setting, plans: Sequence[Plan], drawn: Mapping[str, Floats]
    ) -> "_Week":
        shares = np.array([setting.shares(plan) for plan in plans])
        paid = np.array([[plan.people] for plan in plans])
        covered = np.array([[plan.automation] for plan in plans])
        automated = drawn["tickets_per_week"] * covered * drawn["automation_success"]
        contacts = drawn["tickets_per_week"] - automated
        minutes = np.array(
            np.broadcast_arrays(
                *(
                    drawn.get(HANDLE + channel.name, drawn["handle_minutes"])
                    for channel in setting.channels
                )
            )
        )
        live = np.array([channel.is_live for channel in setting.channels])
        there = drawn["hours_per_week"] * (1.0 - drawn["shrinkage"])
        return cls(
            setting=setting,
            drawn=drawn,
            shares=shares,
            people_paid=paid,
            covered=covered,
            automated=automated + np.zeros_like(contacts),
            contacts=contacts,
            live_work=contacts * ((shares * live) @ minutes) / 60.0,
            deferred_work=contacts * ((shares * ~live) @ minutes) / 60.0,
            capacity=paid * there + np.zeros_like(contacts),
        )

    @property
    def live(self) -> Floats:
        """Share of contacts that are live, shape (plans, 1)."""
        is_live = np.array([channel.is_live for channel in self.setting.channels])
        share: Floats = (self.shares * is_live).sum(axis=1, keepdims=True)
        return share

    @property
    def work(self) -> Floats:
        return self.live_work + self.deferred_work

    @property
    def busy(self) -> Floats:
        return _part(np.minimum(self.work, self.capacity), self.capacity)

    @property
    def live_done(self) -> Floats:
        """Share of live work there are people for."""
        return np.minimum(1.0, _part(self.capacity, self.live_work, nothing=1.0))

    @property
    def deferred_done(self) -> Floats:
        rest = np.maximum(0.0, self.capacity - self.live_work)
        return np.minimum(1.0, _part(rest, self.deferred_work, nothing=1.0))

    @property
    def done(self) -> Floats:
        reached = self.live * self.live_done + (1.0 - self.live) * self.deferred_done
        return self.contacts * reached

    @property
    def left(self) -> Floats:
        return np.maximum(0.0, self.contacts - self.done)

    def times(self) -> tuple[Floats, Floats, Floats]:
        """Return mean resolution time, live wait and deferred wait in open hours."""
        live_wait, deferred_wait = self._waits()
        live_wait = np.where(self.live > 0, live_wait, 0.0)
        deferred_wait = np.where(self.live < 1, deferred_wait, 0.0)
        waited = self.live * live_wait + (1.0 - self.live) * deferred_wait
        hands_on = _part(self.work, self.contacts)
        by_people = waited + hands_on + self.drawn["other_hours"]
        by_machine = self.drawn["automation_minutes"] / 60.0
        volume = self.contacts + self.automated
        total = self.contacts * by_people + self.automated * by_machine
        return _part(total, volume), live_wait, deferred_wait

    def _waits(self) -> tuple[Floats, Floats]:
        """Queue of two classes at most `FULLEST` full, and what piles up beyond."""
        horizon = self.drawn["open_hours"] * self.setting.weeks
        longest = horizon / 2.0
        live_full = np.minimum(
            FULLEST, _part(self.live_work, self.capacity, nothing=1.0)
        )
        full = np.minimum(FULLEST, _part(self.work, self.capacity, nothing=1.0))
        first = self._behind_nobody(full) / (1.0 - live_full)
        second = first / (1.0 - full)
        live = first + longest * (1.0 - self.live_done)
        deferred = second + longest * (1.0 - self.deferred_done)
        return np.minimum(live, longest), np.minimum(deferred, longest)

    def _behind_nobody(self, full: Floats) -> Floats:
        """Mean hours until anybody is free, ``C(n, a) h / n``, over the week's levels."""
        levels = np.array(self.setting.levels)
        levels = levels / levels.mean()
        on_duty = _part(self.capacity, self.drawn["open_hours"])[..., None] * levels
        on_duty = np.maximum(on_duty, _NOBODY)
        waits = np.asarray(erlang_c(on_duty, on_duty * full[..., None])) / on_duty
        mean: Floats = (waits * levels).mean(axis=-1)
        return mean * _part(self.work, self.contacts)

    def satisfied(self, hours: Floats, now: "_Week") -> Floats:
        """Move today's CSAT by the change in time and in automation against today.

        Today is today's plan with every driver at its value: that is when it was
        measured, whatever the drivers become.
        """
        before = now.times()[0]
        is_known = (hours > 0) & (before > 0)
        ratio = np.divide(hours, before, out=np.ones_like(hours), where=is_known)
        moved = (
            self.drawn["csat_today"]
            + self.drawn["csat_per_doubling"] * np.log2(ratio)
            + self.drawn["csat_automation"] * (self.machine_share - now.machine_share)
        )
        return np.clip(moved, 0.0, 1.0)

    @property
    def machine_share(self) -> Floats:
        return _part(self.automated, self.contacts + self.automated)

    def cost(self) -> Floats:
        by_channel = np.zeros_like(self.contacts)
        for place, channel in enumerate(self.setting.channels):
            each = self.drawn.get(CHANNEL_COST + channel.name)
            if each is not None:
                by_channel = by_channel + self.shares[:, [place]] * each
        machine = self.drawn["automation_cost_week"] * (self.covered > 0) + (
            self.drawn["tickets_per_week"]
            * self.covered
            * self.drawn["automation_cost_contact"]
        )
        people = self.people_paid * self.drawn["cost_per_fte_week"]
        return people + machine + self.contacts * by_channel


def _part(part: Floats, whole: Floats, *, nothing: float = 0.0) -> Floats:
    """Divide; ``nothing`` where there is no whole."""
    part, whole = np.broadcast_arrays(part, whole)
    out = np.full(part.shape, nothing)
    found: Floats = np.divide(part, whole, out=out, where=whole > _NOTHING)
    return found

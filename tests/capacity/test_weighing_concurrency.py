"""Two people weigh at the same moment: one of them is second, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from supportops.common.errors import OperationRefused
from tests.factories.weighing import AT, compute, save_section, weighable
from workforce.capacity.models import Decision
from workforce.capacity.selectors.weighing.setting import gather
from workforce.capacity.services import weighing as services
from workforce.capacity.services.decisions import StaleDecision

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*calls):
    """Run the calls at the same moment; return what each gave, or its refusal."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=20)
            return call()
        except OperationRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_new_options_get_a_letter_each():
    decision = weighable()
    how = {"decision_id": decision.pk, "actor": decision.owner, "at": AT}
    found = at_once(
        lambda: services.add_status_quo(**how), lambda: services.add_status_quo(**how)
    )
    assert sorted(option.letter for option in found) == ["C", "D"]


def test_one_of_two_editors_is_told_of_the_other():
    decision = weighable()
    rows = [
        {"id": row.pk, "letter": row.letter, "name": row.name, "people": 6}
        for row in decision.options.all()
    ]

    def edit():
        return save_section(decision, "options", {"rows": rows}, revision=0)

    found = at_once(edit, edit)
    # The second of two equal edits changes nothing, but is told all the same.
    assert sum(isinstance(each, StaleDecision) for each in found) == 1
    assert [row.people for row in decision.options.all()] == [6, 6]


def test_results_belong_to_the_options_they_say_they_do():
    decision = weighable()
    rows = [
        {"id": row.pk, "letter": row.letter, "name": row.name, "people": 6}
        for row in decision.options.all()
    ]
    at_once(
        lambda: compute(decision),
        lambda: save_section(decision, "options", {"rows": rows}, revision=0),
    )
    held = gather(Decision.objects.get(pk=decision.pk), list(decision.options.all()))
    for row in decision.options.all():
        is_of_six_people = row.results["figures"]["cost"][0] == 6 * 1_400 + (
            0 if row.letter == "A" else 3_000 + 900 * 0.4 * 2
        )
        assert (row.results["digest"] == held.digest) is is_of_six_people

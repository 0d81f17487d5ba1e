"""Segments of a decision: read from customers, capacity shared out, refusals."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.factories.capacity import make_decision
from tests.factories.tickets import OrganisationFactory, open_ticket
from tests.factories.weighing import AT, save_section, segment_row, shown
from tickets.models import CustomerTier
from workforce.capacity.models import Decision, Segment
from workforce.capacity.selectors.decisions import section
from workforce.capacity.services import weighing as services
from workforce.capacity.services.decisions import DecisionPartInvalid

pytestmark = pytest.mark.django_db


def customers():
    gold = CustomerTier.objects.create(code="gold", name="Gold", rank=1)
    basic = CustomerTier.objects.create(code="basic", name="Basic", rank=9)
    for health, mrr in (("GOOD", 1_000), ("AT_RISK", 3_000)):
        OrganisationFactory(tier=gold, health=health, mrr=mrr)
    organisation = OrganisationFactory(tier=basic, health="UNKNOWN", mrr=100)
    for days in range(8):
        open_ticket(organisation=organisation, at=AT - timedelta(days=days + 1))
    return gold, basic


def test_segments_are_read_from_tiers():
    gold, basic = customers()
    decision = make_decision(kind="SEGMENTS")
    services.fill_segments(decision_id=decision.pk, actor=decision.owner, at=AT)
    first, second = decision.segments.all()
    # Half at risk: 24 months of 2,000; unknown health: 36 months of 100.
    assert (first.tier, first.churn_risk, first.lifetime_value) == (gold, 0.5, 48_000)
    assert (second.tier, second.lifetime_value, second.demand) == (basic, 3_600, 2)
    assert "8 tickets in 4 weeks" in second.source


def test_segments_read_again_keep_name_and_commitment():
    customers()
    decision = make_decision(kind="SEGMENTS")
    how = {"decision_id": decision.pk, "actor": decision.owner, "at": AT}
    services.fill_segments(**how)
    decision.segments.filter(name="Gold").update(
        name="Our gold", commitment=5, demand=99
    )
    services.fill_segments(**how)
    row = decision.segments.get(name="Our gold")
    assert (row.commitment, row.demand, decision.segments.count()) == (5, 0, 2)


def test_segments_need_customers_and_their_kind():
    decision = make_decision(kind="SEGMENTS")
    with pytest.raises(DecisionPartInvalid, match="No organisation"):
        services.fill_segments(decision_id=decision.pk, actor=decision.owner, at=AT)
    other = make_decision()
    with pytest.raises(DecisionPartInvalid, match="not about segments"):
        services.fill_segments(decision_id=other.pk, actor=other.owner, at=AT)
    assert not Segment.objects.exists()


def test_capacity_is_shared_out():
    decision = make_decision(kind="SEGMENTS")
    rows = [
        segment_row(),
        segment_row(
            name="Silver",
            lifetime_value=10_000,
            churn_risk=0.4,
            demand=200,
            commitment=0,
        ),
    ]
    save_section(
        decision,
        "segments",
        {"rows": rows, "capacity": 200, "weights": {"value": 1, "risk": 1}},
    )
    found = shown(decision, "segments")
    # 140 left at 0.75 : 0.625; Gold has room for 40 of its 76.
    assert [row["served"] for row in found["rows"]] == ["100", "100"]
    assert found["rows"][1]["unserved"] == "100"
    assert section("segments").missing(Decision.objects.get(pk=decision.pk), AT) == []


def test_commitments_beyond_capacity_are_told_and_block_a_proposal():
    decision = make_decision(kind="SEGMENTS")
    save_section(
        decision,
        "segments",
        {"rows": [segment_row()], "capacity": 45, "weights": {"value": 1, "risk": 1}},
    )
    found = shown(decision, "segments")
    assert "exceed the capacity of 45 by 15" in found["problem"]
    assert not found["is_shared"]
    decision = Decision.objects.get(pk=decision.pk)
    assert section("segments").missing(decision, AT) == [
        "commitments that fit the capacity (15 a week too much)"
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"weights": {"value": 0, "risk": 0}},
        {"weights": {"value": -1, "risk": 2}},
        {"weights": {"value": 1}},
        {"capacity": -1},
        {"rows": [segment_row(churn_risk=1.5)]},
        {"rows": [segment_row(), segment_row()]},
    ],
)
def test_segments_that_cannot_be_are_refused(data):
    decision = make_decision(kind="SEGMENTS")
    with pytest.raises(DecisionPartInvalid), transaction.atomic():
        save_section(decision, "segments", data)
    assert not decision.segments.exists()
    assert Decision.objects.get(pk=decision.pk).weights == {}

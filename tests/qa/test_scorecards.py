"""Scorecards: what is shipped, drafts, publication, archiving, and what is read."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from qa.core.scorecard import Scorecard as Card
from qa.core.scorecard_standard import support_quality
from qa.models import RootCause, Scorecard, ScorecardVersion
from qa.selectors import scorecards as selectors
from qa.services import scorecards as services
from tests.factories.people import UserFactory
from tests.factories.quality import CARD, published_card, write_review
from tests.factories.tickets import (
    MONDAY_9AM,
    CategoryFactory,
    OrganisationFactory,
    open_ticket,
)
from tickets.models import Channel, CustomerTier, Tag, Ticket

pytestmark = pytest.mark.django_db

LATER = MONDAY_9AM + timedelta(hours=1)
STRICTER = {**CARD.to_dict(), "pass_mark": 90.0}
State = ScorecardVersion.State


def draft_of(version: ScorecardVersion) -> ScorecardVersion:
    return services.start_draft(
        scorecard_id=version.scorecard_id, actor=None, at=MONDAY_9AM
    )


def states(scorecard: Scorecard) -> list[tuple[int, str]]:
    return list(scorecard.versions.order_by("number").values_list("number", "state"))


# What is shipped --------------------------------------------------------------------------


def test_shipped_rubric_has_the_points_of_the_reference():
    version = ScorecardVersion.objects.get(scorecard__slug="support-quality")
    card = selectors.card_of(version)

    assert version.state == State.PUBLISHED
    assert [
        (each.key, each.weight, [level.points for level in each.levels])
        for each in card.sections[0].criteria
    ] == [
        ("solution_quality", 30, [30, 25, 20, 15, 10, 0]),
        ("communication", 25, [25, 20, 15, 10, 5, 0]),
        ("process_adherence", 20, [20, 15, 10, 5, 0]),
        ("efficiency", 15, [15, 12, 9, 6, 3, 0]),
        ("customer_experience", 10, [10, 8, 6, 4, 2, 0]),
    ]
    assert [float(share) for share in card.shares().values()] == [
        0.3,
        0.25,
        0.2,
        0.15,
        0.1,
        0,
    ]
    [boxes] = card.sections[1].criteria
    assert (card.sections[1].weight, boxes.key, len(boxes.checks)) == (
        0,
        "checklist",
        8,
    )
    assert {check.precheck for check in boxes.checks} == {
        "",
        "greeting",
        "restated",
        "next_steps",
        "categorised",
        "tone",
        "handle_time",
    }


def test_shipped_lowest_levels_are_critical_for_the_first_three():
    card = support_quality()

    failing = {
        each.key: [
            level.key
            for level in each.levels
            if each.critical_below and level.points < each.critical_below
        ]
        for each in card.criteria()
        if each.critical == "all"
    }

    assert failing == {
        "solution_quality": ["fail"],
        "communication": ["fail"],
        "process_adherence": ["fail"],
    }
    assert card.fail_policy == "keep_score"


def test_root_causes_of_every_kind_are_shipped_for_criteria_that_exist():
    keys = {each.key for each in support_quality().criteria()}
    causes = list(RootCause.objects.all())

    assert {cause.kind for cause in causes} == set(RootCause.Kind.values)
    assert {cause.criterion_key for cause in causes} <= {"", *keys}


def test_root_causes_for_a_criterion_are_its_own_and_then_those_of_all():
    RootCause.objects.all().delete()
    for name, key, active in (
        ("Everywhere", "", True),
        ("Of tone", "tone", True),
        ("Of another", "solution", True),
        ("Retired", "tone", False),
    ):
        RootCause.objects.create(
            name=name, kind="SKILL", criterion_key=key, is_active=active
        )

    assert [cause.name for cause in selectors.root_causes_for("tone")] == [
        "Of tone",
        "Everywhere",
    ]


# Drafts -----------------------------------------------------------------------------------


def test_create_scorecard_starts_with_an_empty_draft():
    lead = UserFactory()

    scorecard = services.create_scorecard(
        name="Chat quality", description="For chats.", actor=lead, at=MONDAY_9AM
    )

    version = scorecard.versions.get()
    assert (scorecard.slug, scorecard.owner) == ("chat-quality", lead)
    assert (version.number, version.state) == (1, State.DRAFT)
    assert Card.from_dict(version.definition) == Card()
    assert selectors.published_version(scorecard.pk) is None


def test_create_scorecard_refuses_a_taken_name_and_writes_nothing():
    published_card(name="Chat")

    with pytest.raises(services.ScorecardNameTaken, match="“Chat”"):
        services.create_scorecard(name="Chat", actor=None, at=MONDAY_9AM)

    assert Scorecard.objects.filter(name="Chat").count() == 1


def test_create_scorecard_finds_a_free_slug_in_any_script():
    names = ["Chat & mail", "Chat mail", "品質", "評価"]
    slugs = [
        services.create_scorecard(name=name, actor=None, at=MONDAY_9AM).slug
        for name in names
    ]

    assert slugs == ["chat-mail", "chat-mail-2", "scorecard", "scorecard-2"]


def test_start_draft_copies_the_newest_version_once():
    version = published_card()

    draft = draft_of(version)

    assert (draft.number, draft.based_on) == (2, version)
    assert draft.definition == version.definition
    with pytest.raises(services.DraftExists, match="already has a draft"):
        draft_of(version)
    assert version.scorecard.versions.count() == 2


def test_save_draft_refuses_when_somebody_saved_meanwhile_and_writes_nothing():
    draft = draft_of(published_card())
    services.save_draft(
        version_id=draft.pk,
        definition=STRICTER,
        actor=None,
        at=LATER,
        expected_changed_at=MONDAY_9AM,
    )

    with pytest.raises(services.DraftChangedMeanwhile, match="saved by somebody else"):
        services.save_draft(
            version_id=draft.pk,
            definition=CARD.to_dict(),
            actor=None,
            at=LATER + timedelta(hours=1),
            expected_changed_at=MONDAY_9AM,
        )

    draft.refresh_from_db()
    assert (draft.definition["pass_mark"], draft.changed_at) == (90.0, LATER)


def test_save_draft_refuses_what_is_no_scorecard_and_writes_nothing():
    draft = draft_of(published_card())

    with pytest.raises(services.DefinitionUnreadable, match="'maybe' is none of"):
        services.save_draft(
            version_id=draft.pk,
            definition={"na_policy": "maybe"},
            actor=None,
            at=LATER,
            expected_changed_at=draft.changed_at,
        )

    draft.refresh_from_db()
    assert draft.changed_at == MONDAY_9AM


def test_a_published_version_is_neither_saved_nor_discarded():
    version = published_card()

    for refused in (
        lambda: services.discard_draft(version_id=version.pk),
        lambda: services.save_draft(
            version_id=version.pk,
            definition=STRICTER,
            actor=None,
            at=LATER,
            expected_changed_at=version.changed_at,
        ),
        lambda: services.publish_version(
            version_id=version.pk, actor=None, at=LATER, reason="Again"
        ),
    ):
        with pytest.raises(services.VersionIsPublished, match="cannot change any more"):
            refused()

    assert states(version.scorecard) == [(1, "PUBLISHED")]
    version.refresh_from_db()
    assert version.definition == CARD.to_dict()


def test_the_model_refuses_to_change_or_delete_a_version_that_was_used():
    version = published_card()
    write_review(version=version)
    stored = ScorecardVersion.objects.get(pk=version.pk)

    stored.definition = STRICTER
    with pytest.raises(TypeError, match="never changes"):
        stored.save()
    with pytest.raises(TypeError, match="archive it"):
        stored.delete()

    stored.refresh_from_db()
    assert stored.definition == CARD.to_dict()


# Publication ------------------------------------------------------------------------------


def test_publish_archives_the_former_version_and_reviews_keep_theirs():
    former = published_card()
    review = write_review(version=former, state="DRAFT")
    draft = draft_of(former)
    lead = UserFactory()

    published = services.publish_version(
        version_id=draft.pk, actor=lead, at=LATER, reason="  Clearer levels  "
    )

    assert states(former.scorecard) == [(1, "ARCHIVED"), (2, "PUBLISHED")]
    assert (published.reason, published.published_by, published.published_at) == (
        "Clearer levels",
        lead,
        LATER,
    )
    former.refresh_from_db()
    assert (former.archived_by, former.archived_at) == (lead, LATER)
    review.refresh_from_db()
    assert review.version_id == former.pk
    assert selectors.published_version(former.scorecard_id) == published


@pytest.mark.parametrize(
    ("definition", "reason", "refusal", "words"),
    [
        (CARD.to_dict(), "  ", services.ReasonMissing, "A reason is missing"),
        ({}, "First", services.ScorecardHasProblems, "There is no criterion: add one"),
    ],
)
def test_publish_refuses_and_writes_nothing(definition, reason, refusal, words):
    scorecard = services.create_scorecard(
        name="Chat", actor=None, at=MONDAY_9AM, definition=definition
    )

    with pytest.raises(refusal, match=words):
        services.publish_version(
            version_id=scorecard.versions.get().pk,
            actor=None,
            at=LATER,
            reason=reason,
        )

    version = scorecard.versions.get()
    assert (version.state, version.published_at, version.reason) == ("DRAFT", None, "")


def test_doubts_do_not_keep_a_scorecard_from_being_published():
    draft = draft_of(published_card())  # its levels have no descriptions

    services.publish_version(
        version_id=draft.pk, actor=None, at=LATER, reason="Good enough"
    )

    assert states(draft.scorecard)[-1] == (2, "PUBLISHED")


def test_archive_ends_a_published_version_once():
    version = published_card()

    services.archive_version(version_id=version.pk, actor=None, at=LATER)

    assert selectors.published_version(version.scorecard_id) is None
    with pytest.raises(services.VersionNotPublished, match="nothing to archive"):
        services.archive_version(version_id=version.pk, actor=None, at=LATER)


def test_describe_scorecard_refuses_the_name_of_another_and_writes_nothing():
    published_card(name="Chat")
    mail = published_card(name="Mail").scorecard

    with pytest.raises(services.ScorecardNameTaken):
        services.describe_scorecard(
            scorecard_id=mail.pk,
            name="Chat",
            description="",
            owner=None,
            requires_certificate=True,
        )

    mail.refresh_from_db()
    assert (mail.name, mail.requires_certificate) == ("Mail", False)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_is_refused_and_nothing_is_mixed():
    draft = draft_of(published_card())
    marks = (70.0, 71.0, 72.0, 73.0)
    outcomes: list[str] = []
    gate = threading.Barrier(len(marks))

    def save(mark: float) -> None:
        try:
            gate.wait(timeout=10)
            services.save_draft(
                version_id=draft.pk,
                definition={**CARD.to_dict(), "pass_mark": mark},
                actor=None,
                at=LATER + timedelta(seconds=mark),
                expected_changed_at=MONDAY_9AM,
            )
            outcomes.append(f"saved {mark}")
        except services.DraftChangedMeanwhile as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(mark,)) for mark in marks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    draft.refresh_from_db()
    mark = draft.definition["pass_mark"]
    assert sorted(outcomes) == [*["draft_changed_meanwhile"] * 3, f"saved {mark}"]
    assert draft.changed_at == LATER + timedelta(seconds=mark)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_publications_at_once_one_is_refused():
    draft = draft_of(published_card())
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def publish() -> None:
        try:
            gate.wait(timeout=10)
            services.publish_version(
                version_id=draft.pk, actor=None, at=LATER, reason="Now"
            )
            outcomes.append("published")
        except services.VersionIsPublished as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["published", "version_is_published"]
    assert states(draft.scorecard) == [(1, "ARCHIVED"), (2, "PUBLISHED")]


# Reads ------------------------------------------------------------------------------------


def test_default_scorecard_is_the_first_that_can_be_used():
    shipped = Scorecard.objects.get(slug="support-quality")
    other = published_card().scorecard
    assert selectors.default_scorecard() == shipped

    version = selectors.published_version(shipped.pk)
    services.archive_version(version_id=version.pk, actor=None, at=LATER)
    assert selectors.default_scorecard() == other


def test_card_of_a_published_version_is_parsed_once_and_of_a_draft_each_time(
    django_assert_num_queries,
):
    version = published_card()
    draft = draft_of(version)

    with django_assert_num_queries(0):
        assert selectors.card_of(version) is selectors.card_of(version)
        assert selectors.card_of(version) == CARD
        assert selectors.card_of(draft) is not selectors.card_of(draft)


def test_card_of_a_version_read_as_a_draft_is_not_served_after_it_changed():
    draft = draft_of(published_card())
    as_read = ScorecardVersion.objects.get(pk=draft.pk)
    assert selectors.card_of(as_read).pass_mark == 80.0
    services.save_draft(
        version_id=draft.pk,
        definition=STRICTER,
        actor=None,
        at=LATER,
        expected_changed_at=MONDAY_9AM,
    )

    services.publish_version(version_id=draft.pk, actor=None, at=LATER, reason="New")

    stored = ScorecardVersion.objects.get(pk=draft.pk)
    assert selectors.card_of(stored).pass_mark == 90.0


def test_facts_of_a_ticket_name_every_category_above_its_own():
    access = CategoryFactory(name="Access")
    login = CategoryFactory(name="Login", parent=access)
    tier = CustomerTier.objects.get(code="business")
    ticket = open_ticket(
        priority="P2",
        category=login,
        channel=Channel.objects.get(code="chat"),
        organisation=OrganisationFactory(tier=tier),
    )
    ticket.tags.add(Tag.objects.create(name="vip"))

    assert selectors.facts_of(ticket) == {
        "channel": {"chat"},
        "priority": {"P2"},
        "category": {"Access", "Access / Login"},
        "tier": {"business"},
        "tag": {"vip"},
    }


def test_facts_of_a_bare_ticket_are_empty_sets():
    ticket = open_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(
        priority="", category=None, channel=None, organisation=None
    )

    facts = selectors.facts_of(Ticket.objects.get(pk=ticket.pk))

    assert facts == {
        "channel": set(),
        "priority": set(),
        "category": set(),
        "tier": set(),
        "tag": set(),
    }


def test_scorecards_count_the_reviews_that_scores_are_made_of():
    version = published_card()
    write_review(version=version)
    write_review(version=version, state="SUBMITTED")
    write_review(version=version, kind="GOLD")

    [found] = selectors.scorecards_with_versions().filter(pk=version.scorecard_id)

    assert found.review_count == 1
    assert selectors.reviews_of_versions([version.pk]) == {version.pk: (3, 0)}

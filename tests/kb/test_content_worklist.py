"""The worklist: what it joins, how it ranks, what people decide, who may."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kb import search
from kb.models import (
    Article,
    Flag,
    GapTask,
    Reading,
    Search,
    TicketArticle,
    Vote,
    WorklistRow,
)
from kb.selectors.work.worklist import Filters, worklist
from kb.services import articles, gaps
from supportops.jobs.models import Job
from tests.factories.kb import make_article, make_topic, published_article
from tests.factories.kb_work import make_flag, make_gap, search_in_vain, task_of
from tests.factories.people import UserFactory
from tests.factories.tickets import CategoryFactory, open_ticket

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _fresh_index():
    search.forget()


@pytest.fixture
def lead():
    return UserFactory(role="Support lead")


@pytest.fixture
def client(lead):
    client = Client()
    client.force_login(lead)
    return client


def open_some(subject, count, *, at=NOW - 20 * DAY, **fields):
    return [
        open_ticket(subject=subject, at=at + timedelta(minutes=number), **fields)
        for number in range(count)
    ]


def compute(at=NOW):
    return gaps.compute_worklist(at=at)


def titles():
    return list(worklist(Filters()).values_list("title", flat=True))


# Computing --------------------------------------------------------------------------------


def test_searches_tickets_and_flags_about_the_same_are_one_gap():
    search_in_vain("sso with okta", 6, at=NOW - DAY)
    search_in_vain("set up sso okta", 3, at=NOW - DAY)
    open_some("SSO with Okta", 5)
    make_flag(text="How to set up Okta SSO")
    assert compute() == {"gaps": 1}
    row = WorklistRow.objects.get()
    assert row.title == "SSO with okta"
    assert row.sources.split() == ["SEARCHES", "TICKETS", "FLAGS"]
    assert (row.searches, row.tickets) == (9, 5)
    assert row.action == "WRITE"
    assert row.evidence["queries"] == [
        ["sso with okta", 6, 6, 0, 0, 0],
        ["set up sso okta", 3, 3, 0, 0, 0],
    ]
    assert row.hours_low < row.hours < row.hours_high


def test_hours_are_the_terms_multiplied():
    tickets = open_some("Charged twice", 6)
    search_in_vain("charged twice", 10, at=NOW - DAY, tickets=tickets[:2])
    compute()
    row = WorklistRow.objects.get()
    term = {one["code"]: one["likely"] for one in row.terms}
    # 10 searches and 4 tickets without one in 90 days; 2 + 20 × 5 % tickets of 30.
    assert term["searches"] == pytest.approx(10 / 3)
    assert term["tickets_per_search"] == pytest.approx(3 / 30)
    assert term["tickets"] == pytest.approx(4 / 3)
    assert (term["reached"], term["avoided"], term["minutes"]) == (0.35, 0.4, 12)
    expected = (10 / 3 * 0.1 + 4 / 3 * 0.35) * 0.4 * 12 / 60
    assert row.hours == pytest.approx(expected)


def test_what_succeeded_is_too_rare_too_old_or_an_agents_is_no_gap():
    article = published_article("Number your invoices", at=NOW - DAY)
    search_in_vain("numbering", 9, at=NOW - DAY, results=3, clicked=article)
    search_in_vain("rare thing", 2, at=NOW - DAY)
    search_in_vain("old thing", 9, at=NOW - 91 * DAY)
    search_in_vain("agent thing", 9, at=NOW - DAY, place="AGENT")
    open_some("Seldom asked", 4)
    assert compute() == {"gaps": 0}


def test_tickets_of_covered_categories_and_answered_ones_are_no_theme():
    above = CategoryFactory(name="Billing")
    below = CategoryFactory(name="Invoices", parent=above)
    article = published_article("Number your invoices", at=NOW - DAY)
    article.categories.add(above)
    open_some("Wrong number printed", 6, category=below)
    for ticket in open_some("Logo is cut off", 6):
        TicketArticle.objects.create(
            ticket=ticket, article=article, use="LINKED", used_at=NOW
        )
    assert compute() == {"gaps": 0}


def test_the_rest_of_a_category_without_article_is_a_gap_of_its_own():
    category = CategoryFactory(name="Templates")
    words = ["alpha", "beta", "gamma", "delta", "epsilon"]
    for word in words:
        open_some(f"{word} {word}{word}", 1, category=category)
    compute()
    row = WorklistRow.objects.get()
    assert (row.key, row.title, row.tickets) == (
        f"category:{category.pk}", "Templates", 5,
    )  # fmt: skip
    assert row.category == category


def test_unhelpful_stale_and_flagged_articles_are_gaps():
    bad = published_article("Connect a bank", at=NOW - 10 * DAY)
    old = published_article("Change plan", at=NOW - 183 * DAY)
    wrong = published_article("Export data", at=NOW - 10 * DAY)
    few = published_article("Few votes", at=NOW - 10 * DAY)
    published_article("Fine", at=NOW - 10 * DAY)
    for article, no, yes in ((bad, 20, 8), (few, 3, 2)):
        for number in range(no + yes):
            Vote.objects.create(
                visitor=f"{number:032}", article=article, version=article.published,
                is_helpful=number >= no, at=NOW - DAY,
            )  # fmt: skip
    make_flag(kind=Flag.Kind.WRONG, article=wrong, text="The button moved")
    compute()
    found = {row.article_id: row for row in WorklistRow.objects.all()}
    assert {pk: (row.sources.strip(), row.action) for pk, row in found.items()} == {
        bad.pk: ("UNHELPFUL", "IMPROVE"),
        old.pk: ("STALE", "REVIEW"),
        wrong.pk: ("FLAGS", "CORRECT"),
    }
    assert found[bad.pk].evidence["yes"] == 8


def test_tickets_after_reading_value_an_article():
    stale = published_article("Change plan", at=NOW - 200 * DAY)
    tickets = open_some("Something else", 3)
    for number in range(9):
        Reading.objects.create(
            visitor=f"{number:032}", article=stale, version=stale.published,
            place="HELP", at=NOW - DAY, ticket=tickets[number] if number < 3 else None,
        )  # fmt: skip
    compute()
    row = WorklistRow.objects.get(key=f"article:{stale.pk}")
    assert row.hours == pytest.approx(3 / 3 * 0.2 * 0.4 * 12 / 60)


def test_rows_rank_by_hours_and_what_exists_decides_the_action():
    published_article(
        "Reset your password", at=NOW - DAY, body="Reset a forgotten password by mail."
    )
    search_in_vain("datev", 30, at=NOW - DAY)
    search_in_vain("reset password", 12, at=NOW - DAY)
    search_in_vain("password reset mail", 5, at=NOW - DAY, results=4)
    compute()
    rows = list(worklist(Filters()))
    assert [row.title for row in rows][:2] == ["Datev", "Reset password"]
    assert [row.hours for row in rows] == sorted(
        (row.hours for row in rows), reverse=True
    )
    assert (rows[0].article, rows[0].action) == (None, "WRITE")
    assert (rows[1].article.title, rows[1].action) == ("Reset your password", "WORDS")


def test_patterns_fire_with_their_tickets():
    tickets = open_some("Bank feed stopped", 10)
    compute()
    row = WorklistRow.objects.get()
    (found,) = row.evidence["findings"]
    assert row.rules.split() == ["many"]
    assert (row.priority, found["count"]) == ("1HIGH", 10)
    assert found["tickets"] == [ticket.pk for ticket in tickets]


def test_computing_again_writes_over_keeps_decisions_and_removes_what_is_gone(lead):
    search_in_vain("datev", 5, at=NOW - 80 * DAY)
    search_in_vain("okta", 5, at=NOW - 80 * DAY)
    compute()
    before = dict(WorklistRow.objects.values_list("key", "pk"))
    gaps.take_on(key="ask:en:datev", owner=lead, due_on=None, actor=lead, at=NOW)
    compute(NOW + DAY)
    assert dict(WorklistRow.objects.values_list("key", "pk")) == before
    compute(NOW + 30 * DAY)
    # Nobody asks any more: what somebody works on stays, the other goes.
    assert titles() == ["Datev"]


def test_a_gap_keeps_its_name_when_another_wording_leads(lead):
    search_in_vain("sso okta", 5, at=NOW - DAY)
    compute()
    (key,) = WorklistRow.objects.values_list("key", flat=True)
    gaps.dismiss(key=key, reason="Not sold", actor=lead, at=NOW)
    search_in_vain("set up sso okta", 50, at=NOW)
    compute(NOW + DAY)
    row = WorklistRow.objects.get()
    assert (row.key, row.title) == (key, "Set up sso okta")
    assert titles() == []


def test_build_takes_as_many_queries_for_many_texts(django_assert_max_num_queries):
    for number in range(30):
        search_in_vain(f"word{number:02} thing{number:02}", 3, at=NOW - DAY)
    with django_assert_max_num_queries(30):
        gaps.build_gaps(at=NOW)


# Deciding ---------------------------------------------------------------------------------


def test_a_gap_is_taken_on_dismissed_and_undone(lead):
    gap = make_gap()
    day = NOW.date() + DAY
    task = gaps.take_on(key=gap.key, owner=lead, due_on=day, actor=lead, at=NOW)
    assert (task.state, task.owner, task.due_on) == ("TAKEN", lead, day)
    gaps.dismiss(key=gap.key, reason=" Not  ours ", actor=lead, at=NOW)
    task.refresh_from_db()
    assert (task.state, task.reason) == ("DISMISSED", "Not ours")
    gaps.undo(key=gap.key, actor=lead, at=NOW)
    assert not GapTask.objects.exists()
    assert [one.history_user for one in GapTask.history.all()] == [lead] * 3


def test_refused_decisions_write_nothing(lead):
    gap = make_gap()
    with pytest.raises(gaps.GapRefused, match="Say why"):
        gaps.dismiss(key=gap.key, reason="  ", actor=lead, at=NOW)
    with pytest.raises(gaps.GapRefused, match="no longer"):
        gaps.take_on(key="gone", owner=lead, due_on=None, actor=lead, at=NOW)
    with pytest.raises(gaps.GapRefused, match="Nothing was decided"):
        gaps.undo(key=gap.key, actor=lead, at=NOW)
    assert not GapTask.objects.exists()


def test_an_article_starts_from_a_gap_and_its_publication_closes_it(lead):
    category = CategoryFactory(name="Access")
    gap = make_gap(
        category=category,
        evidence={"queries": [["sso with okta", 6], ["okta login", 3]]},
    )
    article = gaps.start_article(
        key=gap.key, topic_id=make_topic().pk, kind="HOW_TO", actor=lead, at=NOW
    )
    assert (article.title, article.state, article.keywords) == (
        "Sso with okta", "DRAFT", ["okta login"],
    )  # fmt: skip
    assert list(article.categories.all()) == [category]
    task = GapTask.objects.get()
    assert (task.state, task.article, task.owner) == ("TAKEN", article, lead)
    with pytest.raises(gaps.GapRefused, match="started"):
        gaps.start_article(key=gap.key, topic_id=make_topic().pk, actor=lead, at=NOW)
    Article.objects.filter(pk=article.pk).update(body="Open Settings.", summary="How.")
    articles.publish(article_id=article.pk, actor=lead, at=NOW + DAY, note="")
    task.refresh_from_db()
    assert (task.state, task.changed_at) == ("DONE", NOW + DAY)


def test_a_task_whose_article_came_out_unseen_is_closed_by_the_next_computation():
    gap = make_gap()
    task = task_of(gap, published_article("Okta", at=NOW), changed_at=NOW - DAY)
    draft = task_of(make_gap("Datev"), make_article("Datev"))
    assert gaps.finish_published(at=NOW) == 1
    task.refresh_from_db()
    draft.refresh_from_db()
    assert (task.state, draft.state) == ("DONE", "TAKEN")


# Pages ------------------------------------------------------------------------------------


def test_the_list_filters_by_source_state_owner_language_and_rule(lead):
    first = make_gap("First", sources=" SEARCHES FLAGS ", rules=" many ")
    second = make_gap("Second", language="de", hours=2.5)
    task_of(second, state="TAKEN", owner=lead)
    task_of(make_gap("Third"), state="DISMISSED")

    def shown(**filters):
        return [row.title for row in worklist(Filters(**filters))]

    assert shown() == ["Second", "First"]
    assert (
        shown(source="FLAGS") == shown(rule="many") == shown(state="TODO") == ["First"]
    )
    assert shown(language="de") == shown(owner=str(lead.pk)) == ["Second"]
    assert shown(state="DISMISSED") == ["Third"]
    assert shown(state="", words="ir") == ["First", "Third"]
    assert shown(owner="nobody") == [first.title]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries(client, lead, rows, django_assert_num_queries):
    for number in range(rows):
        gap = make_gap(f"Gap {number}", article=published_article(f"Article {number}"))
        task_of(gap, owner=lead)
    client.get(reverse("kb:work"))
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(reverse("kb:work"))
    assert page.content.decode().count("kw-drawer") == rows


LIST_QUERIES = 13


def test_csv_holds_the_figures(client):
    make_gap("=Sum", hours=2.25)
    text = b"".join(client.get(reverse("kb:work"), {"csv": 1}).streaming_content)
    lines = text.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("gap,sources,action,what_exists")
    assert lines[1].startswith("'=Sum,Searches without an answer,Write an article,")
    assert ",1.0,2.25,3.0," in lines[1]


def test_the_empty_list_says_the_first_step(client):
    page = client.get(reverse("kb:work")).content.decode()
    assert "has not been computed yet" in page
    assert "Compute now" in page


def test_compute_now_is_a_job(client, django_capture_on_commit_callbacks):
    search_in_vain("datev", 5, at=datetime.now(UTC) - DAY)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("kb:work-compute"))
    assert Job.objects.get().result == {"gaps": 1}


def test_a_gaps_page_hides_tickets_its_reader_may_not_see(client, lead):
    seen = open_ticket(subject="Seen ticket")
    gap = make_gap(evidence={"tickets": [seen.pk]}, tickets=1)
    address = reverse("kb:gap", args=[gap.pk])
    assert "Seen ticket" in client.get(address).content.decode()
    team_lead = Client()
    team_lead.force_login(UserFactory(role="Team lead"))
    seen.assignee = lead
    seen.save()
    page = team_lead.get(address).content.decode()
    assert "Seen ticket" not in page
    assert "1 more you may not see." in page


def test_decisions_by_page_and_who_may(client):
    gap = make_gap()
    address = reverse("kb:gap-decide", args=[gap.pk])
    client.post(address, {"verb": "dismiss", "reason": "Not sold"})
    assert GapTask.objects.get().state == "DISMISSED"
    client.post(address, {"verb": "undo"})
    assert not GapTask.objects.exists()
    assert client.post(address, {"verb": "burn"}).status_code == 403
    for role, list_status in (("Executive", 200), ("Agent", 403)):
        other = Client()
        other.force_login(UserFactory(role=role))
        assert other.get(reverse("kb:work")).status_code == list_status
        assert other.post(address, {"verb": "take"}).status_code == 403
    assert not GapTask.objects.exists()


def test_coverage_is_a_page_of_the_figures(client):
    response = client.get(reverse("kb:work"))
    assert reverse("kb:figures-coverage") in response.content.decode()


def test_an_article_for_staff_covers_nothing_that_customers_ask():
    category = CategoryFactory(name="Templates")
    article = published_article("Logo in templates", at=NOW - DAY, audience="INTERNAL")
    article.categories.add(category)
    open_some("Logo is cut off", 6, category=category)
    assert compute() == {"gaps": 1}
    Article.objects.update(audience="PUBLIC")
    assert compute() == {"gaps": 0}


@pytest.mark.parametrize(
    ("asked", "exists"),
    [
        ("Revenue report wrong month", False),
        ("Export stops at 10,000 rows", False),
        ("deliveries stopped webhook", True),
        ("payment matched wrong", True),
    ],
)
def test_what_exists_is_named_by_most_of_the_telling_words(asked, exists):
    published_article(
        "A payment was matched to the wrong invoice", at=NOW - DAY,
        body="The report of the month shows the payment.",
    )  # fmt: skip
    published_article(
        "Webhook deliveries stopped", at=NOW - DAY, body="We stop at 10,000 rows."
    )
    search_in_vain(asked, 5, at=NOW - DAY, results=2)
    compute()
    row = WorklistRow.objects.get()
    assert (row.article is not None) == exists
    assert (row.action == "WRITE") != exists


def test_row_and_evidence_say_how_searches_went_unanswered(client):
    search_in_vain("sso", 4, at=NOW - DAY)
    search_in_vain("sso", 3, at=NOW - DAY, results=2)
    search_in_vain("sso", 2, at=NOW - DAY, results=2, tickets=[open_ticket()] * 2)
    compute()
    row = WorklistRow.objects.get()
    counts = {"zero": 4, "unopened": 3, "refined": 0, "with_ticket": 2}
    assert row.evidence["unanswered"] == counts
    said = "4 without a result, 3 not opened, 2 followed by a ticket"
    for page in (reverse("kb:work"), reverse("kb:gap", args=[row.pk])):
        text = client.get(page).content.decode()
        assert "Searches without an answer" in text
        assert said in text


def test_searches_are_counted_once_each_however_they_failed():
    ticket = open_ticket()
    search_in_vain("okta", 3, at=NOW - DAY, tickets=[ticket])
    first, second, _third = Search.objects.order_by("pk")
    Search.objects.filter(pk=second.pk).update(refined_by=first)
    compute()
    row = WorklistRow.objects.get()
    assert row.searches == 3
    assert row.evidence["queries"] == [["okta", 3, 3, 0, 1, 1]]

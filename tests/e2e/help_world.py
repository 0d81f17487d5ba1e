"""A small help centre for the browser: few articles, and one row at least of every page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.models import (
    Article,
    ArticleLink,
    AssistantRules,
    Conversation,
    Experiment,
    Flag,
    KnownQuestion,
    Synonym,
    Topic,
    WorklistRow,
)
from kb.selectors.articles.images import key_of
from kb.services import duties, figures, gaps
from kb.services.indexing import touch_index
from supportops.common import roles
from supportops.metrics import services as metrics
from tests.factories import sla as promises
from tests.factories.kb import make_article, make_topic, published_article
from tests.factories.kb_articles import make_image
from tests.factories.kb_assistant import VISITOR, make_conversation, make_turn
from tests.factories.kb_experiments import add_version, fill, make_experiment
from tests.factories.kb_search import make_question, make_synonym
from tests.factories.kb_work import make_flag, search_in_vain
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.self_service import make_reading, make_search, make_visits
from tests.factories.tickets import CategoryFactory, open_ticket
from tickets.models import CustomerTier, Ticket
from workforce.people.models import User

DAY = timedelta(days=1)

PASSWORD = """\
A new password holds from the next sign-in on. See also
[how to turn on the second factor](article:turn-on-the-second-factor).

## Before you start

- Your e-mail address must be confirmed.

> **Warning:** Changing it signs you out on every other device.

## Change it in your settings

1. Open **Settings** and choose *Security*.
2. Type the old password, then the new one twice.

![The security page](image:{image})

### What a password must have

| Rule | At least | Example of a refusal that is written out in full |
|---|---|---|
| Length | 12 characters | “Too short: at least 12 characters are needed” |
| Kinds of characters | 3 | “Use letters, digits and signs” |

## If you forgot it

Choose *Forgot password* on the sign-in page. The letter with the link comes within
five minutes.

## Change it by the interface

```bash
curl --request PATCH https://api.example.com/v3/people/me/password --header "Idempotency-Key: 1"
```

> **Tip:** A password manager types it for you.
"""
SECOND_FACTOR = """\
## Turn it on

Open **Settings**, choose *Security*, then *Second factor*, and scan the picture with
an authenticator app.

## If you lost your phone

Use one of the ten recovery codes that you were shown.
"""
INVOICE = """\
## Download one invoice

Open **Billing** and choose the month. *Download* saves the invoice as PDF.

## Download a whole year

Choose *All of this year*: an archive with twelve files is sent by e-mail.
"""
SINGLE_SIGN_ON = """\
## Connect Okta

Paste the metadata address of Okta into *Single sign-on* and choose *Test*.
"""
RESET = """\
## Check who calls

Ask for the customer number and call back on the number we know.

## Take the second factor off

Open the person's page and choose *Reset second factor*.
"""


@dataclass
class People:
    agent: User
    team_lead: User
    lead: User
    manager: User
    executive: User


@dataclass
class Centre:
    """What readers find: one article of each audience, one in another language."""

    topic: Topic
    below: Topic
    password: Article
    factor: Article
    invoice: Article
    german: Article
    plan: Article
    internal: Article


@dataclass
class Rows:
    """What the pages are about, each by the name of its address."""

    articles: Mapping[str, Article]
    experiments: Mapping[str, Experiment]
    talks: Mapping[str, Conversation]
    gaps: Mapping[str, WorklistRow]
    flag: Flag
    question: KnownQuestion
    synonym: Synonym
    ticket: Ticket


def people() -> People:
    return People(
        agent=UserFactory(first_name="Ana", role=roles.AGENT),
        team_lead=UserFactory(first_name="Mei", role=roles.TEAM_LEAD),
        lead=UserFactory(first_name="Nora", role=roles.SUPPORT_LEAD),
        manager=UserFactory(first_name="Carla", role=roles.WORKFORCE_MANAGER),
        executive=UserFactory(first_name="Henrik", role=roles.EXECUTIVE),
    )


def rules(**fields: object) -> AssistantRules:
    """Set the assistant: it answers when it is rather sure, and nobody is held out."""
    values = {"threshold": "0.700", "holdout": "0", **fields}
    return AssistantRules.objects.update_or_create(pk=1, defaults=values)[0]


# What readers find ------------------------------------------------------------------------


def centre(now: datetime) -> Centre:
    """Publish the articles that every test reads, and the words customers use instead."""
    at = now - 60 * DAY
    topic = make_topic("Your account", icon="person", description="Sign in, stay safe.")
    below = make_topic("Signing in safely and what to do otherwise", parent=topic)
    password = published_article(
        "Change your password",
        topic=below,
        summary="Where to change it, and what to do when you forgot it.",
        body=PASSWORD.format(image=key_of(make_image().digest)),
        keywords=["passphrase"],
        at=at,
        is_featured=True,
    )
    common = {"topic": below, "at": at + DAY}
    found = Centre(
        topic=topic,
        below=below,
        password=password,
        factor=published_article(
            "Turn on the second factor", body=SECOND_FACTOR, **common
        ),
        invoice=published_article(
            "Download an invoice", topic=make_topic("Invoices"), body=INVOICE, at=at
        ),
        german=published_article(
            "Passwort ändern",
            slug="passwort-aendern",
            language="de",
            body="## In den Einstellungen\n\nÖffnen Sie *Sicherheit*.",
            translation_of=password,
            **common,
        ),
        plan=published_article(
            "Set up single sign-on with Okta",
            audience=Article.Audience.PLAN,
            tiers=[CustomerTier.objects.order_by("rank").first()],
            body=SINGLE_SIGN_ON,
            **common,
        ),
        internal=published_article(
            "Take a second factor off a customer",
            audience=Article.Audience.INTERNAL,
            body=RESET,
            **common,
        ),
    )
    for kind, target in (("RELATED", found.invoice), ("NEXT", found.factor)):
        ArticleLink.objects.create(article=password, target=target, kind=kind)
    make_synonym("bill", "invoice", "receipt")
    return found


# What staff find --------------------------------------------------------------------------


def build(who: People, found: Centre, now: datetime) -> Rows:
    """Write what visitors did in six weeks, and what the staff made of it."""
    promises.published()
    team = TeamFactory(name="Frontline of the northern region", lead=who.team_lead)
    category = CategoryFactory(name="Signing in from a new device")
    found.password.categories.add(category)
    tickets = [
        open_ticket(
            at=now - 20 * DAY + timedelta(hours=number),
            subject="I cannot change my password on the phone",
            body="The button does nothing.",
            team=team,
            assignee=who.agent,
            category=category if number % 2 else None,
        )
        for number in range(6)
    ]
    articles = other_articles(who, found, now)
    visitors(found, tickets, now)
    flag = make_flag(
        who.agent,
        "How to set up Okta when the address of the company has changed",
        ticket=tickets[0],
        flagged_at=now - DAY,
    )
    make_flag(
        who.agent, "The menu has another name", kind="WRONG", article=found.invoice,
        flagged_at=now - 2 * DAY, state="DONE", answer="Mended", closed_at=now - DAY,
        closed_by=who.lead,
    )  # fmt: skip
    duties.make_duties(at=now)
    metrics.mark_all()
    metrics.refresh(at=now)
    figures.settle_search_days(at=now)
    return Rows(
        articles=articles,
        experiments=experiments(who, found, now),
        talks=talks(found, tickets[0], now),
        gaps=worklist(who, now),
        flag=flag,
        question=make_question("how do i change my pass word", found.password),
        synonym=Synonym.objects.get(),
        ticket=tickets[0],
    )


def other_articles(who: People, found: Centre, now: datetime) -> dict[str, Article]:
    """One of each state that no reader sees, and one whose working copy differs."""
    common = {"topic": found.below, "owner": who.agent, "changed_at": now}
    draft = make_article(
        "How do I move everything to another company of the same group?",
        body="## Step 1: [What to do]\n\nSee [the rules](article:gone-for-good).",
        **common,
    )
    review = make_article(
        "How do I close my account?",
        body="## Close it\n\nOpen *Settings*, then *Close the account*.",
        state=Article.State.REVIEW,
        review_asked_at=now - DAY,
        review_asked_by=who.agent,
        **common,
    )
    changed = published_article(
        "Pay by direct debit", body="## Old\n\nBy letter.", at=now - 200 * DAY
    )
    changed.body = (
        "## New\n\nOpen *Billing*, then *Direct debit*.\n\n[x](article:nowhere)"
    )
    changed.revision = 1
    changed.save()
    add_version(changed, "## Middle\n\nBy letter or by phone.")
    archived = published_article(
        "Fax us", body="Send a fax.", topic=found.below, at=now - 90 * DAY
    )
    archived.state, archived.redirects_to = Article.State.ARCHIVED, found.password
    archived.save()
    touch_index(at=now)
    return {
        "draft": draft, "review": review, "changed": changed, "archived": archived,
    }  # fmt: skip


def visitors(found: Centre, tickets: list[Ticket], now: datetime) -> None:
    """Searches that led somewhere, nowhere and to a ticket; readings, votes, forms."""
    for number in range(12):
        at, visitor = now - (1 + 3 * number) * DAY, f"reader-{number}"
        search = make_search(
            "change password", at=at, visitor=visitor, clicked=found.password
        )
        make_reading(
            found.password, at=at + timedelta(seconds=20), visitor=visitor,
            search=search, ticket=tickets[number] if number < 3 else None,
        )  # fmt: skip
        found.password.votes.create(
            version=found.password.published, visitor=visitor,
            is_helpful=number % 3 > 0, reason="" if number % 3 else "UNCLEAR",
            comment="" if number else "Which of the two menus called settings?",
            at=at + timedelta(minutes=1),
        )  # fmt: skip
    search_in_vain("okta without an administrator", 6, at=now - 3 * DAY)
    search_in_vain("change password", 4, at=now - 2 * DAY, tickets=tickets[:2])
    make_visits("SHOWN", n=40, sent=14, at=now - 10 * DAY)
    make_visits("HELD_OUT", n=12, sent=8, at=now - 10 * DAY)


def experiments(who: People, found: Centre, now: datetime) -> dict[str, Experiment]:
    at = now - 14 * DAY
    common = {"created_by": who.lead, "created_at": at}
    draft = make_experiment(article=found.invoice, state="DRAFT", **common)
    running = make_experiment(article=found.factor, started_at=at, **common)
    fill(running, a=(31, 60), b=(44, 60), at=at + DAY)
    stopped = make_experiment(
        article=found.password, started_at=at, state="STOPPED", verdict="UNDECIDED",
        stopped_at=now - DAY, stopped_by=who.lead, ended="PERSON", **common,
    )  # fmt: skip
    return {"draft": draft, "running": running, "stopped": stopped}


def talks(found: Centre, ticket: Ticket, now: datetime) -> dict[str, Conversation]:
    """Two conversations that ended, with judged answers enough for a picture."""
    at = now - 2 * DAY
    handed = make_conversation(
        at=at, visitor="somebody-else", state="HANDED_OVER", ended_at=at, ticket=ticket
    )
    make_turn(handed, found.password, is_right=False, judged_at=at)
    make_turn(handed, None, question="And by fax?", passage="", was_shown=False)
    answered = make_conversation(
        at=at, visitor="another", state="ANSWERED", ended_at=at
    )
    for number in range(24):
        make_turn(
            answered,
            found.invoice,
            question="Where do I find the invoice of last month, and that of the year?",
            confidence=0.5 + number / 50,
            search_confidence=0.5 + number / 50,
            was_shown=number > 10,
            is_right=number % 4 > 0,
            judged_at=at,
        )
    own = make_conversation(at=now - timedelta(minutes=5), visitor=VISITOR)
    make_turn(own, found.password, suggested=[found.factor.pk])
    make_turn(
        own, None, question="And on the phone?", passage="", heading="",
        confidence=0.2, was_shown=False, suggested=[found.invoice.pk],
    )  # fmt: skip
    return {"handed": handed, "answered": answered, "own": own}


def worklist(who: People, now: datetime) -> dict[str, WorklistRow]:
    """Compute the gaps; one is taken on."""
    gaps.compute_worklist(at=now)
    rows = {row.action: row for row in WorklistRow.objects.order_by("hours")}
    gaps.take_on(
        key=next(iter(rows.values())).key, owner=who.team_lead,
        due_on=now.date() - DAY, actor=who.lead, at=now,
    )  # fmt: skip
    return rows

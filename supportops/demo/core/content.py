"""What agents flagged, and what was decided about gaps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag: so many days ago, by whom, about what, and what came of it."""

    days_ago: float
    who: str
    kind: str
    text: str
    article: str = ""
    subject: str = ""
    state: str = "OPEN"
    answer: str = ""


FLAGS = (
    Flagged(
        2.2, "ana.moreau", "MISSING",
        "Third customer this week whose export ends at 10,000 rows. I explain it by hand.",
        subject="Export stops at 10,000 rows",
    ),
    Flagged(
        4.1, "pavel.novak", "MISSING",
        "Nothing about scheduled reports that do not arrive, and it is often the spam filter.",
        subject="Scheduled report did not arrive",
    ),
    Flagged(
        6.3, "jonas.weber", "WRONG",
        "“Wording” is called “Texts” since the last release.",
        article="add-a-second-language",
    ),
    Flagged(
        9.0, "leila.haddad", "WRONG",
        "“Copy link” is gone: invitations can only be sent again.",
        article="invite-your-team",
    ),
    Flagged(
        12.4, "tomas.lindqvist", "WORKAROUND",
        "Feed of one bank stuck: choosing a single account at the bank, then the others, helps.",
        article="bank-feed-not-updating", subject="Bank feed has not updated",
    ),
    Flagged(
        15.2, "pavel.novak", "WRONG",
        "Customers do not understand a word of this one. Neither do I.",
        article="reconciliation-parameters",
    ),
    Flagged(
        33.0, "ana.moreau", "MISSING",
        "Dark invoices: customers ask for them again and again.",
        subject="Feature request: dark invoices",
        state="DECLINED", answer="A wish, not a question. I passed it on to product.",
    ),
    Flagged(
        71.5, "leila.haddad", "WRONG",
        "Recovery codes are not mentioned, most customers have lost the phone.",
        article="two-factor-code-refused",
        state="DONE", answer="Rewritten: recovery codes and the owner's way are in now.",
    ),
    Flagged(
        124.0, "ana.moreau", "WRONG",
        "“Issuing bank”, “captured amount”: customers write back to ask what it means.",
        article="charged-twice",
        state="DONE", answer="We tried a plain text against it, and it won.",
    ),
    Flagged(
        131.0, "sofia.rossi", "WORKAROUND",
        "Three sentences that we all used during the incident.",
        subject="API returns 500 when creating invoices",
        state="DONE", answer="In “During an incident of the API”.",
    ),
)  # fmt: skip

TAKEN = "export"
"""A gap with this in its words is taken on; its draft is begun."""
DISMISSED, DISMISSED_WHY = (
    "dark",
    "A wish, not a question: passed on to product. Nothing to explain yet.",
)
DUTY_OWNERS = ("nora.keller", "nora.keller", "mei.tanaka", "nora.keller", "mei.tanaka")
DUTY_NOTES = ("", "", "Two titles rewritten.", "", "Nothing to do this time.", "")

USED_SHARE = 0.3
INSERTED = 0.62
"""Share of solved tickets with an article, and of these in a reply."""

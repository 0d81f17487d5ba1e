"""The invented company: who works there, who buys, what they write, and what went wrong.

Lumen Ledger sells invoicing software. Its size and mix are the seed's example: eight
agents and a lead, 1,200 tickets a month, three customer tiers, logins, API errors and
billing on top. Five months before the end comes the bad month: version 3 of the API is
released while one of the two technical specialists is on leave, so API tickets wait.
"""

from dataclasses import dataclass

BAD_MONTH_AGO = 5
AWAY_IN_BAD_MONTH = "tomas.lindqvist"
ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    name: str
    team: str
    role: str
    level: str = ""
    shift: tuple[int, int] = (9, 17)
    language: str = "en"


TEAMS = {"Frontline": "L1", "Technical": "L2", "Product engineering": "L3"}

PEOPLE = (
    Person("nora.keller", "Nora Keller", "Frontline", "Support lead"),
    Person("mei.tanaka", "Mei Tanaka", "Frontline", "Team lead", "L1", (8, 16)),
    Person("ana.moreau", "Ana Moreau", "Frontline", "Agent", "L1", (7, 15)),
    Person("jonas.weber", "Jonas Weber", "Frontline", "Agent", "L1", (9, 17)),
    Person("leila.haddad", "Leila Haddad", "Frontline", "Agent", "L1", (10, 18)),
    Person("pavel.novak", "Pavel Novák", "Frontline", "Agent", "L1", (9, 17)),
    Person("sofia.rossi", "Sofia Rossi", "Technical", "Team lead", "L2", (9, 17)),
    Person("tomas.lindqvist", "Tomas Lindqvist", "Technical", "Agent", "L2", (10, 18)),
    Person("iris.okafor", "Iris Okafor", "Product engineering", "Team lead", "L3"),
    Person("david.brandt", "David Brandt", "Frontline", "QA reviewer"),
    Person("priya.raman", "Priya Raman", "Frontline", "QA reviewer"),
    Person("carla.mendes", "Carla Mendes", "Frontline", "Workforce manager"),
    Person("henrik.dahl", "Henrik Dahl", "Frontline", "Executive"),
    Person("admin", "Ada Admin", "Frontline", "Administrator"),
)

TIERS = (
    # code, name, rank, multiplier, share of customers (the seed's 15/45/40 %)
    ("enterprise", "Enterprise", 1, 0.5, 0.15),
    ("mid-market", "Mid-Market", 2, 1.0, 0.45),
    ("smb", "SMB", 3, 2.0, 0.40),
)

CHANNELS = (("email", 0.55), ("web", 0.25), ("chat", 0.15), ("phone", 0.05))


@dataclass(frozen=True, slots=True)
class Topic:
    """What a ticket can be about, with its share and how hard it is."""

    category: str
    area: str
    share: float
    technical: float
    minutes: float
    priorities: tuple[float, float, float, float, float]
    subjects: tuple[str, ...]
    opening: tuple[str, ...]


TOPICS = (
    Topic(
        "Access / Login",
        "Sign-in",
        0.22,
        0.03,
        14,
        (0.01, 0.08, 0.51, 0.35, 0.05),
        (
            "Cannot sign in after password reset",
            "Two-factor code is never accepted",
            "Account locked for a colleague",
            "Single sign-on sends me in a circle",
            "Invitation link has expired",
        ),
        (
            "Since this morning I get “wrong password” although I have just reset it.",
            "The code from my phone is refused every time. The clock is right.",
            "A colleague tried too often and is locked out. Can you open the account?",
        ),
    ),
    Topic(
        "Integrations / API errors",
        "API",
        0.18,
        0.60,
        34,
        (0.04, 0.22, 0.49, 0.22, 0.03),
        (
            "API returns 500 when creating invoices",
            "Webhook deliveries stopped",
            "429 responses since the weekend",
            "Signature check of webhooks fails",
            "Pagination skips invoices",
        ),
        (
            "POST /invoices answers 500 about every third time. Request ids are below.",
            "Our endpoint has not been called since yesterday 17:00. Nothing changed here.",
            "We get 429 far below the documented limit. Which limit applies to us?",
        ),
    ),
    Topic(
        "Billing / Invoices",
        "Billing",
        0.15,
        0.02,
        16,
        (0.0, 0.06, 0.49, 0.38, 0.07),
        (
            "Charged twice this month",
            "VAT number missing on our invoice",
            "Please change our plan",
            "Card was declined, is our account safe?",
        ),
        (
            "We were charged twice on the first of the month. Please refund one of them.",
            "Our VAT number is missing on the last invoice. Bookkeeping needs it.",
            "We would like to move to yearly payment. What would that cost?",
        ),
    ),
    Topic(
        "Product / Reports",
        "Reports",
        0.13,
        0.15,
        22,
        (0.01, 0.09, 0.45, 0.38, 0.07),
        (
            "Revenue report shows the wrong month",
            "Export stops at 10,000 rows",
            "Scheduled report did not arrive",
        ),
        (
            "The report for last month includes invoices of this month.",
            "The CSV ends after 10,000 rows without a word.",
        ),
    ),
    Topic(
        "Product / Templates",
        "Invoices",
        0.12,
        0.08,
        20,
        (0.0, 0.04, 0.36, 0.48, 0.12),
        (
            "Logo is cut off in the PDF",
            "How do I add a second language?",
            "Footer is printed twice",
        ),
        (
            "Our logo is cut at the right edge in the PDF, not in the preview.",
            "We need French invoices for two customers. How is that set up?",
        ),
    ),
    Topic(
        "Integrations / Bank import",
        "Bank import",
        0.10,
        0.35,
        28,
        (0.02, 0.16, 0.48, 0.30, 0.04),
        ("Bank feed has not updated", "Payments matched to the wrong invoice"),
        (
            "The feed shows nothing newer than Friday.",
            "Two payments were matched to invoices that are already paid.",
        ),
    ),
    Topic(
        "Requests / How-to",
        "General",
        0.10,
        0.01,
        12,
        (0.0, 0.0, 0.08, 0.27, 0.65),
        ("How do I archive a customer?", "Feature request: dark invoices"),
        (
            "I cannot find where to archive a customer. Is that possible at all?",
            "It would help us to set a payment term per customer group.",
        ),
    ),
)

FIRST_REPLIES = (
    "Thank you for writing. I can see what you describe and am looking into it now.",
    "Thanks for the details. I have found your account and am checking the logs.",
    "Sorry for the trouble. I am on it and will write again as soon as I know more.",
)
QUESTIONS = (
    "Could you send me the time of the last failure, so that I find it in the log?",
    "Which browser do you use, and does it also happen in a private window?",
    "May I look into your account settings to check this?",
)
ANSWERS = (
    "It happened again at 10:42. Anything else you need?",
    "Yes, in a private window too. Please go ahead and look.",
    "Here is the screenshot you asked for.",
)
SOLUTIONS = (
    "This is done: I corrected the setting and tried it myself. Please try again.",
    "We found the cause and have put it right. It should work for you now.",
    "The correction is made; you will see it on your next invoice.",
)
RETURNS = (
    "Unfortunately it happened again today.",
    "It worked yesterday, and now the same message is back.",
)
NOTES = (
    "Reproduced. Logs point at the import worker.",
    "Same as another report this week, see the tag.",
    "Needs a change on our side; asked the technical team.",
)

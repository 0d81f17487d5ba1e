"""What coaches and their agents talked about, and what else was said in public."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Talk:
    agent: str
    coach: str
    weeks_ago: int
    criterion: str
    focus: str
    why: str
    goal: str
    target: float
    playbook: str = ""
    private: str = ""
    is_acknowledged: bool = True


TALKS = (
    Talk(
        "pavel.novak",
        "mei.tanaka",
        26,
        "process_adherence",
        "Write the note before handing on",
        "Two tickets were started from nothing by the next shift.",
        "Process adherence of 80 % or more in the next four weeks",
        80.0,
        "process",
        "Pavel was glad somebody asked. He had never seen a good note.",
    ),
    Talk(
        "pavel.novak",
        "mei.tanaka",
        20,
        "process_adherence",
        "Category and tags at the first touch",
        "Reports by category are read every Monday.",
        "Process adherence of 85 % or more in the next four weeks",
        85.0,
        "process",
    ),
    Talk(
        "jonas.weber",
        "mei.tanaka",
        12,
        "communication",
        "One question at a time",
        "Customers answered half of what was asked, and waited twice.",
        "Communication of 75 % or more in the next four weeks",
        75.0,
        "communication",
        "Defensive at first. Showing the pair of replies side by side helped.",
    ),
    Talk(
        "jonas.weber",
        "mei.tanaka",
        7,
        "communication",
        "Say what happens next",
        "Three customers wrote again to ask whether anything was happening.",
        "Communication of 78 % or more in the next four weeks",
        78.0,
        "communication",
    ),
    Talk(
        "leila.haddad",
        "mei.tanaka",
        5,
        "customer_experience",
        "Show others how you close a ticket",
        "Your last replies are what the team should see.",
        "Customer experience stays at 95 % or more",
        95.0,
    ),
    Talk(
        "ana.moreau",
        "mei.tanaka",
        1,
        "efficiency",
        "Ask for everything in one message",
        "Each further question costs the customer about half a day.",
        "Efficiency of 88 % or more in the next four weeks",
        88.0,
        "efficiency",
        is_acknowledged=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Plan:
    agent: str
    manager: str
    buddy: str
    weeks_ago: int
    load_percent: int
    concerns: str
    support: str
    success: str
    standards: tuple[tuple[str, str, float], ...]
    milestones: tuple[tuple[int, str, str, float | None], ...]


PLAN = Plan(
    agent="jonas.weber",
    manager="mei.tanaka",
    buddy="leila.haddad",
    weeks_ago=4,
    load_percent=80,
    concerns=(
        "Replies leave customers unsure what is asked of them.\n"
        "Solutions are called done before they were tried."
    ),
    support=(
        "A talk each week with Mei Tanaka.\n"
        "Leila Haddad as a buddy: two tickets a day read together.\n"
        "The writing course of the company, two half days."
    ),
    success="Each standard is met over the 60 days, with the figures of the portal.",
    standards=(("QA score of 80 or more", "qa_score", 80.0),),
    milestones=(
        (2, "QA score of 76 or more in the first two weeks", "qa_score", 76.0),
        (4, "QA score of 78 or more", "qa_score", 78.0),
        (6, "QA score of 79 or more", "qa_score", 79.0),
        (8, "QA score of 80 or more: final review", "qa_score", 80.0),
    ),
)

AWARDED_WEEKS = 6
VOTERS = ("ana.moreau", "sofia.rossi", "tomas.lindqvist", "iris.okafor", "mei.tanaka")
TOP_PERFORMER = "Steady all month, and read by others as an example."
THANKS = (
    (2, "jonas.weber", "leila.haddad", "For an hour on my hardest ticket."),
    (6, "sofia.rossi", "tomas.lindqvist", "For the webhook traces: found in minutes."),
    (11, "ana.moreau", "pavel.novak", "Your notes let me start at once. Thank you!"),
    (17, "iris.okafor", "sofia.rossi", "A bug report that engineering could just fix."),
)
AUDITED = ("response_sla", "resolution_sla")
MISREAD = "response_sla"
AUDIT_SIZE = 15
FOUND_INSTEAD = "The first message was an automatic one"
AUDIT_NOTE = "Counted as a reply although nobody had read the ticket."
AUDIT_CONCLUSION = (
    "The figures hold. Automatic first messages are to be marked as such, so that they "
    "no longer count as a first response."
)

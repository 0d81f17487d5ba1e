"""What readers say of articles: how often it helped, and why it did not."""

from collections.abc import Iterator, Sequence

USUAL = 0.87
HELPFUL = {
    "reconciliation-parameters": 0.21,
    "add-a-second-language": 0.62,
    "get-paid-sooner": 0.71,
    "invite-your-team": 0.66,
    "api-version-3": 0.74,
    "too-many-requests": 0.79,
    "cannot-sign-in": 0.84,
}
"""Share of helpful votes; the stale ones and the unhelpful one stand out."""
OF_VERSION = {
    ("two-factor-code-refused", 1): 0.48,
    ("two-factor-code-refused", 2): 0.71,
}

VOTES = 0.1
SAYS_WHY = 0.72
COMMENTS = 0.24

REASONS = (
    # code of the reason, share
    ("INCOMPLETE", 0.32),
    ("NOT_FOUND", 0.26),
    ("UNCLEAR", 0.2),
    ("WRONG", 0.16),
    ("DISLIKE", 0.06),
)
OF_ARTICLE = {
    "reconciliation-parameters": "UNCLEAR",
    "add-a-second-language": "WRONG",
    "invite-your-team": "WRONG",
    "get-paid-sooner": "WRONG",
    "api-version-3": "INCOMPLETE",
    "change-your-plan": "DISLIKE",
}
"""The reason most give for these."""

SAID = {
    "INCOMPLETE": (
        "What if I have neither the phone nor the codes?",
        "An example would help.",
        "Nothing about what happens to drafts.",
        "Does this also work on the phone?",
    ),
    "NOT_FOUND": (
        "I was looking for something else.",
        "My message is a different one.",
        "This is about another page than mine.",
    ),
    "UNCLEAR": (
        "I do not understand half of the words.",
        "Where do I click?",
        "Too many steps for such a small thing.",
    ),
    "WRONG": (
        "The button is not there any more.",
        "The page looks different now.",
        "The menu has another name.",
    ),
    "DISLIKE": (
        "Clear, but I would like it to work the other way.",
        "It should not need an owner for this.",
    ),
}
SAID_OF = {
    "reconciliation-parameters": (
        "What is AT? What is a tenant profile? I just want to allow one cent of difference.",
        "Read it three times. No idea what to change.",
        "Please write this for people who send invoices.",
        "Where are these settings at all?",
    ),
    "invite-your-team": (
        "There is no “Copy link” in my account.",
        "The link was valid for 14 days, not 7. Or the other way round?",
    ),
    "add-a-second-language": ("“Wording” has moved, I found it under Texts.",),
}
THANKS = (
    "Thank you, that was it.",
    "Worked at once.",
    "The clock! Thank you.",
    "Good, short, solved.",
)


def vote(slug: str, version: int, luck: Iterator[float]) -> bool | None:
    """Return whether a reader found a version helpful; ``None`` if he does not say."""
    if next(luck) >= VOTES:
        return None
    usual = HELPFUL.get(slug, USUAL)
    return next(luck) < OF_VERSION.get((slug, version), usual)


def why(slug: str, is_helpful: bool, luck: Iterator[float]) -> tuple[str, str]:
    """Return the reason and the comment of a vote, either may be empty."""
    if is_helpful:
        return "", _one_of(THANKS, luck) if next(luck) < COMMENTS / 6 else ""
    if next(luck) >= SAYS_WHY:
        return "", ""
    usual = OF_ARTICLE.get(slug)
    reason = usual if usual and next(luck) < 0.7 else _reason(luck)
    if next(luck) >= COMMENTS:
        return reason, ""
    own = SAID_OF.get(slug) if reason == usual else None
    return reason, _one_of(own or SAID[reason], luck)


def _reason(luck: Iterator[float]) -> str:
    left = next(luck)
    for reason, share in REASONS:
        left -= share
        if left < 0:
            return reason
    return REASONS[-1][0]


def _one_of(texts: Sequence[str], luck: Iterator[float]) -> str:
    return texts[int(next(luck) * len(texts))]

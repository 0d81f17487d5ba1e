"""The scorecard that the portal ships: five criteria of 100 points, and a checklist."""

from qa.core.scorecard import (
    CHECKLIST,
    FAILS_ALL,
    KEEP_SCORE,
    Check,
    Criterion,
    Level,
    Scorecard,
    Section,
)

PASS_MARK = 80.0

SOLUTION = Criterion(
    "solution_quality",
    "Solution quality",
    30,
    guidance="Was the answer correct and complete?",
    levels=(
        Level("perfect", "Perfect", 30, "Correct and complete; solved at first try."),
        Level("good", "Good", 25, "Correct; minor details are missing."),
        Level("adequate", "Adequate", 20, "Mostly correct; needed a follow-up."),
        Level(
            "needs_work",
            "Needs work",
            15,
            "Partly correct; the customer was left confused.",
        ),
        Level("poor", "Poor", 10, "The wrong solution; the customer was frustrated."),
        Level("fail", "Fail", 0, "A critical error; had to be escalated."),
    ),
    critical=FAILS_ALL,
    critical_below=10,
    comment_below=20,
)
COMMUNICATION = Criterion(
    "communication",
    "Communication",
    25,
    guidance="Was every message clear, professional and empathetic?",
    levels=(
        Level(
            "excellent", "Excellent", 25, "Clear, warm, professional and personalised."
        ),
        Level("good", "Good", 20, "Clear and professional; hardly personalised."),
        Level("adequate", "Adequate", 15, "Understandable; somewhat impersonal."),
        Level("needs_work", "Needs work", 10, "Confusing, or too casual or formal."),
        Level("poor", "Poor", 5, "Unclear, rude or unprofessional."),
        Level("fail", "Fail", 0, "Inappropriate, offensive or damaging."),
    ),
    critical=FAILS_ALL,
    critical_below=5,
    comment_below=15,
)
PROCESS = Criterion(
    "process_adherence",
    "Process adherence",
    20,
    guidance="Were procedures followed and the ticket documented?",
    levels=(
        Level("perfect", "Perfect", 20, "Every procedure followed; fully documented."),
        Level("good", "Good", 15, "Minor gaps in the documentation."),
        Level(
            "adequate",
            "Adequate",
            10,
            "Some steps skipped; the documentation can be worked with.",
        ),
        Level("needs_work", "Needs work", 5, "Several steps skipped."),
        Level("fail", "Fail", 0, "A critical breach of process."),
    ),
    critical=FAILS_ALL,
    critical_below=5,
    comment_below=10,
)
EFFICIENCY = Criterion(
    "efficiency",
    "Efficiency",
    15,
    guidance="Did the time taken fit how complex the ticket was?",
    levels=(
        Level("excellent", "Excellent", 15, "The best time for a ticket this complex."),
        Level("good", "Good", 12, "Slightly above or below the best time."),
        Level("adequate", "Adequate", 9, "Noticeably inefficient, still reasonable."),
        Level("needs_work", "Needs work", 6, "Much time was wasted."),
        Level("poor", "Poor", 3, "Extremely inefficient, or rushed."),
        Level("fail", "Fail", 0, "A promise was missed because of the handling."),
    ),
    comment_below=9,
)
EXPERIENCE = Criterion(
    "customer_experience",
    "Customer experience",
    10,
    guidance="Did it feel personal and helpful to the customer?",
    levels=(
        Level("delightful", "Delightful", 10, "Went above and beyond."),
        Level("good", "Good", 8, "Met expectations; professional."),
        Level("adequate", "Adequate", 6, "It worked, but was impersonal."),
        Level("needs_work", "Needs work", 4, "The customer had to work hard."),
        Level("poor", "Poor", 2, "A frustrating experience."),
        Level("fail", "Fail", 0, "The customer complained outright."),
    ),
    comment_below=6,
)
BOXES = Criterion(
    "checklist",
    "What was done",
    0,
    kind=CHECKLIST,
    guidance="Recorded beside the score, and never part of it.",
    checks=(
        Check("greeting", "The greeting was professional and personal.", "greeting"),
        Check("restated", "The issue was understood and restated.", "restated"),
        Check("troubleshooting", "Troubleshooting was logical and complete."),
        Check("solution", "The solution was correct and clearly explained."),
        Check("next_steps", "Next steps were named.", "next_steps"),
        Check(
            "categorised",
            "The ticket was categorised and documented.",
            "categorised",
        ),
        Check("tone", "The tone was empathetic and fitting.", "tone"),
        Check(
            "handle_time",
            "The handle time was reasonable for the complexity.",
            "handle_time",
        ),
    ),
)


def support_quality() -> Scorecard:
    """Return the shipped definition.

    Returns
    -------
    Scorecard
        Weights 30, 25, 20, 15 and 10 with the points of each level as named; the lowest
        level of the first three fails the whole review, whose score is kept.
    """
    judged = (SOLUTION, COMMUNICATION, PROCESS, EFFICIENCY, EXPERIENCE)
    return Scorecard(
        sections=(
            Section("work", "Work on the ticket", 100, judged),
            Section("checklist", "Checklist", 0, (BOXES,)),
        ),
        fail_policy=KEEP_SCORE,
        pass_mark=PASS_MARK,
    )

"""What the invented reviewers write."""

STRENGTHS = {
    "solution_quality": (
        "The cause was found at once and the answer was complete.",
        "You checked the logs before you answered: no second round was needed.",
    ),
    "communication": (
        "Clear and friendly, in words the customer uses.",
        "Short sentences, one question at a time: easy to follow.",
    ),
    "process_adherence": (
        "Everything is documented; a colleague could take over without asking.",
        "Category, tags and notes are all in place.",
    ),
    "efficiency": (
        "Solved without a detour.",
        "The right question came first and saved a day.",
    ),
    "customer_experience": (
        "You offered a workaround before anybody asked.",
        "The customer felt looked after from the first line.",
    ),
}
FOCUS = {
    "solution_quality": "Try the correction yourself before you call it done.",
    "communication": "Say first what you will do and by when, then ask.",
    "process_adherence": "Write the note before you hand the ticket on.",
    "efficiency": "Ask for everything that is missing in one message.",
    "customer_experience": "Greet by name and close with what happens next.",
}
COMMENTS = {
    "solution_quality": (
        "The answer did not cover the second invoice, so the customer wrote again.",
        "The setting was corrected, the wrong invoice was not.",
    ),
    "communication": (
        "The customer could not tell what was asked of them.",
        "Two questions were answered with a link only.",
    ),
    "process_adherence": (
        "No internal note: the next shift started from nothing.",
        "The category was changed only after the solution.",
    ),
    "efficiency": (
        "Three messages for what one could have asked.",
        "The ticket lay a day although everything was known.",
    ),
    "customer_experience": (
        "No word on the two days the customer had waited.",
        "The reply reads like a form.",
    ),
}
ACKNOWLEDGEMENTS = (
    "",
    "",
    "Thank you, I see what you mean.",
    "Fair. I will ask for all of it at once next time.",
    "Thanks! Good to hear.",
)
DECIDED = (
    "The anchor speaks of what the customer had to do, not of tone.",
    "A question that the customer had answered already counts as one step skipped.",
    "One late note is a minor gap as long as nobody had to ask.",
    "A workaround that the customer uses is complete; a promise to look again is not.",
    "Judged by what could be known at the time, not by what came out later.",
)
DISPUTE = (
    "The customer had confirmed the solution by phone, which the review does not see."
)
"""A reason an agent gives; whether it convinces is the story's to say."""
UPHELD = "The call is not noted on the ticket; from what is written the level is right."
CHANGED = "The internal note of 14:10 mentions the call. The higher level is right."

"""What visitors ask the assistant, as whole sentences, and whether it answered."""

from supportops.demo.core.questions import Question

TALKS = 1_500
"""Conversations of a year."""
FROM_TICKETS = 0.16
"""Share of the tickets from chat that began with the assistant."""
ASKS_MORE = 0.3
"""Share of conversations with a second question."""

RIGHT_IF_FITS, RIGHT_ELSE = 0.99, 0.06
"""Share of passages that are called right: of the article that answers, of any other one.

A few slips of those who judge, and a few articles that answer although another is meant; so
whether an answer is called right follows from what was shown."""
VISITORS_JUDGE, STAFF_JUDGE = 0.38, 0.07
"""Share of shown passages that visitors judge, and of all that staff do."""

SENTENCES = (
    "{phrase}",
    "{phrase}, what can I do?",
    "Hello, {phrase}",
    "I need help: {phrase}",
)


def sentence(question: Question, luck: float) -> str:
    """Return a question as somebody types it into a talk; each in one way of its own."""
    place = int(luck * luck * len(question.phrases))
    phrase = question.phrases[place]
    if question.language != "en":
        return phrase
    return SENTENCES[place % len(SENTENCES)].format(phrase=phrase)

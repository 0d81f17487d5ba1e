"""How each invented agent writes: with a greeting, restating, saying what comes next."""

import numpy as np

from supportops.demo.core.quality import AGENTS

HABIT = 0.72
"""Chance that an agent of the floor's level does one of these; a point adds 2.5 %."""
GREETINGS = ("Hello {name},", "Hi {name},", "Good morning {name},")
NEXT_STEPS = (
    "I will write to you again by tomorrow noon.",
    "Please write back if it happens again, and I will look at once.",
    "Next I will ask our technical team and let you know what they say.",
)


def voiced(
    body: str,
    *,
    random: np.random.Generator,
    agent: str,
    customer: str,
    subject: str,
    is_first: bool,
) -> str:
    """Return the reply as this agent would send it.

    Parameters
    ----------
    body : str
        What is said.
    random : Generator
    agent : str
        User name; decides how often each habit is kept.
    customer : str
        Full name; greeted by the first.
    subject : str
        Restated in a first reply.
    is_first : bool
    """
    start, end = AGENTS.get(agent, (0.0, 0.0))
    chance = HABIT + (start + end) / 2 * 0.025
    greets, restates, goes_on = random.random(3) < chance
    lines = []
    if greets:
        greeting = GREETINGS[int(random.integers(len(GREETINGS)))]
        lines.append(greeting.format(name=customer.partition(" ")[0]))
    if is_first and restates:
        lines.append(f"You write about “{subject}”. {body}")
    else:
        lines.append(body)
    if goes_on:
        lines.append(NEXT_STEPS[int(random.integers(len(NEXT_STEPS)))])
    return "\n\n".join(lines)

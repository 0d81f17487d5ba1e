"""How people really type: shorter, longer, and with a slip."""

from collections.abc import Sequence

import numpy as np

from supportops.demo.core.questions import ENDINGS, OPENINGS, Question

SLIPS_PER_PHRASE = 1
LONGEST = 60
# What becomes of a phrase: typed as it is, begun or ended with more words, with a slip.
PLAIN, OPENED, ENDED = 0.62, 0.14, 0.08


def slip(text: str, random: np.random.Generator) -> str:
    """Return a text with two letters swapped, one lost, or one typed twice."""
    places = [at for at in range(1, len(text) - 1) if text[at : at + 2].isalpha()]
    if not places:
        return text
    at = int(random.choice(places))
    kind = random.integers(3)
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at] * (kind - 1) * 2 + text[at + 1 :]


def ways(
    question: Question, random: np.random.Generator
) -> tuple[list[str], np.ndarray]:
    """Return what people type for a question, each text once, and how often each.

    Frequent phrases stand first and fall off as one over their place, as searches do.
    """
    weights: dict[str, float] = {}
    for place, phrase in enumerate(question.phrases):
        often = 1 / (1 + place)
        # The words around a phrase are English ones.
        is_english = question.language == "en"
        typed = _typed(phrase, random) if is_english else [(phrase, 1.0)]
        for text, share in typed:
            short = text[:LONGEST].strip()
            weights[short] = weights.get(short, 0.0) + often * share
    shares = np.array(list(weights.values()))
    return list(weights), shares / shares.sum()


def _typed(phrase: str, random: np.random.Generator) -> Sequence[tuple[str, float]]:
    opening = str(random.choice(OPENINGS))
    ending = str(random.choice(ENDINGS))
    slips = [slip(phrase, random) for _ in range(SLIPS_PER_PHRASE)]
    rest = (1 - PLAIN - OPENED - ENDED) / SLIPS_PER_PHRASE
    return [
        (phrase, PLAIN),
        (f"{opening} {phrase}", OPENED),
        (f"{phrase} {ending}", ENDED),
        *((text, rest) for text in slips),
    ]

"""Capitals of a gap's title: customers type none, and a subject may be all capitals."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def written_forms(texts: Iterable[str]) -> dict[str, str]:
    """Tell which words are written with capitals inside, such as ``SSO`` or ``QuickBooks``.

    Parameters
    ----------
    texts : iterable of str
        Subjects of tickets, titles and keywords of articles. Those that are nothing but
        capitals are shouted, and say nothing; a single word is taken as an acronym.

    Returns
    -------
    dict of str to str
        The form of each word, by the word in lower case: the most frequent one, if it has
        a capital after its first letter; of equals the first by alphabet.

    Examples
    --------
    >>> written_forms(["SSO with Okta", "Is it IT?", "Does it work", "URGENT HELP"])
    {'sso': 'SSO'}
    """
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        words = _WORD.findall(text)
        if len(words) == 1 or not text.isupper():
            for word in words:
                counted[word.lower()][word] += 1
    most = {
        word: min(forms, key=lambda form: (-forms[form], form))
        for word, forms in counted.items()
    }
    return {word: form for word, form in most.items() if form[1:] != form[1:].lower()}


def sentence_case(text: str, forms: Mapping[str, str]) -> str:
    """Return a text with a capital first, and the words of ``forms`` as written there.

    What has capitals of its own keeps them, unless it is nothing but capitals.

    Examples
    --------
    >>> sentence_case("set up sso", {"sso": "SSO"})
    'Set up SSO'
    """
    words = _WORD.findall(text)
    if len(words) > 1 and text.isupper():
        text = text.lower()
    text = _WORD.sub(lambda found: forms.get(found[0].lower(), found[0]), text)
    # “iOS 18 crashes” begins as it is written.
    if words and words[0].lower() in forms:
        return text
    return text[:1].upper() + text[1:]

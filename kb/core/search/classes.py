"""Small classes of words that mean the same in every trade: ``2``, ``two``, ``twice``.

Stemming joins the regular forms of a word; the irregular ones customers use most, numbers in
words and figures, and a few everyday names for the same thing are joined here. What belongs
to a trade is for the synonyms that its staff keep.
"""

from kb.core.search.documents import Synonym

_ENGLISH = (
    "1|one", "2|two", "3|three", "4|four", "5|five", "6|six", "7|seven", "8|eight",
    "9|nine", "10|ten", "1st|first", "2nd|second", "3rd|third",
    "twice|double|2x|two times|2 times|2 x|duplicate",
    "pay|paid|payment", "send|sent", "forget|forgot|forgotten", "lose|lost|gone", "buy|bought",
    "choose|chose|chosen", "write|wrote|written", "break|broke|broken", "begin|began|begun",
    "find|found", "speak|spoke", "hide|hidden", "steal|stolen", "freeze|frozen",
    "receive|arrive", "bill|charge", "refund|money back",
    "sign in|log in|login|signin", "sign out|log out|logout", "phone|mobile",
)  # fmt: skip
_GERMAN = (
    "1|eins", "2|zwei", "3|drei", "4|vier", "5|fünf",
    "zweimal|doppelt|2 mal|zwei mal|2x", "zahlen|bezahlen|bezahlt|zahlung",
    "anmelden|einloggen|login", "abmelden|ausloggen|logout", "passwort|kennwort",
)  # fmt: skip

# Who writes "mail" means an e-mail; who writes "email" seldom means the post.
_ONE_WAY = (Synonym("mail", ("email",), is_one_way=True),)

SMALL_CLASSES = (
    *(
        Synonym(words[0], tuple(words[1:]), language=language)
        for language, classes in (("en", _ENGLISH), ("de", _GERMAN))
        for words in (each.split("|") for each in classes)
    ),
    *_ONE_WAY,
)

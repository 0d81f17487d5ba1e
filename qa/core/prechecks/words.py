"""Words and turns of phrase that pre-checks look for. English."""

import re
from collections.abc import Iterator

FUNCTION_WORDS = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "get",
        "got",
        "had",
        "has",
        "have",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "let",
        "me",
        "more",
        "my",
        "no",
        "not",
        "now",
        "of",
        "off",
        "on",
        "one",
        "only",
        "or",
        "our",
        "out",
        "over",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "too",
        "up",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "yours",
        "am",
        "yet",
        "may",
        "might",
        "must",
        "shall",
        "being",
        "having",
    ]
)
EMPTY_WORDS = FUNCTION_WORDS | frozenset(
    [
        "hi",
        "hello",
        "hey",
        "dear",
        "thanks",
        "thank",
        "please",
        "regards",
        "best",
        "kind",
        "kindly",
        "sincerely",
        "cheers",
        "help",
        "issue",
        "problem",
        "question",
        "request",
        "ticket",
        "support",
        "team",
        "customer",
        "service",
        "contact",
        "contacting",
        "reach",
        "reaching",
        "message",
        "email",
        "mail",
        "need",
        "want",
        "like",
        "know",
        "see",
        "look",
        "looking",
        "make",
        "made",
        "using",
        "use",
        "used",
        "still",
        "today",
        "yesterday",
        "tomorrow",
        "time",
        "day",
        "days",
        "week",
        "morning",
        "sorry",
        "understand",
        "anything",
        "something",
        "nothing",
        "everything",
        "everyone",
        "someone",
        "able",
        "trying",
        "try",
        "tried",
        "work",
        "working",
        "works",
        "happen",
        "happened",
        "happens",
        "getting",
        "since",
        "though",
        "really",
        "well",
        "good",
        "great",
        "sure",
        "back",
        "new",
        "way",
        "thing",
        "things",
        "appreciate",
        "hear",
        "know",
        "let",
    ]
)

_APOSTROPHES = "'’"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_APOSTROPHES}][^\W\d_]+)*|\d[\w.]*", re.UNICODE)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*", re.UNICODE)

GREETING = re.compile(
    r"^\W{0,3}(?:(?:hi|hello|hey|dear|greetings|good\s+(?:morning|afternoon|evening|day))\b"
    r"(?:\s+and\s+welcome\b|\s+there\b)?)",
    re.IGNORECASE,
)
NAME_AFTER = re.compile(
    r"[\s,]*(?:(?:mr|mrs|ms|miss|dr|prof)\.?\s+)?(?P<name>[^\W\d_][\w'’.-]*)",
    re.UNICODE,
)
NOBODY = frozenset(
    [
        "there",
        "all",
        "team",
        "everyone",
        "everybody",
        "sir",
        "madam",
        "customer",
        "client",
        "user",
        "folks",
        "friend",
        "guys",
        "support",
        "helpdesk",
        "colleague",
        "valued",
        "again",
        "and",
        "to",
        "we",
        "i",
        "thank",
        "thanks",
        "how",
        "my",
        "our",
        "this",
        "your",
        "it",
        "you",
        "the",
        "for",
        "in",
        "on",
        "as",
        "welcome",
        "hope",
    ]
)
TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "prof", "sir"])

RESTATING = re.compile(
    r"\b(?:i|we)\s+(?:understand|see|gather|read|noticed)\b"
    r"|\b(?:sorry|apologi[sz]e)\b[^.!?\n]{0,40}\b(?:hear|that|about|for|with|you)\b"
    r"|\byou(?:['’]re|['’]ve|\s+are|\s+have|\s+were|\s+had)?\s+"
    r"(?:mention\w*|wrote|writ\w*|report\w*|said|describ\w*|ask\w*|see\w*|get\w*|unable|"
    r"experienc\w*|having|cannot|can['’]t|could\s*n['’]t|tried|trying|need|want\w*)\b"
    r"|\b(?:regarding|concerning|as\s+to)\b"
    r"|\b(?:looks|sounds|seems)\s+(?:like|as|that)\b"
    r"|\bthank\w*\b[^.!?\n]{0,20}\b(?:reporting|letting|telling|flagging|raising)\b"
    r"|\byour\s+(?:issue|request|question|problem|report|ticket|message)\b"
    r"|\blet\s+me\s+make\s+sure\b|\bto\s+confirm\b",
    re.IGNORECASE,
)

_WE = r"\b(?:i|we)(?:['’]ll|\s+will|\s+shall|\s+am\s+going\s+to|\s+are\s+going\s+to|['’]m\s+going\s+to|['’]re\s+going\s+to)\b"
PROMISE = re.compile(
    _WE
    + r"|\byou(?:['’]ll|\s+will)\s+(?:receive|get|hear|see|find|be)\b"
    + r"|\blet\s+me\s+(?:check|look|find|investigate|ask|verify|get|see|confirm)\b"
    + r"|\bexpect\s+(?:an?\s+)?(?:update|answer|reply|fix)\b"
    + r"|\bour\s+\w+(?:\s+\w+)?\s+team\s+(?:will|is|are)\b"
    + r"|\b(?:next\s+steps?|from\s+here)\b",
    re.IGNORECASE,
)
INVITATION = re.compile(
    r"\b(?:let\s+(?:me|us)\s+know|feel\s+free|do\s*n['’]t\s+hesitate|hesitate\s+to"
    r"|if\s+(?:there(?:['’]s|\s+is)\s+anything|you\s+(?:have|need)\s+(?:any|further|more)))\b"
    r"|\banything\s+else\b|\b(?:any|further|other|more)\s+questions\b"
    r"|\bhow\s+are\s+you\b|\bhave\s+a\s+(?:nice|great|good|lovely)\b"
    r"|\bhere\s+to\s+help\b|\bhappy\s+to\s+help\b",
    re.IGNORECASE,
)
_DO = (
    r"try|click|open|go|follow|restart|reset|sign|log|check|make|send|reply|use|enter|"
    r"select|choose|update|install|run|download|clear|turn|press|visit|add|remove|set|"
    r"confirm|tell|attach|share|wait|provide|refresh|reload|navigate|upload|copy|"
    r"delete|disable|enable|call|write|test|give|ask|create|switch|change|upgrade"
)
INSTRUCTION = re.compile(
    rf"(?:^|\bplease\s+|\bkindly\s+|\bthen\s+|\bnow\s+|\bjust\s+|\bfirst,?\s+|^\W*\d+[.)]\s*|^\W*[-*•]\s*)"
    rf"(?:{_DO})\b(?!\s+(?:you|us\s+know)\b)"
    r"|\b(?:could|can|would)\s+you\s+(?:please\s+)?\w+"
    r"|\byou\s+(?:can|need\s+to|should|may)\s+(?:now\s+)?\w+"
    r"|\bif\s+(?:it|this|that|the\s+\w+)\s+(?:happens|comes|returns|persists|still|does|fails|occurs)\b",
    re.IGNORECASE,
)

RUDE = re.compile(
    r"\byou\s+(?:should\s+have|failed\s+to|did\s*n['’]t\s+(?:even|bother)|never\s+bothered)\b"
    r"|\bas\s+(?:i|we)(?:['’]ve|\s+have)?\s+(?:already\s+)?(?:said|told|stated|explained|mentioned)\b"
    r"|\b(?:as|like)\s+(?:already|previously)\s+(?:said|told|stated|explained|mentioned)\b"
    r"|\bi(?:['’]ve|\s+have)?\s+already\s+told\s+you\b|\blike\s+i\s+(?:said|told)\b"
    r"|\b(?:your|customer['’]s|user)\s+(?:own\s+)?(?:fault|mistake)\b"
    r"|\bnot\s+(?:my|our)\s+(?:problem|fault|job|business)\b"
    r"|\bobviously\b|\byou\s+people\b|\bcalm\s+down\b"
    r"|\b(?:stupid|ridiculous|nonsense|idiot\w*|dumb|silly\s+question|shut\s+up|damn|crap)\b"
    r"|\bread\s+the\s+(?:manual|instructions|documentation)\s+(?:first|before|next)\b"
    r"|\bthere(?:['’]s|\s+is)\s+nothing\s+(?:i|we)\s+can\s+do\b"
    r"|\bwast(?:e|ing)\s+(?:my|our)\s+time\b",
    re.IGNORECASE,
)
SHOUTING = re.compile(r"\b[A-Z]{4,}(?:\s+[A-Z]{2,}){2,}\b|!{3,}")
KIND = re.compile(
    r"\b(?:sorry|apologi[sz]e|apologies|thank\s+you|thanks|appreciate|i\s+understand|"
    r"we\s+understand|frustrating|annoying|inconvenience|glad|happy\s+to|pleasure|"
    r"no\s+worries|i\s+can\s+imagine|good\s+(?:catch|question)|i\s+know\s+how)\b",
    re.IGNORECASE,
)

QUOTE_STARTS = re.compile(
    r"^(?:>|\|\s|-{2,}\s*(?:original|forwarded|reply)\b|_{5,}\s*$|from:\s|sent\s+from\s+my\b"
    r"|on\s.{5,200}\bwrote:\s*$|##-|-- ?$)",
    re.IGNORECASE,
)
LETTERS_OF_OTHERS = frozenset("äöüßñçøåæœłşğıřžčěůőű")


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word in lower case with where it starts and ends."""
    for found in _WORD.finditer(text):
        yield found.group().lower().replace("’", "'"), found.start(), found.end()


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence starts and ends, without the space around it.

    A full stop inside a word (a version, a file, an address) ends none.
    """
    for found in _SENTENCE.finditer(text):
        part = found.group()
        start = found.start() + len(part) - len(part.lstrip())
        end = found.start() + len(part.rstrip())
        if end > start:
            yield start, end


def stem(word: str) -> str:
    """Take the commonest English endings off: enough to match "printers" with "print".

    Examples
    --------
    >>> [stem(word) for word in ("invoices", "printing", "crashed", "tries", "is")]
    ['invoic', 'print', 'crash', 'tri', 'is']
    """
    for ending, least in (
        ("ies", 2), ("ing", 3), ("ed", 3), ("ers", 3), ("er", 4), ("es", 3), ("s", 3),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= least:
            if ending == "s" and word.endswith("ss"):
                break
            word = word[: -len(ending)] + ("i" if ending == "ies" else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return (
        word[:-1] + "i"
        if word.endswith("y") and len(word) > 3
        else word.removesuffix("e")
    )


def is_english(text: str) -> bool | None:
    """Return whether a text is English; None when it is too short to tell.

    English runs on a few dozen small words: a fifth of a normal text at least. Letters
    that it does not use speak against it.
    """
    found = [word for word, _start, _end in words(text)]
    if len(found) < 6:
        return None
    share = sum(word in FUNCTION_WORDS for word in found) / len(found)
    foreign = sum(bool(set(word) & LETTERS_OF_OTHERS) for word in found) / len(found)
    return share >= 0.2 and foreign < 0.08

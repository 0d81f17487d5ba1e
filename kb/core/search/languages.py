"""Stemmers and words without a topic of their own, by language."""

from functools import cache
from types import MappingProxyType

import snowballstemmer

from kb.core.search.everyday import EVERYDAY_WORDS

STEMMERS = MappingProxyType(
    {
        "ar": "arabic",
        "ca": "catalan",
        "cs": "czech",
        "da": "danish",
        "de": "german",
        "el": "greek",
        "en": "english",
        "es": "spanish",
        "et": "estonian",
        "eu": "basque",
        "fa": "persian",
        "fi": "finnish",
        "fr": "french",
        "ga": "irish",
        "hi": "hindi",
        "hu": "hungarian",
        "hy": "armenian",
        "id": "indonesian",
        "it": "italian",
        "lt": "lithuanian",
        "nb": "norwegian",
        "ne": "nepali",
        "nl": "dutch",
        "no": "norwegian",
        "pl": "polish",
        "pt": "portuguese",
        "ro": "romanian",
        "ru": "russian",
        "sr": "serbian",
        "sv": "swedish",
        "ta": "tamil",
        "tr": "turkish",
    }
)
_STOP_WORDS = {
    "en": "a about am an and any anyone are as at be been being but by can cannot cant could "
    "couldnt did didnt do does doesnt dont for from get had has hasnt have havent hello help "
    "hi how i id if im in into is isnt it its ive just like me my need of on or our please so "
    "some someone thanks that the their them there they this to trying us want was wasnt way "
    "we were werent what whats when where which who why will with wont would wouldnt you your",
    "de": "aber alle als am an auch auf aus bei bin bitte das dass dem den der des die dies "
    "diese diesen du ein eine einem einen einer er es für habe haben hat hallo ich ihr im "
    "in ist kann können mein meine meinem meinen mich mir mit muss nach oder sich sie sind "
    "so soll über um und uns von wann war warum was wenn wer werden wie wir wird wo zu zum zur",
    "es": "a al como con cuando de del donde el ella en es está esta este esto ha hay hola "
    "la las le lo los me mi mis muy no nos o para pero por porque puede puedo que qué se si "
    "sin son su sus te tengo tiene un una uno y ya yo",
    "fr": "ai au aux avec bonjour ce ces cette comment dans de des du elle en est et être il "
    "ils je la le les leur ma mais me merci mes mon ne nous on ou où par pas peut peux pour "
    "pourquoi puis quand que quel quelle qui sa se ses si son sont sur ta te tu un une vous",
    "it": "a ai al alla che chi ci come con cosa da dal de del della di dove e è gli ha ho i "
    "il in io la le lo ma mi mia mio nel non o per perché più posso puoi quando se si sono "
    "su un una uno",
    "nl": "aan als bij dat de deze die dit door een en er het hoe ik in is je kan kunnen maar "
    "met mijn moet naar niet of om ook op te uit van voor waar waarom wanneer wat we wie "
    "wij ze zijn",
    "pt": "a ao aos as como com da das de do dos e é ela ele em está eu foi isso isto la lhe "
    "mas me meu minha na não no nos o olá onde os ou para pode por porque posso quando que "
    "se sem são seu sua um uma você",
}

EVERY_STOP_WORD = frozenset(" ".join(_STOP_WORDS.values()).split())
# They tell something, so they are searched for; yet nobody misspells another word so.
_COMMON = (
    "again all already also always another back bad before best better both came come "
    "done down else even ever every find found gave give gives given gone good got here "
    "keep kept know last left less long lose lost made make many maybe more most much must "
    "near never next nobody none nothing now off old once one only open other over own "
    "said same see seen sent should show since still stop such take taken tell than then "
    "these thing think those though today told too took tried under until upon used very "
    "went were while without works wrong yes yet "
    "anders andere dann doch etwas fehlt funktioniert ganz geben gehen geht gibt ging gut "
    "hier hilfe immer jetzt kein keine keinen kommt lassen leider macht mal man mehr nichts "
    "noch nur ohne schon sehr seit sollte trotzdem weg weil weiter wieder wirklich"
)
COMMON_WORDS = EVERY_STOP_WORD | frozenset(_COMMON.split()) | EVERYDAY_WORDS
# They are searched for too, yet say next to nothing of what an article is about.
WEAK_WORDS = frozenset(
    [
        "again",
        "already",
        "also",
        "always",
        "even",
        "ever",
        "every",
        "many",
        "more",
        "most",
        "much",
        "now",
        "often",
        "only",
        "other",
        "per",
        "quite",
        "really",
        "same",
        "since",
        "soon",
        "still",
        "such",
        "than",
        "then",
        "these",
        "those",
        "though",
        "today",
        "very",
        "yet",
        "auch",
        "immer",
        "jetzt",
        "mal",
        "mehr",
        "noch",
        "nur",
        "schon",
        "sehr",
        "viel",
        "viele",
        "wieder",
        "wirklich",
    ]
)
_ENDINGS = ("s", "es", "n", "en", "e", "er", "ed", "ing")


def is_other_form(word: str, other: str) -> bool:
    """Whether one word is the other with an ending, such as a plural."""
    short, long = sorted((word, other), key=len)
    return long.startswith(short) and long[len(short) :] in _ENDINGS


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words that a search of that language may leave out; empty where none are known."""
    return frozenset(_STOP_WORDS.get(base_of(language), "").split())


def base_of(language: str) -> str:
    """``pt`` for ``pt-BR``."""
    return language.lower().replace("_", "-").partition("-")[0]


@cache
def _stemmer(language: str) -> object:
    # A page in Japanese or Thai writes its foreign words in English.
    return snowballstemmer.stemmer(STEMMERS.get(base_of(language), "english"))


def stem(word: str, language: str) -> str:
    """Return the Snowball stem of a folded word.

    Parameters
    ----------
    word : str
        One folded word.
    language : str
        Code such as ``de`` or ``pt-BR``; English where there is no stemmer.
    """
    return str(_stemmer(language).stemWord(word))  # type: ignore[attr-defined]

"""Whether a text asks for a person, in the words that people use with an assistant.

A rule, not a guess: every word of a clause is known, one of them names a person, and
nothing is left that the clause could be about instead. "Can I talk to a human?" asks for a
person; "How do I add a person to my team?" has a team to be about and is a question.
English, German, French, Spanish and Japanese.
"""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from kb.core.search.languages import COMMON_WORDS
from kb.core.search.text import fold, plain, without_accents, words_of

PERSON, STAFF, TALK, WANT, BOT, NOT, SMALL, OTHER = "PSTWBNFX"
"""The kinds of words. ``STAFF`` may be a topic too: "support" alone asks for nobody."""

_WORDS = {
    PERSON: """
        human person humans representative rep operator agent
        mensch menschen person personen ansprechpartner ansprechpartnerin sachbearbeiter
        sachbearbeiterin
        humain humaine personne conseiller conseillere operateur interlocuteur
        humano humana persona agente asesor asesora operador operadora
    """,
    STAFF: """
        someone somebody anyone anybody people support staff employee advisor adviser
        supporter manager supervisor
        jemand jemanden jemandem mitarbeiter mitarbeiterin mitarbeitern berater beraterin
        kundendienst kundenservice kundenbetreuer kundenberater supportteam kollege
        kollegen kollegin
        quelqu'un alguien soporte
    """,
    TALK: """
        talk talking speak speaking spoken chat chatting connect connected transfer reach contact call
        phone forward hand escalate redirect switch pass put
        sprechen reden verbinden verbinde verbindet durchstellen weiterleiten chatten
        telefonieren kontaktieren erreichen ubergeben anrufen weiterverbinden
        parler discuter contacter joindre appeler transferer
        hablar chatear contactar comunicarme transferir llamar
    """,
    WANT: """
        please pls plz want wanna need needs give get let like prefer give gimme
        bitte mochte moechte will brauche brauch wunsche hatte geben gib
        voudrais veux besoin svp prefere
        quiero quisiera necesito prefiero favor
    """,
    BOT: """
        bot bots robot chatbot machine computer ai ki roboter maschine computer
        assistant assistent automat maquina
    """,
    NOT: "not no never dont stop without instead nicht kein keine keinen keinem ohne statt pas sans non sin",
    SMALL: """
        can could may might would will shall i id we you your me us my the a an to with
        on over over up by at of for is are am be there it this that how do does where
        who is possible able just only now right directly instead again actually really
        real live actual proper being beings rather soon immediately asap id im ill been have had hello hi hey dear thanks thank ok okay yes through from
        help some else here back so and but or why cant
        cannot
        kann konnte koennte konnen koennen konnten durfte darf wurde wurden gern hilfe ich wir sie du mir mich uns man ein eine
        einen einem einer echten echter echte echtem richtigen richtiger richtige vom von
        mit zu zum zur an den dem der die das es ist gibt hier jetzt lieber gern gerne
        direkt mal doch sofort endlich hallo guten tag danke wie wo nur personlich und
        aber oder einfach nochmal euch ihnen am liebsten telefon telefonisch
        moglich sein lassen
        je j'ai j'aimerais puis pourrais peux on peut nous un une vrai vraie avec au a la
        le bonjour merci s'il vous plait te de d'un comment maintenant est ce que
        que por con una un el la al puedo podria puede se me hola gracias ahora real
        aqui como
        wieso warum auf en
    """,
}  # fmt: skip
_KIND = {
    without_accents(plain(word)): kind
    for kind in (SMALL, NOT, BOT, WANT, TALK, STAFF, PERSON)
    for word in _WORDS[kind].split()
}
# A slip is looked past in the words that decide, where it makes no other common word.
_SLIPPING = sorted(
    word
    for word, kind in _KIND.items()
    if kind in {PERSON, STAFF, TALK} and len(word) >= 4
)
_TWO_SLIPS = 8
_NO_SLIPS = """
    agents agenda agency personal personnel persons operators operating operation chats
    calls talks parlez personas agentes supported supports reached contacts
"""
_OTHER_WORDS = frozenset(_NO_SLIPS.split())
_CLAUSE_END = re.compile(
    r"[.!?;:,\n。！？、，]+|\b(?:because|about|regarding|concerning|wegen|weil|denn|"
    r"bezüglich|bzgl|parce que|porque|sobre|au sujet)\b",
    re.IGNORECASE,
)
# "Are you a human?" asks what one talks to.
_ASKED_WHAT = re.compile(
    r"(?:are you|r u|is this|am i|do i|bist du|sind sie|ist das|spreche ich|rede ich"
    r"|es tu|etes vous|eres|es usted)\b"
)
_SUPPORT = re.compile(
    r"\b(?:customer (?:service|support|care)|help ?desk|(?:support|service) team)\b"
)
_AFTER_CONTACT = "to with a an the me us someone somebody anyone anybody support"
_TO = frozenset(_AFTER_CONTACT.split())

_JA_WHO = (
    r"(?:人間の|本物の)?(?:担当者|担当の(?:方|人|者)|ご担当者?様?|係(?:の(?:方|人|者)|員)|オペレーター?|人間|生身の人"
    r"|有人|スタッフ|サポート(?:の(?:方|人)|担当者?|スタッフ|センター)?|カスタマーサポート|誰か|だれか"
    r"|実際の人|本物の人|人)(?:の(?:方|人))?(?:さん|様)?"
)  # fmt: skip
_JA_DO = (
    r"(?:直接|電話で|チャットで|今すぐ|すぐに?)*"
    r"(?:(?:お)?(?:話|はな|喋|しゃべ)|相談|連絡|問い合わせ|つない|つなげ|つなぎ|繋|代わ|替わ|変わ|かわ"
    r"|切り替え|取り次|とりつ|対応|お願い|おねがい|ねがい|通話|チャット|会話|呼ん|呼び|やりとり"
    r"|電話)[ぁ-んー]*(?:下さい|頂け?[ぁ-ん]*|方法(?:は|を教えて(?:ください)?)?|可能(?:です)?か?)?"
)  # fmt: skip
_JA_REQUEST = re.compile(
    r"(?:.*?(?:について|に関して|の件で|ので|けど|けれど|ですが|から))?"
    r"(?:すみません|こんにちは|もう|やっぱり|やはり|できれば|とにかく|直接|今すぐ)*"
    r"(?:(?:ボット|AI|機械|ロボット|自動(?:応答|音声)?)(?:では|じゃ|で)?(?:なく(?:て)?|ない)?)?"
    rf"{_JA_WHO}(?:(?:と|に|へ|を|による|が|の)?{_JA_DO}|(?:希望|求む)(?:です|します)?"
    r"|(?:が|は)(?:いい|良い)(?:です)?)(?:か|ね|よ)?"
)
_JA_ALONE = re.compile(
    rf"オペレーター?|人間|有人(?:チャット|対応|サポート)|(?:直接|電話で){_JA_DO}"
)
_JA = re.compile(r"[぀-ヿ一-鿿]")


def asks_for_person(text: str) -> bool:
    """Say whether a text asks to be put through to a person.

    Parameters
    ----------
    text : str
        What somebody typed into the assistant; slips of the finger are looked past.

    Returns
    -------
    bool
        True where one clause asks for a person and for nothing else. What stands in the
        other clauses ("my invoice is wrong, …", "… about my invoice") does not matter.

    Examples
    --------
    >>> asks_for_person("can I talk to a human")
    True
    >>> asks_for_person("how do I add a person to my team")
    False
    >>> asks_for_person("担当者と話したい")
    True
    """
    text = unicodedata.normalize("NFKC", text)
    clauses = [each for each in _CLAUSE_END.split(text) if each and each.strip()]
    if any(_JA.search(clause) for clause in clauses):
        return _asks_in_japanese(clauses)
    kinds = [_kinds_of(clause) for clause in clauses]
    if any(_is_request(each) for each in kinds):
        return True
    return bool(kinds) and _names_only("".join(kinds))


def _asks_in_japanese(clauses: Iterable[str]) -> bool:
    whole = ["".join(clause.split()) for clause in clauses]
    if len(whole) == 1 and _JA_ALONE.fullmatch(whole[0]):
        return True
    return any(_JA_REQUEST.fullmatch(each) for each in whole)


def _kinds_of(clause: str) -> str:
    """Return one letter for each word of a clause."""
    words = [without_accents(plain(fold(word))) for word in words_of(clause)]
    words = _SUPPORT.sub("support", " ".join(words)).split()
    if _ASKED_WHAT.match(" ".join(words)):
        return OTHER
    kinds = [_kind(word) for word in words]
    for at, word in enumerate(words):
        # "The contact person" is somebody in the customer's own settings.
        if word == "contact" and not _TO.intersection(words[at + 1 : at + 2]):
            kinds[at] = OTHER
    return "".join(kinds)


def _kind(word: str) -> str:
    known = _KIND.get(word)
    if known:
        return known
    if len(word) < 4 or word in COMMON_WORDS or word in _OTHER_WORDS:
        return OTHER
    near = [
        (OSA.distance(word, other), other)
        for other in _SLIPPING
        if abs(len(word) - len(other)) <= 2
    ]
    slips, other = min(near, default=(9, ""))
    allowed = 2 if len(word) >= _TWO_SLIPS else 1
    return _KIND[other] if slips <= allowed else OTHER


def _is_request(kinds: str) -> bool:
    """A clause of known words that says what is wanted, and a person."""
    if OTHER in kinds:
        return False
    wanted = TALK in kinds or WANT in kinds
    if NOT in kinds and BOT in kinds:
        return wanted or PERSON in kinds
    # "I do not want to talk to a person."
    if NOT in kinds and WANT in kinds:
        return False
    return wanted and (PERSON in kinds or STAFF in kinds)


def _names_only(kinds: str) -> bool:
    """A text that is nothing but the person: "human", "a real person", "agent!"."""
    is_refusing = NOT in kinds and BOT not in kinds
    return OTHER not in kinds and PERSON in kinds and not is_refusing

"""Asking the assistant for a person, in several languages and with slips."""

import pytest

from kb.core.person_requests import asks_for_person

REQUESTS = """
can I talk to a human
agent please
human
no bot please
not a bot, a human
I don't want to talk to a bot
why can't I talk to a person?
let me speak with a real person
tlak to a humen
can i tlak to a persn
speak to a representitive
customer support please
contact customer service
how do I contact a person
speak to your manager
i'd rather talk to a person
I want to speak with an agent immediately
could I please be connected to a representative?
this is useless. human please
My invoice is wrong, I want to talk to a human
I want to talk to a human about my invoice
Can I speak to an actual human being because nothing works
ich möchte mit einem Menschen sprechen
ich moechte mit einem Menshcen sprechen
ich möchte nicht mit einem Bot sprechen
Mitarbeiter bitte
Gibt es hier einen Menschen?
ich brauche Hilfe von einem Menschen
Ich würde gerne mit jemandem sprechen
verbinden Sie mich bitte mit einem Mitarbeiter
Meine Rechnung stimmt nicht, ich möchte mit jemandem reden
担当者と話したい
担当者と話しをしたい
オペレーターにつないでください
オペレータ
人と話したいです
人間の担当者をお願いします
電話で話したい
請求書について担当者と話したい
ボットではなく人と話したい
有人チャット
je voudrais parler à un humain
quiero hablar con una persona
"""

QUESTIONS = """
how do I add a person to my team
who is the agent on my ticket
agents
agent settings
invite an agent
I need another agent licence
contact person
change the contact person
support
I need support for SAML
please help
are you human?
am I talking to a human?
the bot does not answer
I do not want to talk to a person
do not contact me
how can I let customers talk to a human
how do I assign a ticket to a person
how do I transfer a ticket to another agent
can I talk to an agent in a private note
can a person have two accounts
personal data
can I have two agents
I have been charged twice
manager role
電話番号を変更したい
電話で
wie füge ich eine Person zu meinem Team hinzu
Mitarbeiter
Mitarbeiter einladen
Ansprechpartner ändern
Ich möchte nicht mit einem Menschen sprechen
担当者
担当者を変更したい
担当者に連絡先を追加する
チームに人を追加する方法
オペレーターの追加
人に見られたくない
comment ajouter une personne
agregar una persona al equipo
"""


@pytest.mark.parametrize("text", REQUESTS.strip().splitlines())
def test_asks_for_person_knows_requests(text) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize("text", ["", "?!", *QUESTIONS.strip().splitlines()])
def test_asks_for_person_leaves_questions_alone(text) -> None:
    assert not asks_for_person(text)


def test_asks_for_person_reads_capitals_and_full_width_letters_alike() -> None:
    assert asks_for_person("AGENT PLEASE!!!")
    assert asks_for_person("ｈｕｍａｎ　ｐｌｅａｓｅ")

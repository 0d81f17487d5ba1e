"""Written replies, and what each rule must say of them."""

from pathlib import Path

import pytest

from qa.core.prechecks import Known, Said, precheck
from qa.core.prechecks.words import is_english, sentences, stem

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
QUESTION = "The invoice export is empty since Friday. Which invoices are affected?"


def said(*replies, question=QUESTION):
    """A customer's question (message 1) and the agent's replies (2, 3, …)."""
    return [
        Said(1, "in", False, question),
        *(Said(n, "out", True, text) for n, text in enumerate(replies, start=2)),
    ]


def finding(name, *replies, question=QUESTION, **known):
    known = {"customer": "Marta Silva", **known}
    return precheck([name], said(*replies, question=question), Known(**known))[name]


def passage(found, *replies):
    texts = {each.id: each.text for each in said(*replies)}
    return [texts[span.message][span.start : span.end] for span in found.spans]


# Greeting ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "found", "reason", "quoted"),
    [
        ("Hi Marta,\nthanks for writing.", True, "by_name", "Hi Marta"),
        ("Hello Ms. Silva, thank you.", True, "by_name", "Hello Ms. Silva"),
        ("\n\nGood morning, Marta!\nIt works.", True, "by_name", "Good morning, Marta"),
        ("Dear Marta Silva,\nplease see below.", True, "by_name", "Dear Marta Silva"),
        ("hey marta, one moment", True, "by_name", "hey marta"),
        ("Hi there,\nthanks.", False, "no_name", "Hi there"),
        ("Dear customer,\nthanks for it.", False, "no_name", "Dear"),
        ("Hello,\nwe looked at it.", False, "no_name", "Hello"),
        ("Hi, I will look at it now.", False, "no_name", "Hi"),
        ("The export works again.", False, "no_greeting", "The export works again."),
        ("Hi Tina,\nthanks for writing.", None, "other_name", "Hi Tina"),
        ("> Hi Marta,\nIt is mended.", False, "no_greeting", "It is mended."),
        ("History of Marta\nis long.", False, "no_greeting", "History of Marta"),
    ],
)
def test_greeting_of_a_customer_whose_name_is_known(reply, found, reason, quoted):
    result = finding("greeting", reply)

    assert (result.found, result.reason) == (found, reason)
    assert passage(result, reply) == [quoted]


def test_greeting_of_a_customer_without_a_name():
    assert finding("greeting", "Hi Jo,\nthanks.", customer="").found is True
    assert finding("greeting", "Hi,\nthanks.", customer="").reason == "name_unknown"
    assert finding("greeting", "Hi there,", customer="j.doe@example.com").found is None


def test_greeting_looks_at_the_first_reply_of_the_reviewed_agent_only():
    conversation = [
        Said(1, "in", False, QUESTION),
        Said(2, "out", False, "Hello, we got your request."),
        Said(3, "internal", True, "Looks like the old export bug."),
        Said(4, "out", True, "Hi Marta, this is mended."),
        Said(5, "out", True, "Did it work?"),
    ]

    found = precheck(["greeting"], conversation, Known(customer="Marta Silva"))

    assert [span.message for span in found["greeting"].spans] == [4]


def test_no_reply_of_the_agent_is_cannot_tell():
    conversation = [Said(1, "in", False, QUESTION), Said(2, "internal", True, "Hi.")]
    names = ["greeting", "restated", "next_steps", "tone"]

    found = precheck(names, conversation, Known())

    assert [(each.found, each.reason) for each in found.values()] == [
        (None, "no_reply")
    ] * 4


# Restated ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        "Hi Marta, I understand that the export has been empty for some days.",
        "Hi Marta,\nsorry to hear that your invoices do not export.",
        "It looks like exporting gives you nothing at all.",
        "You write about “invoice export is empty”. I am on it.",
        "Regarding the missing invoices: we are looking at the server.",
        "Since Friday every export of an invoice came out empty; this is mended.",
    ],
)
def test_restated_where_a_sentence_takes_up_the_question(reply):
    result = finding("restated", reply)

    assert (result.found, result.reason) == (True, "shares_words")
    assert len(result.spans) == 1


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ("Hi Marta,\nthanks for writing. A colleague will look at it soon.", False),
        ("Please clear your browser cache and try again.", False),
        ("Please open Settings, then press Export once more.", None),
    ],
)
def test_not_restated_or_a_weak_sign(reply, found):
    assert finding("restated", reply).found is found


def test_restated_ignores_what_was_quoted_from_the_customer():
    reply = f"It is mended now, thanks for your patience.\n\nOn Mon, Marta wrote:\n> {QUESTION}"

    assert finding("restated", reply).found is False


def test_restated_needs_an_opening_with_something_in_it():
    result = finding("restated", "I understand that it hurts.", question="Help me!")

    assert (result.found, result.reason) == (None, "opening_too_short")


# Next steps -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "reason", "quoted"),
    [
        ("It is mended. I will write again by noon.", "promise", "I will write again by noon."),
        ("We'll keep an eye on it.", "promise", "We'll keep an eye on it."),
        ("Let me check that with our team.", "promise", "Let me check that with our team."),
        ("You will receive the file by mail.", "promise", "You will receive the file by mail."),
        ("Please restart the app.", "instruction", "Please restart the app."),
        ("Go to Settings > Export.", "instruction", "Go to Settings > Export."),
        ("1. Open the menu", "instruction", "Open the menu"),
        ("If it happens again, write to me.", "instruction", "If it happens again, write to me."),
        ("Fine so far. Which version is it?", "question", "Which version is it?"),
        ("Version 3.2.1 is out. Could you try it?", "instruction", "Could you try it?"),
    ],
)  # fmt: skip
def test_next_steps_are_a_promise_an_instruction_or_a_question(reply, reason, quoted):
    result = finding("next_steps", reply)

    assert (result.found, result.reason) == (True, reason)
    assert passage(result, reply) == [quoted]


@pytest.mark.parametrize(
    ("reply", "found", "reason"),
    [
        ("The export works again. It was a full disk.", False, "no_step"),
        (
            "It works. Let me know if you have any other questions.",
            None,
            "only_invites",
        ),
        ("Solved. Is there anything else I can help with?", None, "only_invites"),
        ("It works again.\n\n> Will you write to me?", False, "no_step"),
    ],
)
def test_no_next_step_and_a_mere_invitation(reply, found, reason):
    result = finding("next_steps", reply)

    assert (result.found, result.reason) == (found, reason)


def test_next_steps_looks_at_the_last_reply():
    result = finding("next_steps", "Please restart it.", "It was a full disk then.")

    assert result.found is False


# Tone -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "quoted"),
    [
        ("You should have read the guide, thanks.", ["You should have"]),
        ("As I already said, the disk is full.", ["As I already said"]),
        ("Obviously the cable was out. Sorry.", ["Obviously"]),
        ("That is not our problem.", ["not our problem"]),
        ("PLEASE READ THE GUIDE first.", ["PLEASE READ THE GUIDE"]),
        ("Try again!!! Thanks", ["!!!"]),
    ],
)
def test_tone_is_wrong_with_blame_rudeness_or_shouting(reply, quoted):
    result = finding("tone", reply)

    assert (result.found, result.reason) == (False, "harsh")
    assert passage(result, reply) == quoted


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ("Sorry for the trouble, it works again.", True),
        ("Thank you for the logs.", True),
        ("The API returns a JSON and a CSV file over HTTPS.", None),
        ("The export works again.", None),
        ("It is mended.\n> You people are stupid", None),
    ],
)
def test_tone_is_right_with_thanks_and_cannot_tell_without(reply, found):
    assert finding("tone", reply).found is found


def test_tone_reads_every_reply_of_the_agent():
    result = finding("tone", "Thank you for writing.", "As I told you, it is full.")

    assert (result.found, [span.message for span in result.spans]) == (False, [3])


# Category and time ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "found", "reason"),
    [
        ({"category": ""}, False, "no_category"),
        ({"category": "Other", "is_catch_all": True}, False, "catch_all"),
        ({"category": "Billing / Invoices"}, True, "filed"),
    ],
)
def test_categorised(known, found, reason):
    result = finding("categorised", **known)

    assert (result.found, result.reason) == (found, reason)


@pytest.mark.parametrize(
    ("taken", "usual", "n", "found", "reason"),
    [
        (None, 3600, 50, None, "time_unknown"),
        (3600, 3600, 7, None, "few_to_compare"),
        (3600, None, 0, None, "few_to_compare"),
        (5400, 3600, 8, True, "usual"),
        (5401, 3600, 8, None, "longer"),
        (7200, 3600, 8, None, "longer"),
        (7201, 3600, 8, False, "much_longer"),
    ],
)
def test_handle_time_against_the_usual_one(taken, usual, n, found, reason):
    result = finding(
        "handle_time", handle_seconds=taken, usual_seconds=usual, usual_n=n
    )

    assert (result.found, result.reason) == (found, reason)


# Languages --------------------------------------------------------------------------------

GERMAN = "Guten Tag Frau Silva, der Export Ihrer Rechnungen ist seit Freitag leer."
FRENCH = "Bonjour Marta, votre export de factures est vide depuis vendredi, désolé."
SPANISH = "Hola Marta, la exportación de sus facturas está vacía desde el viernes."


@pytest.mark.parametrize("reply", [GERMAN, FRENCH, SPANISH])
def test_another_language_is_cannot_tell(reply):
    names = ["greeting", "restated", "next_steps", "tone"]
    known = Known(customer="Marta Silva")

    found = precheck(names, said(reply), known)

    assert {each.reason for each in found.values()} == {"other_language"}
    assert {each.found for each in found.values()} == {None}


def test_the_language_of_the_ticket_decides_where_it_is_known():
    assert finding("tone", "Sorry!", language="de").found is None
    assert finding("tone", "Sorry!", language="en-GB").found is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (QUESTION, True),
        ("It works again.", None),
        (GERMAN, False),
        (FRENCH, False),
        ("Der Drucker druckt nicht mehr und im Log steht nur Fehler 42.", False),
    ],
)
def test_is_english(text, expected):
    assert is_english(text) is expected


def test_unknown_rules_are_left_out():
    assert precheck(["", "astrology"], said("Hi"), Known()) == {}


def test_sentences_keep_versions_and_addresses_whole():
    text = "Version 3.2 is out. Mail a.b@c.org!\nDone"

    assert [text[a:b] for a, b in sentences(text)] == [
        "Version 3.2 is out.",
        "Mail a.b@c.org!",
        "Done",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("invoices", "invoice"),
        ("exporting", "export"),
        ("exported", "exports"),
        ("printers", "printing"),
        ("queries", "query"),
        ("stopped", "stop"),
        ("crashes", "crash"),
        ("updating", "updates"),
    ],
)
def test_stem_joins_forms_of_a_word(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("access", "acces s"), ("business", "busy")]
)
def test_stem_keeps_other_words_apart(one, other):
    assert stem(one) != stem(other)


# Real mail --------------------------------------------------------------------------------


def test_real_mail_is_neither_praised_nor_blamed_wrongly():
    folder = SHARED / "email" / "talon" / "standard_replies"
    if not folder.exists():
        pytest.skip("needs the mail samples beside the repository")
    texts = [path.read_text(errors="replace") for path in sorted(folder.glob("*.eml"))]

    for text in texts:
        _head, _, body = text.partition("\n\n")
        found = precheck(
            ["greeting", "tone", "next_steps"], said(body), Known(customer="Test User")
        )
        assert found["greeting"].found is not True
        assert found["tone"].found is not False

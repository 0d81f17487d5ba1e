"""The text that is signed, its fingerprint, and the typed name."""

from qa.coaching.core.plan_text import PlanText, fingerprint, is_name_of


def test_text_writes_sections_and_drops_empty_ones():
    text = PlanText("Plan: Ada", (("Concerns", ["Late", " "]), ("Support", [])))
    assert str(text) == "Plan: Ada\n\nCONCERNS\nLate\n"


def test_fingerprint_is_the_sha256_of_the_text():
    # Of "abc", as published with the standard (FIPS 180-4).
    assert fingerprint("abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_fingerprint_reads_line_ends_alike_and_nothing_else():
    assert fingerprint("a\r\nb") == fingerprint("a\nb")
    assert fingerprint("a b") != fingerprint("a  b")


def test_typed_name_may_differ_in_case_and_blanks_only():
    assert is_name_of(" ada  AGENT ", "Ada Agent") is True
    assert is_name_of("Ada", "Ada Agent") is False
    assert is_name_of("", "") is False

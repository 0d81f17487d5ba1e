import pytest

from kb.core.article_templates import (
    FAQ,
    HOW_TO,
    RELEASE_NOTES,
    TEMPLATES,
    TROUBLESHOOTING,
    places_left,
    template_of,
)
from kb.core.markdown import render
from kb.models import Kind

PER_KIND = pytest.mark.parametrize("kind", TEMPLATES)


def headings(kind):
    return [heading.text for heading in render(template_of(kind).body).contents]


def test_each_kind_of_article_has_a_template():
    assert list(TEMPLATES) == Kind.values


@PER_KIND
def test_template_is_sound_markdown(kind):
    rendered = render(template_of(kind).body)

    assert rendered.links == ()
    assert {heading.level for heading in rendered.contents} <= {2, 3}
    assert len({heading.anchor for heading in rendered.contents}) == len(
        rendered.contents
    )


@PER_KIND
def test_each_section_of_a_template_has_something_to_fill_in(kind):
    rendered = render(template_of(kind).body)
    empty = [section.heading for section in rendered.sections if not section.plain]

    # A section that only holds steps has its text under them.
    assert set(empty) <= {"Step by step", "First steps", "Solution", "Details", "What we recommend"}  # fmt: skip
    assert all(
        places_left(f"{section.heading} {section.plain}")
        for section in rendered.sections
        if section.plain
    )


@PER_KIND
def test_title_and_summary_fit_their_fields(kind):
    template = template_of(kind)

    assert 0 < len(template.title) <= 160
    assert 0 < len(template.summary) <= 300
    assert places_left(template.title)
    assert places_left(template.summary)


def test_how_to_leads_from_the_answer_over_the_steps_to_what_can_go_wrong():
    assert headings(HOW_TO) == [
        "Quick answer",
        "Before you start",
        "Step by step",
        "Step 1: [What to do]",
        "Step 2: [What to do]",
        "Step 3: [What to do]",
        "If something goes wrong",
        "What to do next",
    ]
    body = template_of(HOW_TO).body
    assert body.count("**Problem:**") == body.count("**Solution:**") == 2
    assert render(body).html.count("<br>") == 2


def test_troubleshooting_goes_from_problem_over_cause_to_solution():
    found = headings(TROUBLESHOOTING)
    order = [found.index(part) for part in ("Problem", "Cause", "Solution", "If this does not work")]  # fmt: skip

    assert order == sorted(order)


def test_questions_are_headings():
    assert all(heading.endswith("?]") for heading in headings(FAQ))


def test_release_notes_say_what_the_reader_must_do():
    assert "What you need to do" in headings(RELEASE_NOTES)


@pytest.mark.parametrize("kind", [HOW_TO, TROUBLESHOOTING])
def test_callouts_of_templates_are_boxes(kind):
    assert '<aside class="so-callout' in render(template_of(kind).body).html


def test_places_left_are_found_once_and_in_order():
    text = "## [Name]\n\n[One sentence.] [Name] - [ ] task [link](article:x) [mine]"

    assert places_left(text) == ("[Name]", "[One sentence.]")


def test_filled_text_has_no_places_left():
    assert places_left("## Quick answer\n\nChoose **Export**.\n\n- [x] done") == ()


def test_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="VIDEO"):
        template_of("VIDEO")

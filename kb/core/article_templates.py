"""What a new article starts from: one text a kind, with places to be filled in.

Title, summary, related articles, the way to reach a person, the date of the last change
and "was this helpful?" are parts of every page and so of no text. What stands in
[brackets] is for the author; `places_left` finds what was forgotten.
"""

from dataclasses import dataclass

GETTING_STARTED = "GETTING_STARTED"
HOW_TO = "HOW_TO"
TROUBLESHOOTING = "TROUBLESHOOTING"
REFERENCE = "REFERENCE"
FAQ = "FAQ"
RELEASE_NOTES = "RELEASE_NOTES"
BEST_PRACTICES = "BEST_PRACTICES"


@dataclass(frozen=True)
class Template:
    """How an article of one kind begins: examples of a title and summary, and its text."""

    title: str
    summary: str
    body: str


_HOW_TO = """\
## Quick answer

[The usual way in one or two sentences.]

## Before you start

- [What the reader needs: a role, a plan, a file.]
- [What must have been done before, with a link to the article.]

## Step by step

### Step 1: [What to do]

[Where to click or type, and what the reader sees then.]

[A picture of the page with the place marked.]

### Step 2: [What to do]

[Where to click or type, and what the reader sees then.]

> **Note:** [What is easily missed here. Take this out if nothing is.]

### Step 3: [What to do]

[How the reader can tell that it worked.]

## If something goes wrong

**Problem:** [What the reader sees, in the words of the message]\\
**Solution:** [What to do then]

**Problem:** [Another thing that happens often]\\
**Solution:** [What to do then]

## What to do next

[The step that usually follows, with a link to the article.]
"""

_GETTING_STARTED = """\
## What you will have done

[What works at the end, and how many minutes it takes.]

## Before you start

- [What the reader needs to have at hand.]

## First steps

### Step 1: [The first thing that shows a result]

[What to do, and what the reader sees then.]

[A picture of the page with the place marked.]

### Step 2: [What to do]

[What to do, and what the reader sees then.]

> **Tip:** [What can wait until later.]

## Check that it works

[One thing to try, and what it should show.]

## What to do next

- [The next article to read, with a link.]
- [One for those who are in charge of others, with a link.]
"""

_TROUBLESHOOTING = """\
## Problem

[What the reader sees: the message word for word, where, since when.]

## Quick answer

[What helps most often, in one or two sentences.]

## Cause

[Why it happens, as far as it helps to choose the solution.]

## Solution

### Step 1: [What to check or do first]

[How to do it, and what tells whether this was the cause.]

### Step 2: [What to do]

[How to do it, and how the reader can tell that it worked.]

> **Warning:** [What could be lost by this step. Take this out if nothing can.]

## If this does not work

1. [What else to try, the likeliest first.]
2. [What to send to support: the message, the time, the address of the page.]

## How to keep it from coming back

[What to change for good. Take this out if nothing helps.]
"""

_REFERENCE = """\
## What this describes

[Which part of the product, which version, and who needs it.]

## At a glance

| Name | What it does | Values | Default |
|---|---|---|---|
| [name] | [One sentence.] | [Allowed values, with unit] | [value] |

## Details

### [Name]

[What it does exactly, what it depends on, since when.]

## Example

```text
[A short example that works as it stands]
```

## Limits

- [Sizes, numbers, times, with unit.]

## Errors

| Message | Meaning | What to do |
|---|---|---|
| [Message word for word] | [Why it comes] | [What helps] |
"""

_FAQ = """\
## [A question as a customer asks it?]

[The answer in the first sentence. Then what it depends on.]

## [The next question?]

[The answer in the first sentence, with a link to the article that explains more.]

## [Another question?]

[The answer in the first sentence.]
"""

_RELEASE_NOTES = """\
## In short

[The one or two changes most customers will notice, and from which day.]

## New

- **[What it is]**: [what one can do with it, with a link to the article.]

## Changed

- **[What it is]**: [how it was, how it is now, and why.]

## Fixed

- [What went wrong, in the words customers used.]

## What you need to do

[Nothing, or: what, who, until when.]

> **Warning:** [What stops working, and on which day. Take this out if nothing does.]

## Known problems

- [What does not work yet, and what to do until it does.]
"""

_BEST_PRACTICES = """\
## Quick answer

[The recommendation in one or two sentences.]

## Whom this is for

[Team, size, situation; and when another way is better.]

## What we recommend

### [First recommendation]

[What to do, and what is gained by it.]

> **Tip:** [A setting or a habit that makes it easier.]

### [Second recommendation]

[What to do, and what is gained by it.]

## What to avoid

- [What looks reasonable and is not, and why.]

## Example

[How one team does it, with figures.]

## How to tell that it works

[Which figure to look at, and what it should be.]
"""

TEMPLATES = {
    GETTING_STARTED: Template(
        "Get started with [part of the product]",
        "[What a new customer can do after reading this, in one sentence.]",
        _GETTING_STARTED,
    ),
    HOW_TO: Template(
        "How do I [task in the customer's words]?",
        "[What the article covers, in one or two sentences.]",
        _HOW_TO,
    ),
    TROUBLESHOOTING: Template(
        "[What goes wrong, in the customer's words]",
        "[Who sees this problem and what helps, in one or two sentences.]",
        _TROUBLESHOOTING,
    ),
    REFERENCE: Template(
        "[Part of the product]: reference",
        "[What is listed here and for which version, in one sentence.]",
        _REFERENCE,
    ),
    FAQ: Template(
        "Questions about [subject]",
        "[Which questions are answered here, in one sentence.]",
        _FAQ,
    ),
    RELEASE_NOTES: Template(
        "What is new in [version or month]",
        "[The change most customers will notice, in one sentence.]",
        _RELEASE_NOTES,
    ),
    BEST_PRACTICES: Template(
        "How to get the most out of [part of the product]",
        "[What is recommended and for whom, in one or two sentences.]",
        _BEST_PRACTICES,
    ),
}


def template_of(kind: str) -> Template:
    """Return what an article of this kind starts from.

    Raises
    ------
    ValueError
        For an unknown kind.
    """
    if kind not in TEMPLATES:
        raise ValueError(f"unknown kind of article: {kind}")
    return TEMPLATES[kind]


def places_left(text: str) -> tuple[str, ...]:
    """Return places of a template that are still in a text, each once, in its order.

    Only the places of the templates are looked for: other brackets, such as those of
    links and tasks, are the author's own.

    Examples
    --------
    >>> places_left("How do I [task in the customer's words]? See [this](article:a).")
    ("[task in the customer's words]",)
    """
    found = [(text.find(place), place) for place in _PLACES]
    return tuple(place for where, place in sorted(found) if where >= 0)


def _places(text: str) -> list[str]:
    return [f"[{rest.split(']')[0]}]" for rest in text.split("[")[1:]]


_PLACES = frozenset(
    place
    for template in TEMPLATES.values()
    for text in (template.title, template.summary, template.body)
    for place in _places(text)
)

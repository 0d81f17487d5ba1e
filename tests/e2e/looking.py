"""What a page must not do to whoever looks at it: stand out of its window, or bar them."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}


def overflow(page: Page) -> list[str]:
    """What stands out of a page that is wider than its window."""
    return page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll("main *")]
            .filter((part) => part.getBoundingClientRect().right > width + 1)
            .slice(0, 3).map((part) => part.outerHTML.slice(0, 120));
        }"""
    )


def cut_cards(page: Page) -> list[str]:
    """Tables that should have become cards, and still reach out of their frame."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".so-scroll:has(> table.cards)")]
          .filter((frame) => frame.scrollWidth > frame.clientWidth + 1)
          .map((frame) => `cut: ${frame.innerText.slice(0, 80)}`)"""
    )


def barriers(page: Page, part: str = "html") -> list[str]:
    """What axe-core finds that is serious or critical, with the first place of each.

    ``part``, a selector, spares what was looked at on another page, such as navigation.
    """
    page.evaluate(AXE)
    return _found(page, {"resultTypes": ["violations"]}, part)


def pale_texts(page: Page, part: str = "html") -> list[str]:
    """What ``barriers`` would find of contrast alone, on a page it was called for before."""
    return _found(page, {"runOnly": ["color-contrast", "target-size"]}, part)


def _found(page: Page, options: dict[str, list[str]], part: str) -> list[str]:
    found = page.evaluate(
        """([part, options]) =>
          axe.run(part === "html" ? document : part, options)""",
        [part, options],
    )
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:150]}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]

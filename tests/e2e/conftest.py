"""A real browser for the tests in this folder, all of which carry the marker ``e2e``.

A test asks for ``page`` and fails when its pages wrote an error to the console, raised one
or asked another host for anything; one that provokes an error on purpose takes
``page_errors`` and clears it. On failure a picture is kept in ``var/e2e``.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connections
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    expect,
    sync_playwright,
)

from scripts import system_packages
from tests import databases

HERE = Path(__file__).parent
PICTURES = HERE.parents[1] / "var" / "e2e"
CALL_FAILED = pytest.StashKey[bool]()
# Of a machine that does other things as well; a page that answers waits for none of it.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

CHROMIUM_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Containers often limit /dev/shm to 64 MB.
    "--disable-dev-shm-usage",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo
) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[CALL_FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep SQLite in a file: server threads would share one in-memory connection."""
    for database in settings.DATABASES.values():
        if database["ENGINE"] == "django.db.backends.sqlite3":
            path = tmp_path_factory.mktemp("database") / "e2e.sqlite3"
            database.setdefault("TEST", {})["NAME"] = str(path)
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
    databases.prepare()


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Start Chromium once; without one, skip, or fail where everything must run."""
    program = system_packages.browser()
    if program is None:
        reason = "no Chromium here: apt-get install chromium, or set CHROMIUM"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    # Inside playwright's event loop Django hands out connections of their own: they
    # must know, too, what rows the migrations wrote, or no test would get them back.
    migrated = {
        alias: getattr(connections[alias], "_test_serialized_contents", None)
        for alias in connections
    }
    # As root Chromium starts only without its sandbox.
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, where Django then refuses queries.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        databases.prepare()
        for alias, rows in migrated.items():
            if rows is not None:
                connections[alias]._test_serialized_contents = rows
        chromium = playwright.chromium.launch(
            executable_path=str(program), args=CHROMIUM_ARGUMENTS + sandbox
        )
        yield chromium
        chromium.close()


@pytest.fixture
def viewport() -> dict[str, int]:
    """Return a laptop's window; parametrize ``viewport`` for another one."""
    return {"width": 1280, "height": 800}


@pytest.fixture
def page_errors() -> list[str]:
    """Collect what went wrong inside the pages of this test."""
    return []


@pytest.fixture
def page(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server,
    viewport: dict[str, int],
    page_errors: list[str],
) -> Iterator[Page]:
    """Open an empty page of a fresh profile; relative addresses lead to the test server."""
    context = browser.new_context(
        base_url=live_server.url,
        viewport=viewport,
        locale="en-GB",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    _collect_errors(context, live_server.url, page_errors)
    opened = context.new_page()
    yield opened
    if page_errors or request.node.stash.get(CALL_FAILED, False):
        _take_picture(opened, request.node.nodeid)
    context.close()
    assert not page_errors, "\n".join(page_errors)


def _collect_errors(context: BrowserContext, url: str, errors: list[str]) -> None:
    def on_request(request: Request) -> None:
        target = urlsplit(request.url)
        if target.scheme.startswith("http") and target.netloc != urlsplit(url).netloc:
            errors.append(f"asked another host: {request.url}")

    context.on("request", on_request)
    context.on("weberror", lambda error: errors.append(f"raised: {error.error}"))
    context.on(
        "console",
        lambda message: (
            errors.append(f"console: {message.text} ({message.location.get('url')})")
            if message.type == "error"
            else None
        ),
    )


def _take_picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    safe = re.sub(r"[^\w.-]+", "-", name.removeprefix("tests/e2e/"))
    if not page.is_closed():
        page.screenshot(path=PICTURES / f"{safe}.png", full_page=True)


@pytest.fixture
def sign_in(live_server) -> Callable[[Page, AbstractBaseUser], None]:
    """Return ``sign_in(page, user)``, which needs no password and no login page."""

    def enter(page: Page, user: AbstractBaseUser) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [
                {
                    "name": name,
                    "value": client.cookies[name].value,
                    "url": live_server.url,
                }
            ]
        )

    return enter

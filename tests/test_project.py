"""What must hold for the repository as a whole: names, documents, sizes, templates."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps
from django.urls import Resolver404, get_resolver, resolve
from drf_spectacular.generators import SchemaGenerator

from supportops.demo.core import story
from supportops.demo.people import PASSWORD
from supportops.settings.unfold_conf import UNFOLD
from tickets import services
from tickets.imports.core.jsonl import read_ticket
from tickets.imports.core.mapping import KNOWN_KEYS, parse_mapping

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
APP_FOLDERS = ("supportops", "workforce", "tickets", "sla", "kb", "qa")
OUR_APPS = [
    config
    for config in apps.get_app_configs()
    if config.name.split(".")[0] in APP_FOLDERS
]
MAX_LINES = 450
# Files that may be longer, each with its reason.
LONGER: dict[str, str] = {}
# Read so that older mappings are not refused; new ones do without.
KEPT_FOR_OLD_MAPPINGS = {"comment"}
# Read for a purpose of its own, not to be set by an operator.
NOT_IN_ENV_EXAMPLE = {"SUPPORTOPS_READ_DOTENV"}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def all_guides() -> str:
    return plain("\n".join(text_of(path) for path in (DOCS / "guides").glob("*.md")))


def plain(text: str) -> str:
    """One line, lower case, straight quotes: what a reader would take as the same."""
    return " ".join(
        text.translate({0x2019: "'", 0x201C: '"', 0x201D: '"'}).split()
    ).lower()


def python_files() -> Iterator[Path]:
    for folder in APP_FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# Database ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_models_have_no_change_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_constraints_and_indexes_carry_names_of_our_own() -> None:
    assert list(wrongly_named(our_models())) == []


@isolate_apps("tickets")
def test_an_automatic_name_is_found() -> None:
    class Sample(models.Model):
        first = models.IntegerField()

        class Meta:
            app_label = "tickets"
            indexes = [models.Index(fields=["first"])]

        def __str__(self) -> str:
            return str(self.first)

    [found] = wrongly_named([Sample])
    assert found.startswith("tickets.Sample: tickets_sam_first_")


def our_models() -> Iterable[type[models.Model]]:
    for config in OUR_APPS:
        yield from config.get_models()


def wrongly_named(found: Iterable[type[models.Model]]) -> Iterator[str]:
    """Names that do not begin with the app, or end as Django's generated ones do."""
    automatic = re.compile(r"_[0-9a-f]{6,8}(_idx|_uniq|_check)?$")
    for model in found:
        options = model._meta
        if options.unique_together:
            yield f"{options.label}: unique_together has no name"
        for thing in (*options.constraints, *options.indexes):
            if automatic.search(thing.name) or not thing.name.startswith(
                f"{options.app_label}_"
            ):
                yield f"{options.label}: {thing.name}"


# What the documents must name ---------------------------------------------------------------


def commands() -> list[Path]:
    return [
        path
        for path in python_files()
        if path.parts[-3:-1] == ("management", "commands") and path.stem[0] != "_"
    ]


def test_operations_guide_documents_every_command_with_its_options() -> None:
    guide = text_of(DOCS / "operations.md")
    found = commands()
    assert found, "no management command found: the search looks in the wrong place"
    missing = []
    for path in found:
        if f"manage.py {path.stem}" not in guide:
            missing.append(path.stem)
        options = re.findall(r'add_argument\(\s*"(--[a-z-]+)"', text_of(path))
        missing += [f"{path.stem} {o}" for o in options if f"`{o}" not in guide]
    assert missing == []


def test_readme_names_one_login_for_each_role_of_the_demo() -> None:
    readme = text_of(ROOT / "README.md")
    shown = {}
    for person in story.PEOPLE:
        shown.setdefault(person.role, person.username)
    assert PASSWORD in readme
    missing = [
        f"{role} {login}"
        for role, login in shown.items()
        if f"| {role} | `{login}` |" not in readme
    ]
    assert missing == []


def variables_of_settings() -> set[str]:
    """Names in ``env.xyz("NAME")`` in the settings."""
    names = set()
    for path in (ROOT / "supportops" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(text_of(path))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "env"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                names.add(node.args[0].value)
    return names


def variables_of_scripts() -> set[str]:
    found = text_of(ROOT / "scripts" / "run.py") + text_of(
        ROOT / "scripts" / "run_tests.py"
    )
    return set(re.findall(r'environ\.get\(\s*"([A-Z_]+)"', found))


def variables_in_operations_guide() -> set[str]:
    rows = re.findall(
        r"^\| `([A-Z_]+)` \|", text_of(DOCS / "operations.md"), re.MULTILINE
    )
    assert len(rows) == len(set(rows)), "a variable has two rows"
    return set(rows)


def test_operations_guide_lists_every_environment_variable_and_no_other() -> None:
    read = variables_of_settings() | variables_of_scripts()
    assert "DATABASE_URL" in read
    assert variables_in_operations_guide() == read


def test_env_example_names_every_setting() -> None:
    example = text_of(ROOT / ".env.example")
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    assert variables_of_settings() - named == NOT_IN_ENV_EXAMPLE


def actions_of(model_admin: admin.ModelAdmin) -> Iterator[str]:
    """Descriptions of the bulk actions and of unfold's buttons."""
    names: list[Any] = list(model_admin.actions or ())
    for kind in ("list", "detail", "row", "submit_line"):
        names += getattr(model_admin, f"actions_{kind}", None) or ()
    for name in flat(names):
        function = getattr(model_admin, name) if isinstance(name, str) else name
        if function.__module__.split(".")[0] not in APP_FOLDERS:
            continue  # of a package whose admin we only dress
        description = getattr(function, "short_description", None)
        yield str(description or function.__name__.replace("_", " "))


def flat(names: Iterable[Any]) -> Iterator[Any]:
    """Unfold groups buttons in dictionaries with ``items``."""
    for name in names:
        yield from flat(name["items"]) if isinstance(name, dict) else [name]


def test_guides_mention_every_admin_action() -> None:
    get_resolver().url_patterns  # noqa: B018 -- loads every admin
    ours = [
        model_admin
        for model, model_admin in admin.site._registry.items()
        if type(model_admin).__module__.split(".")[0] in APP_FOLDERS
    ]
    assert ours
    guides = all_guides()
    wanted = {action for model_admin in ours for action in actions_of(model_admin)}
    assert sorted(action for action in wanted if plain(action) not in guides) == []


def test_guides_name_every_page_of_the_navigation() -> None:
    guides = all_guides()
    titles = [
        str(item["title"])
        for group in UNFOLD["SIDEBAR"]["navigation"]
        for item in group["items"]
    ]
    assert "Compliance" in titles
    assert [title for title in titles if f"**{plain(title)}**" not in guides] == []


def test_keyboard_shortcuts_lead_to_pages_that_exist() -> None:
    script = text_of(ROOT / "static" / "brand" / "keys.js")
    addresses = re.findall(r'\["(/[a-z/]*)", "', script)
    assert "/admin/" in addresses
    assert [address for address in addresses if not is_page(address)] == []


def is_page(address: str) -> bool:
    try:
        # The admin takes every address below it; the view that answers 404 has no name.
        return resolve(address).url_name is not None
    except Resolver404:
        return False


METHODS = ("get", "post", "put", "patch", "delete")


def anonymous_parameters(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def api_operations() -> set[tuple[str, str]]:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {
        (method.upper(), anonymous_parameters(path))
        for path, operations in paths.items()
        for method in operations
        if method in METHODS
    }


def test_integrator_guide_lists_every_api_operation_and_no_other() -> None:
    guide = text_of(DOCS / "guides" / "integrator.md")
    rows = re.findall(r"^\| `([A-Z]+) (/api/v1/[^` ]*)` \|", guide, re.MULTILINE)
    listed = {(method, anonymous_parameters(path)) for method, path in rows}
    # The schema itself is no operation of the schema.
    listed.discard(("GET", "/api/v1/schema/"))
    assert listed == api_operations()


def test_integrator_guide_lists_every_refusal_of_tickets() -> None:
    guide = text_of(DOCS / "guides" / "integrator.md")
    listed = set(
        re.findall(
            r"`([a-z_]+)`", "".join(re.findall(r"^\| `.*$", guide, re.MULTILINE))
        )
    )
    classes = [getattr(services, name) for name in services.__all__]
    codes = {
        found.code
        for found in classes
        if isinstance(found, type) and issubclass(found, services.TicketRefused)
    }
    # The family itself is never raised.
    codes.discard(services.TicketRefused.code)
    assert "illegal_move" in codes
    assert codes - listed == set()


def test_operations_guide_lists_every_scheduled_task_and_no_other() -> None:
    guide = text_of(DOCS / "operations.md")
    [table] = re.findall(r"^\| task \|.*?\n\n", guide, re.MULTILINE | re.DOTALL)
    listed = set(re.findall(r"^\| `([a-z_.]+)` \|", table, re.MULTILINE))
    assert listed == {e["task"] for e in settings.CELERY_BEAT_SCHEDULE.values()}


def test_examples_of_import_formats_can_be_read() -> None:
    page = text_of(DOCS / "import-formats.md")
    mapping, ticket = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert parse_mapping(json.loads(mapping)).notices == ()
    record = read_ticket(json.loads(ticket), None, 1)
    assert [row.status for row in record.rows] == ["new", "", "", "", "solved"]
    listed = set(re.findall(r"`([a-z_]+)`", page))
    assert set(KNOWN_KEYS) - listed == KEPT_FOR_OLD_MAPPINGS


# Documents ----------------------------------------------------------------------------------

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def headings(path: Path) -> set[str]:
    """Anchors as GitHub makes them from headings."""
    found = re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")
        for title in found
    }


def broken_links(path: Path) -> Iterator[str]:
    # Code is shown, not linked.
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text_of(path), flags=re.DOTALL)
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        other = (path.parent / name).resolve() if name else path
        if not other.exists() or (anchor and anchor not in headings(other)):
            yield target


def test_every_relative_link_in_the_documents_resolves() -> None:
    broken = {relative(path): list(broken_links(path)) for path in documents()}
    assert len(broken) > 20
    assert {name: links for name, links in broken.items() if links} == {}


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One thing\n[a](#one-thing) [b](#other) [c](absent.md) `[d](e)`\n"
    )
    assert list(broken_links(page)) == ["#other", "absent.md"]


def test_decisions_are_numbered_without_gaps_dated_and_listed() -> None:
    folder = DOCS / "decisions"
    pages = sorted(folder.glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    index = text_of(folder / "README.md")
    assert [page.name for page in pages if f"({page.name})" not in index] == []
    parts = ("## Context", "## Decision", "## Consequences")
    for page in pages:
        text = text_of(page)
        assert re.search(r"^Date: \d{4}-\d\d-\d\d", text, re.MULTILINE), page.name
        assert [part for part in parts if part not in text] == [], page.name


def test_changelog_has_an_unreleased_section_that_says_something() -> None:
    changelog = text_of(ROOT / "CHANGELOG.md")
    [section] = re.findall(
        r"^## Unreleased\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL
    )
    assert re.search(r"^- \S", section, re.MULTILINE)


# Sizes --------------------------------------------------------------------------------------


def test_no_module_of_an_app_is_longer_than_the_limit() -> None:
    long = {
        relative(path): lines
        for path in python_files()
        if "migrations" not in path.parts
        and (lines := len(text_of(path).splitlines())) > MAX_LINES
    }
    assert {name: lines for name, lines in long.items() if name not in LONGER} == {}
    assert set(LONGER) <= set(long), "an exception is not needed any more"


# Templates and the content security policy --------------------------------------------------


class InlineCode(HTMLParser):
    """Collects what ``script-src 'self'`` would block."""

    DATA = ("application/json", "application/ld+json")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (
            tag == "script"
            and "src" not in given
            and given.get("type") not in self.DATA
        ):
            self.found.append(f"<script> in line {self.getpos()[0]}")
        for name, value in attrs:
            if re.fullmatch(r"on[a-z]+", name):
                self.found.append(f"{name}= in line {self.getpos()[0]}")
            if (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{name}=javascript: in line {self.getpos()[0]}")


def inline_code(html: str) -> list[str]:
    # Template tags may hold quotes and angle brackets: to the parser they are blanks.
    parser = InlineCode()
    parser.feed(re.sub(r"\{%.*?%\}|\{#.*?#\}", " ", html))
    return parser.found


def templates() -> list[Path]:
    folders = [ROOT / "templates", *(ROOT / name for name in APP_FOLDERS)]
    return sorted(path for folder in folders for path in folder.rglob("*.html"))


def test_templates_hold_no_inline_script_and_no_event_handler() -> None:
    found = {relative(path): inline_code(text_of(path)) for path in templates()}
    assert found
    assert {name: code for name, code in found.items() if code} == {}


@pytest.mark.parametrize(
    "html",
    [
        "<script>let a = 1</script>",
        '<script type="module">let a = 1</script>',
        '<button {% if a %}onclick="go()"{% endif %}>Go</button>',
        '<a href="javascript:go()">Go</a>',
    ],
)
def test_inline_code_is_found(html: str) -> None:
    assert len(inline_code(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<script src="{% static "a.js" %}" defer></script>',
        '<script id="data" type="application/json">{"a": 1}</script>',
        '<button x-on:click="open = true" @click="open">on click = fine</button>',
    ],
)
def test_allowed_code_is_passed_over(html: str) -> None:
    assert inline_code(html) == []


def test_python_writes_no_inline_script_into_pages() -> None:
    pattern = re.compile(
        r"""<script(?![^>]*\bsrc=)[^>]*>|\son(click|change|submit|load)="""
    )
    found = [relative(path) for path in python_files() if pattern.search(text_of(path))]
    assert found == []

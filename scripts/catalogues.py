"""The words of the public pages: found, compared with the catalogues, and compiled.

``python -m scripts.catalogues`` adds what is new to ``locale/*/LC_MESSAGES/django.po`` with
an empty translation, and writes the ``.mo`` files that Django reads; it ends with status 1
while a translation is missing. It needs no gettext tools: the ``.mo`` files are part of the
repository, and a test compares them with the ``.po`` files.

Only the help centre is translated. ``SOURCES`` says where its words stand.
"""

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
TEMPLATES = ("help/**/*.html", "429.html")
# A file, and which of its classes, functions and names; all where none is named.
SOURCES: dict[str, tuple[str, ...]] = {
    "kb/views/help/*.py": (),
    "kb/views/help_assistant/*.py": (),
    "kb/selectors/help/*.py": (),
    "kb/forms/help.py": (),
    "kb/forms/assistant.py": ("BAD_ADDRESS", "QuestionForm", "PersonForm"),
    "kb/models/reading.py": ("Reason",),
    "kb/services/reading.py": (),
    "kb/services/assistant/asking.py": (),
    "kb/services/assistant/judging.py": (),
    "kb/services/assistant/handing_over.py": ("hand_over", "checked_address", "_talk"),
    "sla/hours_phrases.py": ("_DAYS", "week_sentence"),
    "supportops/common/rate_limits.py": (),
}
_CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
_PLURALS = {"ngettext", "ngettext_lazy"}

# A text, and its plural or nothing.
Message = tuple[str, str]


def messages() -> dict[Message, str]:
    """Return every text of the public pages with the file that has it first."""
    found: dict[Message, str] = {}
    for place, message in (*_of_templates(), *_of_modules()):
        found.setdefault(message, place)
    return found


def _of_templates() -> Iterator[tuple[str, Message]]:
    from django.template.loader import get_template
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    folder = ROOT / "templates"
    for path in sorted(each for glob in TEMPLATES for each in folder.glob(glob)):
        nodes = get_template(str(path.relative_to(folder))).template.nodelist  # type: ignore[attr-defined]
        place = str(path.relative_to(ROOT))
        for node in nodes.get_nodes_by_type(TranslateNode):
            # Django looks a text up as it would be were it a format.
            literal = node.filter_expression.var.literal.replace("%", "%%")
            yield place, (literal, "")
        for node in nodes.get_nodes_by_type(BlockTranslateNode):
            both = (node.render_token_list(each)[0] for each in _texts(node))
            yield place, (next(both), next(both, ""))


def _texts(node: object) -> list[object]:
    return [each for each in (node.singular, node.plural) if each]  # type: ignore[attr-defined]


def _of_modules() -> Iterator[tuple[str, Message]]:
    for glob, names in SOURCES.items():
        for path in sorted(ROOT.glob(glob)):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            parts = [each for each in ast.walk(tree) if _name(each) in names]
            for call in _calls(parts if names else [tree]):
                texts = [a.value for a in call.args if isinstance(a, ast.Constant)]
                plural = texts[1] if getattr(call.func, "id", "") in _PLURALS else ""
                yield str(path.relative_to(ROOT)), (texts[0], plural)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return getattr(node, "name", "") or ""


def _calls(parts: list[ast.AST]) -> Iterator[ast.Call]:
    for part in parts:
        for node in ast.walk(part):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _CALLS:
                yield node


def renewed(known: polib.POFile, wanted: dict[Message, str]) -> polib.POFile:
    """Return the catalogue of what is wanted, with the translations that are known."""
    made = polib.POFile(wrapwidth=0)
    made.metadata = known.metadata
    forms = 1 if "nplurals=1" in known.metadata["Plural-Forms"] else 2
    by_message = _by_message(known)
    for message, place in wanted.items():
        text, plural = message
        empty = dict.fromkeys(range(forms), "") if plural else None
        fresh = polib.POEntry(msgid=text, msgid_plural=plural, msgstr_plural=empty)
        entry = by_message.get(message, fresh)
        entry.occurrences = [(place, "")]
        entry.flags = ["python-format"] if "%(" in text else []
        made.append(entry)
    return made


def missing(known: polib.POFile, wanted: dict[Message, str]) -> list[Message]:
    """Return the texts without a translation."""
    given = _by_message(known)
    return [m for m in wanted if m not in given or not given[m].translated()]


def _by_message(catalogue: polib.POFile) -> dict[Message, polib.POEntry]:
    return {(entry.msgid, entry.msgid_plural): entry for entry in catalogue}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportops.settings")
    import django

    django.setup()
    wanted, n_missing = messages(), 0
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        catalogue = renewed(polib.pofile(str(path)), wanted)
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        gaps = missing(catalogue, wanted)
        n_missing += len(gaps)
        print(f"{path.relative_to(ROOT)}: {len(wanted)} texts, {len(gaps)} missing")
        for text, _plural in gaps:
            print(f"  {text}")
    return 1 if n_missing else 0


if __name__ == "__main__":
    sys.exit(main())

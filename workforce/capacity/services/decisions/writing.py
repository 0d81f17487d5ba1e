"""Starting a decision and working on its sections."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from workforce.capacity.core.decisions import changed_facts
from workforce.capacity.models import Decision, Evidence
from workforce.capacity.selectors.decisions.sections import section
from workforce.capacity.selectors.decisions.sight import ADD, decisions_visible_to
from workforce.capacity.services.decisions.beginnings import (
    copy_parts,
    fill_from_template,
)
from workforce.capacity.services.decisions.evidence_log import (
    locked,
    log,
    require,
    require_editable,
    require_writer,
    touch,
)
from workforce.capacity.services.decisions.parts import writer_of
from workforce.capacity.services.decisions.refusals import (
    DecisionPartInvalid,
    StaleDecision,
)
from workforce.people.models import User

LONGEST_TEXT = 300
TITLE_LENGTH = 160


@transaction.atomic
def create_decision(
    *,
    kind: str,
    title: str,
    question: str,
    actor: User,
    at: datetime,
    copy_of: int | None = None,
) -> Decision:
    """Open a draft: as a copy of another decision, or from the template.

    Raises ``DecisionNotYours``, ``DecisionPartInvalid``, ``Decision.DoesNotExist`` for a
    copy of what the person may not read.
    """
    require(actor, ADD, _("You may not open decisions."))
    if kind not in Decision.Kind.values or not title.strip():
        raise DecisionPartInvalid(_("A decision needs a kind and a title."))
    if len(title.strip()) > TITLE_LENGTH:
        raise DecisionPartInvalid(
            _("The title has %(n)d characters at most.") % {"n": TITLE_LENGTH}
        )
    decision = Decision(
        kind=kind,
        title=title.strip(),
        question=question.strip(),
        owner=actor,
        created_at=at,
        changed_at=at,
    )
    if copy_of is None:
        fill_from_template(decision, at)
        words = _("Started from the template.")
    else:
        source = decisions_visible_to(actor).get(pk=copy_of)
        copy_parts(source, decision)
        words = _("Started as a copy of “%(title)s”.") % {"title": source.title}
    log(decision, Evidence.Kind.CHANGED, words, actor=actor, at=at)
    return decision


@transaction.atomic
def save_part(
    *,
    decision_id: int,
    part: str,
    data: Mapping[str, Any],
    revision: int,
    actor: User,
    at: datetime,
) -> Decision:
    """Write one section; what differs goes to the evidence log, in words.

    ``revision`` is that of the decision when the section was opened. Sections are
    edited independently: only a change of this section since then refuses.

    Raises ``DecisionNotYours``, ``DecisionWrongState``, ``StaleDecision``,
    ``DecisionPartInvalid``; nothing is written then.
    """
    require_writer(actor)
    decision = locked(decision_id)
    require_editable(decision)
    writer = writer_of(part)
    since = changes_since(decision, part, revision)
    if since:
        raise StaleDecision(since, decision.revision)
    held = section(part)
    before = {str(label): text for label, text in held.facts(decision).items()}
    writer(decision, data, at)
    after = {str(label): text for label, text in held.facts(decision).items()}
    found = changed_facts(before, after)
    if found:
        touch(decision, at)
        log(
            decision,
            Evidence.Kind.CHANGED,
            change_words(str(held.title), found),
            actor=actor,
            at=at,
            part=part,
            changes=[list(change) for change in found],
        )
    return decision


def changes_since(decision: Decision, part: str, revision: int) -> list[Evidence]:
    """Entries about this section that are newer than ``revision``, oldest first."""
    if revision >= decision.revision:
        return []
    entries = decision.evidence.filter(
        kind__in=(Evidence.Kind.CHANGED, Evidence.Kind.REFRESHED),
        details__part=part,
        details__revision__gt=revision,
    )
    return list(entries.select_related("actor").order_by("at", "pk"))


def change_words(title: str, changes: list[tuple[str, str, str]]) -> str:
    """Write changes of a section in words: “Scope: Owner: Ada → Ben”."""
    parts = []
    for label, before, after in changes:
        if not before:
            parts.append(
                _("%(label)s: %(after)s") % {"label": label, "after": _short(after)}
            )
        elif not after:
            parts.append(_("%(label)s: removed") % {"label": label})
        else:
            parts.append(
                _("%(label)s: %(before)s → %(after)s")
                % {"label": label, "before": _short(before), "after": _short(after)}
            )
    return _("%(section)s. %(changes)s") % {
        "section": title,
        "changes": "; ".join(parts),
    }


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_TEXT else words[: LONGEST_TEXT - 1] + "…"

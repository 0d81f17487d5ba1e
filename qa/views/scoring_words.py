"""The scoring room's own words, which its script cannot translate."""

from django.utils.translation import gettext_lazy as _

ROOM_WORDS = {
    "saved": _("Saved"),
    "saving": _("Saving…"),
    "unsaved": _("Not saved yet"),
    "offline": _(
        "No connection. What you typed is kept on this device and sent again."
    ),
    "signed_out": _(
        "You are signed out. What you typed is kept: sign in on another tab, then go on."
    ),
    "refused": _("Not saved: %(message)s"),
    "merged": _("Brought together with what another page saved."),
    "submitted": _("Submitted. The next review is open."),
    "skipped": _("Skipped. The next review is open."),
    "done": _("Nothing else is waiting for you."),
    "inbox": _("Reviews to do"),
    "confirm_one": _(
        "%(n)s box was ticked or left by a rule only. Press Ctrl+Enter again to submit it unconfirmed."
    ),
    "confirm_many": _(
        "%(n)s boxes were ticked or left by rules only. Press Ctrl+Enter again to submit them unconfirmed."
    ),
    "na": _("Does not apply"),
    "comment": _("Comment"),
    "answer": _("Answer"),
    "root_causes": _("Root causes"),
    "no_causes": _("No root cause is offered here."),
    "cases": _("Case law (%(n)s)"),
    "critical": _("Critical"),
    "points": _("%(n)s points"),
    "strengths": _("Strengths"),
    "focus": _("One focus"),
    "exemplary": _("Worth showing to others"),
    "overall": _("Overall"),
    "agent": _("Agent"),
    "internal": _("Internal note"),
    "message": _("Message %(n)s"),
    "missing_answer": _("Choose a level."),
    "missing_comment": _("Say why in a comment."),
    "missing_root_cause": _("Choose a root cause."),
    "rule_found": _("Rule: found"),
    "rule_not_found": _("Rule: not found"),
    "rule_cannot_tell": _("Rule: cannot tell"),
    "rule_seen": _("looked at"),
    "rule_unseen": _("not confirmed yet"),
    "evidence": _("Show"),
    "confirm": _("Confirm"),
    "score": _("Score so far"),
    "score_hidden": _("Score hidden (h)"),
    "no_score": _("none yet"),
    "fails": _("fails: %(names)s"),
    "pins": _("Pinned passages"),
    "no_pins": _("None yet. Select a passage, then press p."),
    "pin_save": _("Pin"),
    "pin_change": _("Change"),
    "pin_remove": _("Remove"),
    "pin_removed": _("Pin removed"),
    "pin_nothing": _(
        "Select a passage of a message first: with the mouse, or m, then v."
    ),
    "PRAISE": _("Well done"),
    "ISSUE": _("To improve"),
    "undone": _("Undone: %(what)s"),
    "nothing_to_undo": _("Nothing to undo"),
    "conflict": _("The same answer was changed on another page"),
    "mine": _("Keep mine"),
    "theirs": _("Take theirs"),
    "all_mine": _("Keep all of mine"),
    "all_theirs": _("Take all of theirs"),
    "nothing": _("nothing"),
    "yes": _("yes"),
    "no": _("no"),
    "checked": _("Boxes"),
    "level": _("Level"),
    "is_na": _("Does not apply"),
    "text": _("Answer"),
    "is_exemplary": _("Worth showing to others"),
    "timer": _("Active time"),
}

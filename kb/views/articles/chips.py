"""The colour and the words of a state."""

from datetime import date

from django.utils.translation import gettext as _

from kb.models import Article

STATE_CHIPS = {
    Article.State.DRAFT: "idle",
    Article.State.REVIEW: "watch",
    Article.State.PUBLISHED: "ok",
    Article.State.ARCHIVED: "idle",
}


def chips_of(
    article: Article, *, is_changed: bool, today: date
) -> list[tuple[str, str]]:
    """Return the chips of an article: its state, then what waits for somebody."""
    state = Article.State(article.state)
    chips = [(STATE_CHIPS[state], str(state.label))]
    is_published = state is Article.State.PUBLISHED
    if is_published and article.review_asked_at:
        chips.append(("watch", _("next text in review")))
    elif is_published and is_changed:
        chips.append(("idle", _("changes not published")))
    if is_published and article.review_due_on and article.review_due_on < today:
        chips.append(("late", _("review overdue")))
    if article.review_note and state is Article.State.DRAFT:
        chips.append(("late", _("given back")))
    return chips

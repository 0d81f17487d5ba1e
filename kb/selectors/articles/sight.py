"""Which articles somebody on the staff sees, in every state."""

from django.db.models import F, Prefetch, Q, QuerySet

from kb.models import Article
from kb.selectors.readers import READS_INTERNAL
from workforce.people.models import User

VIEW = "kb.view_article"
CHANGE = "kb.change_article"
PUBLISH = "kb.publish_article"


def articles_visible_to(user: User) -> QuerySet[Article]:
    """Return all articles, drafts too; those for staff only to who may read these."""
    if not user.has_perm(VIEW):
        return Article.objects.none()
    return Article.objects.filter(not_hidden_from(user))


def not_hidden_from(user: User, to_article: str = "") -> Q:
    """Return what keeps articles for staff only from who may not read these.

    For lists whose own permission lets people see what they count: ``to_article`` is the
    way to the article with its underscores, such as ``article__``. Rows without an
    article stay.
    """
    if user.has_perm(READS_INTERNAL):
        return Q()
    return ~Q(**{f"{to_article}audience": Article.Audience.INTERNAL})


# What a version freezes differs from the working copy.
CHANGED_SINCE = Q(published__isnull=False) & ~(
    Q(title=F("published__title"))
    & Q(summary=F("published__summary"))
    & Q(body=F("published__body"))
    & Q(keywords=F("published__keywords"))
)


def staff_people() -> QuerySet[User]:
    """Return who may own an article: people on the staff, by name."""
    people = User.objects.filter(is_active=True, is_staff=True, is_automation=False)
    return people.order_by("first_name", "last_name", "pk")


def possible_reviewers() -> QuerySet[User]:
    """Return who may publish, and so review."""
    held = Q(groups__permissions__codename="publish_article") | Q(is_superuser=True)
    return staff_people().filter(held).distinct()


def with_translations(articles: QuerySet[Article]) -> QuerySet[Article]:
    rows = Article.objects.only("pk", "language", "state", "translation_of")
    return articles.prefetch_related(Prefetch("translations", rows))

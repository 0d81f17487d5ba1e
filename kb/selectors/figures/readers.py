"""Readers: how many there were, and how many sent no ticket afterwards."""

from django.db.models import Count, Q, QuerySet

from kb.models import Reading, Vote
from kb.selectors.figures.shares import Share, share
from kb.selectors.figures.windows import CUSTOMERS, Window


def readings_in(window: Window) -> QuerySet[Reading]:
    """Return what customers opened in a window, in no order."""
    found = Reading.objects.filter(
        place__in=CUSTOMERS, at__gte=window.starts_at, at__lt=window.ends_at
    )
    if window.language:
        return found.filter(article__language=window.language)
    return found


def votes_in(window: Window) -> QuerySet[Vote]:
    """Return the answers to “was this helpful?” of a window, in no order."""
    found = Vote.objects.filter(at__gte=window.starts_at, at__lt=window.ends_at)
    if window.language:
        return found.filter(article__language=window.language)
    return found


def without_ticket(window: Window) -> Share:
    """Return the share of readers who sent no ticket after anything they read.

    This is the deflection that is usually claimed: most of these readers would have sent
    none anyway.
    """
    visitors = (
        readings_in(window)
        .order_by()
        .values("visitor")
        .annotate(tickets=Count("ticket"))
    )
    counted = visitors.aggregate(
        readers=Count("visitor"), sent=Count("visitor", filter=Q(tickets__gt=0))
    )
    return share(counted["readers"] - counted["sent"], counted["readers"])


def helpfulness(window: Window) -> Share:
    """Return the share of votes that say that an article helped."""
    counted = votes_in(window).aggregate(
        n=Count("pk"), helpful=Count("pk", filter=Q(is_helpful=True))
    )
    return share(counted["helpful"], counted["n"])

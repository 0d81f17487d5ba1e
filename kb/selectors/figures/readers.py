"""Readers: how many there were, and how many sent no ticket afterwards."""

from django.db.models import Count, Q, QuerySet, Value

from kb.models import Reading, Vote
from kb.selectors.figures.reading_order import is_sorted, sorted_in
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
        readings_to_group(window)
        .order_by()
        .values("visitor")
        .annotate(tickets=Count("ticket"))
    )
    counted = visitors.aggregate(
        readers=Count("visitor"), sent=Count("visitor", filter=Q(tickets__gt=0))
    )
    return share(counted["readers"] - counted["sent"], counted["readers"])


def readings_to_group(window: Window) -> QuerySet[Reading]:
    """Return the same as ``readings_in``, read fastest by visitor or by article."""
    if window.language or not is_sorted(window):
        return readings_in(window)
    found: QuerySet[Reading] = sorted_in(Reading.objects.all(), window, CUSTOMERS)
    return found


def helpfulness(window: Window) -> Share:
    """Return the share of votes that say that an article helped."""
    counted = votes_in(window).aggregate(
        n=Count("*"), helpful=Count(Value(1), filter=Q(is_helpful=True))
    )
    return share(counted["helpful"], counted["n"])

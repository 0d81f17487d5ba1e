"""What the ticket form lets a customer choose from."""

from django.db.models import QuerySet

from tickets.models import Category, ProductArea


def form_categories() -> QuerySet[Category]:
    """Return the top of the tree: what lies below is the team's own filing."""
    return Category.objects.filter(parent=None).order_by("name")


def form_areas() -> QuerySet[ProductArea]:
    return ProductArea.objects.order_by("name")

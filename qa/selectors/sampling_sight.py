"""What a person may know of a draw: whoever scores must not know which tickets examine.

Second reviews and gold tickets measure reviewers. A reviewer who can tell them from the
others does not review as usual, so only those who manage draws are told.
"""

from django.contrib.auth.models import AnonymousUser

from qa.models import SampleItem
from qa.models.sampling import SampleItemQuerySet
from workforce.people.models import User

MANAGE = "qa.take_draw"


def knows_why(user: User | AnonymousUser) -> bool:
    """Whether a person may be told why each ticket is in a draw."""
    return user.has_perm(MANAGE)


def items_visible_to(user: User | AnonymousUser) -> SampleItemQuerySet:
    """Return every item for who manages draws, for all others what is given to them.

    An item of somebody else on the same ticket would tell that one is a second review.
    """
    items = SampleItem.objects.all()
    return items if knows_why(user) else items.filter(reviewer=user.pk)


def may_be_told(user: User | AnonymousUser, item: SampleItem) -> bool:
    """Whether a person may be told why this ticket was drawn.

    That a rule has flagged a ticket is no secret: the inbox says it.
    """
    return item.why == SampleItem.Why.RULE or knows_why(user)

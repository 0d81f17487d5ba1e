"""Gold tickets: tickets whose right answers are known, to examine reviewers with."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa.core.calibration.matrix import agreed_values
from qa.core.scoring import score
from qa.models import CalibrationItem, CalibrationSession, GoldTicket, Review
from qa.selectors import calibration as selectors
from qa.selectors.scorecards import facts_of
from qa.services.calibration.steps import refuse_stranger
from supportops.common.errors import OperationRefused
from workforce.people.models import User

AGREED_STATES = (CalibrationSession.State.DECIDED, CalibrationSession.State.CLOSED)


class NothingAgreed(OperationRefused):
    code = "nothing_agreed"


@transaction.atomic
def create_gold(*, item_id: int, actor: User, at: datetime) -> GoldTicket:
    """Make a calibrated ticket gold: the agreed level of each criterion is the answer.

    A ticket that is gold for this version already is put in use again with what this
    round agreed. Raises ``NothingAgreed`` while anything on it is open or unclear: a
    small difference may stay open in a calibration, but not in what examines people.
    Raises ``NotYourCalibration`` for who does not run the round.
    """
    item = CalibrationItem.objects.select_related("session__version").get(pk=item_id)
    refuse_stranger(item.session, actor)
    if item.session.state not in AGREED_STATES:
        raise NothingAgreed(
            _("A ticket becomes gold once its calibration is decided. Decide it first.")
        )
    found = selectors.compare(item.session, Review.objects.all())
    _refuse_unsettled(found, item.ticket_id)
    decided = {key: row.level for key, row in found.decisions.items()}
    values = agreed_values(found.cells, decided).get(item.ticket_id)
    total = None
    if values is not None:
        answers = selectors.agreed_answers(found.card, values)
        total = score(found.card, answers, facts_of(item.ticket)).score
    if values is None or total is None:
        raise NothingAgreed(
            _(
                "On ticket #%(number)d something was found unclear, so its right answers "
                "are not known. Choose another ticket."
            )
            % {"number": item.ticket_id}
        )
    gold, _is_new = GoldTicket.objects.update_or_create(
        ticket_id=item.ticket_id,
        version=item.session.version,
        defaults={
            "agent_id": item.agent_id,
            "answers": values,
            "score": total,
            "item": item,
            "is_active": True,
        },
        create_defaults={
            "agent_id": item.agent_id,
            "answers": values,
            "score": total,
            "item": item,
            "created_by": actor,
            "created_at": at,
        },
    )
    return gold


def _refuse_unsettled(found: selectors.Comparison, ticket_id: int) -> None:
    titles = [
        found.card.criterion(cell.criterion).title
        for cell in found.unsettled
        if cell.ticket == ticket_id
    ]
    if titles:
        raise NothingAgreed(
            _(
                "On ticket #%(number)d reviewers differ without a decision on "
                "%(criteria)s, so its right answers are not known. Decide these before "
                "the calibration is closed, or choose another ticket."
            )
            % {"number": ticket_id, "criteria": ", ".join(titles)}
        )


def withdraw_gold(*, gold_id: int) -> bool:
    """Take a ticket out of exams; true when it was in use. Reviews of it stay."""
    taken = GoldTicket.objects.filter(pk=gold_id, is_active=True)
    return taken.update(is_active=False) > 0

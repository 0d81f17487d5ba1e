"""The scoring room: one page, and what its script asks for."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from qa.models import Review, SampleItem
from qa.selectors import scoring_room as selectors
from qa.services import drafting
from qa.views.acting import actor_of
from qa.views.scoring.next import address_of, start_next
from qa.views.scoring.state import pin_of, standing_of, state_of, written
from qa.views.scoring.words import ROOM_WORDS
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from tickets.selectors import tickets_visible_to

SCORE = "qa.score_review"


class ScoringRoomView(StaffPageMixin, TemplateView):
    """One draft of one's own; a finished one is read on its own page instead."""

    permission = SCORE
    title = gettext_lazy("Scoring room")
    template_name = "qa/scoring/room.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        review = selectors.own_draft(actor_of(request), self.kwargs["pk"])
        if review.state == Review.State.SKIPPED:
            return redirect("qa:inbox")
        if review.state != Review.State.DRAFT:
            return redirect("qa:review", pk=review.pk)
        context = self.get_context_data(
            state=_state(request, review),
            words={key: str(words) for key, words in ROOM_WORDS.items()},
            reasons=SampleItem.Reason.choices,
        )
        return self.render_to_response(context)


class RoomJsonView(StaffPageMixin, View):
    """What the room's script sends: JSON in, JSON out, refusals as ``{code, message}``."""

    permission = SCORE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        review = selectors.own_draft(actor_of(request), self.kwargs["pk"])
        try:
            asked = json.loads(request.body)
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            return _error("bad_request", _("This is not a JSON object."), 400)
        try:
            return JsonResponse(self.answer(review, asked))
        except drafting.StaleReview as refusal:
            return self._stale(review, refusal)
        except drafting.Unfinished as refusal:
            return _error(refusal.code, refusal.message, 409, missing=refusal.missing)
        except OperationRefused as refusal:
            return _error(refusal.code, refusal.message, 409)
        except (KeyError, TypeError, ValueError):
            return _error(
                "bad_request", _("A value is missing or of the wrong kind."), 400
            )

    def answer(self, review: Review, asked: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def _stale(self, review: Review, refusal: drafting.StaleReview) -> JsonResponse:
        """Send what the other page saved, so that the two can be laid side by side."""
        review.refresh_from_db()
        answers, pins = selectors.answers_now(review)
        now = {
            **written(review, answers, pins),
            **standing_of(selectors.standing(review, answers)),
        }
        return _error(refusal.code, refusal.message, 409, now=now)


class StateView(StaffPageMixin, View):
    """All that the room shows of a draft: the next one arrives without a page load."""

    permission = SCORE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        review = selectors.own_draft(actor_of(request), self.kwargs["pk"])
        if review.state != Review.State.DRAFT:
            return _error("already_submitted", _("This review is finished."), 409)
        return JsonResponse(_state(request, review))


class SaveView(RoomJsonView):
    """Save changes; answer what is asked now, what is missing and the score so far."""

    def answer(self, review: Review, asked: dict[str, Any]) -> dict[str, Any]:
        saved = drafting.save_answers(
            review_id=review.pk,
            reviewer=review.reviewer,
            revision=_number(asked["revision"]),
            changes=_changes(asked["changes"]),
            seconds=_number(asked["seconds"]),
            at=timezone.now(),
        )
        answers, _pins = selectors.answers_now(saved)
        return {
            "revision": saved.revision,
            "seconds": saved.active_seconds,
            "sources": {each.criterion_key: each.source for each in answers},
            **standing_of(selectors.standing(review, answers)),
        }


class PinsView(RoomJsonView):
    """Add, change or remove a pin; one that is gone already stays gone."""

    def answer(self, review: Review, asked: dict[str, Any]) -> dict[str, Any]:
        what = {"reviewer": review.reviewer, "at": timezone.now()}
        said = {name: str(asked.get(name, "")) for name in ("tone", "text")}
        said["criterion_key"] = str(asked.get("criterion", ""))
        pin = None
        if asked["op"] == "add":
            pin = drafting.add_pin(
                review_id=review.pk,
                message_id=_number(asked["message"]),
                start=_number(asked["start"]),
                end=_number(asked["end"]),
                **said,
                **what,
            )
        elif asked["op"] == "change":
            own = get_object_or_404(review.pins, pk=_number(asked["id"]))
            pin = drafting.change_pin(pin_id=own.pk, **said, **what)
        elif asked["op"] == "remove":
            own = review.pins.filter(pk=_number(asked["id"])).first()
            if own:
                drafting.remove_pin(pin_id=own.pk, **what)
        else:
            raise ValueError(f"not an operation: {asked['op']!r}")
        review.refresh_from_db(fields=["revision"])
        return {"revision": review.revision, "pin": pin_of(pin) if pin else None}


class SubmitView(RoomJsonView):
    """Finish the draft and open what comes next."""

    def answer(self, review: Review, asked: dict[str, Any]) -> dict[str, Any]:
        now = timezone.now()
        drafting.submit_review(
            review_id=review.pk,
            reviewer=review.reviewer,
            revision=_number(asked["revision"]),
            at=now,
        )
        return _next(review)


class SkipView(RoomJsonView):
    """Give the ticket up for a reason and open what comes next."""

    def answer(self, review: Review, asked: dict[str, Any]) -> dict[str, Any]:
        drafting.skip_review(
            review_id=review.pk,
            reviewer=review.reviewer,
            code=str(asked["code"]),
            reason=str(asked["reason"]),
            at=timezone.now(),
        )
        return _next(review)


def _next(review: Review) -> dict[str, Any]:
    """Return the next draft's state; without one, nothing, or why it cannot be opened."""
    after, refusal = start_next(review.reviewer, timezone.now(), after=review)
    if after is None:
        return {"next": None, "message": refusal.message if refusal else ""}
    return {"next": after.pk, "url": address_of(after)}


def _state(request: HttpRequest, review: Review) -> dict[str, Any]:
    visible = tickets_visible_to(actor_of(request)).filter(pk=review.ticket_id)
    hidden = bool(
        review.calibration_item and review.calibration_item.session.hide_agent
    )
    return state_of(
        selectors.room(review), may_open_ticket=not hidden and visible.exists()
    )


def _error(code: str, message: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"code": code, "message": message, **more}, status=status)


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError(f"not a count: {value!r}")
    return value


def _changes(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ValueError("changes are a list of objects")
    return value

"""Every way by which somebody could come to read a review: for blindness and privacy tests."""

from collections.abc import Iterator

from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from qa.models import Dispute, Review
from supportops.notifications.models import Notification
from tests.factories.api import caller
from workforce.people.models import User

SECRET = "only-the-reviewer-knows"
"""Written into every text of a review that a test hides."""
SCORE = 41.37
"""Its score: no other figure of a page looks like it."""

OF_A_REVIEW = ("qa:review", "qa:scoring-", "admin:qa_review", "api-review")
SCORING_ROOM = "qa:score"
OF_A_DISPUTE = ("qa:dispute", "admin:qa_dispute", "api-dispute")
KEYS = {"pk", "object_id", "review_id", "dispute_id"}


def addresses(resolver=None, namespace: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the parameters of each address that has a name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, inner)
        elif entry.name:
            yield f"{namespace}{entry.name}", list(entry.pattern.regex.groupindex)


def _named(prefixes: tuple[str, ...], *, with_key: bool) -> list[tuple[str, str]]:
    """Addresses that begin so and take exactly one key, or none."""
    found = {}
    for name, parameters in addresses():
        keys = [parameter for parameter in parameters if parameter in KEYS]
        meant = name.startswith(prefixes) or name == SCORING_ROOM
        if meant and bool(keys) == with_key:
            if set(parameters) - set(keys) - {"format"}:
                continue
            found[name] = keys[0] if keys else ""
    return sorted(found.items())


def doors_to_review() -> list[tuple[str, str]]:
    """Name and key of each address that takes the id of a review."""
    return _named(OF_A_REVIEW, with_key=True)


def doors_to_dispute() -> list[tuple[str, str]]:
    return _named(OF_A_DISPUTE, with_key=True)


def lists_of_reviews() -> list[str]:
    names = _named((*OF_A_REVIEW, *OF_A_DISPUTE), with_key=False)
    return [name for name, _key in names]


def paths_to(review: Review) -> list[str]:
    """The path of each address that leads to this review or to a dispute of it."""
    paths = [reverse(name, kwargs={key: review.pk}) for name, key in doors_to_review()]
    for dispute in Dispute.objects.filter(review=review):
        paths += [
            reverse(name, kwargs={key: dispute.pk}) for name, key in doors_to_dispute()
        ]
    return paths


def list_paths(review: Review) -> list[str]:
    """Each list, export and search in which this review could turn up."""
    paths = [reverse(name) for name in lists_of_reviews()]
    page = reverse("qa:reviews")
    searched = reverse("admin:qa_review_changelist")
    paths += [
        f"{page}?csv=1",
        f"{page}?state={review.state}",
        f"{page}?kind={review.kind}&csv=1",
        f"{searched}?q={review.ticket_id}",
        f"{reverse('admin:search')}?s={review.ticket_id}",
        f"{reverse('api-review-list')}?ticket={review.ticket_id}",
        reverse("admin:tickets_ticket_change", args=[review.ticket_id]),
        reverse("admin:index"),
        reverse("qa:inbox"),
        reverse("qa:overview"),
        reverse("qa:me"),
        reverse("qa:agent", args=[review.agent_id]),
    ]
    if review.calibration_item:
        session = review.calibration_item.session_id
        paths += [
            reverse(name, args=[session])
            for name in (
                "qa:calibration",
                "qa:calibration-minutes",
                "qa:calibration-minutes-file",
                "admin:qa_calibrationsession_change",
                "admin:qa_calibrationsession_history",
                "api-calibration-detail",
            )
        ]
    for model, field in (("dispute", "review"), ("reviewevent", "review")):
        query = f"app_label=qa&model_name={model}&field_name={field}&term="
        paths.append(f"{reverse('admin:autocomplete')}?{query}")
    return paths


def read(person: User, path: str) -> tuple[int, str]:
    """Open an address as this person, with a session and, for the API, with a token."""
    if path.startswith("/api/"):
        response = caller(user=person).get(path)
    else:
        client = Client()
        client.force_login(person)
        response = client.get(path, follow=True)
    if response.streaming:
        content = b"".join(response.streaming_content)
    else:
        content = response.content
    return response.status_code, content.decode(errors="replace")


def send(person: User, path: str) -> int:
    if path.startswith("/api/"):
        return caller(user=person).post(path, {}).status_code
    client = Client()
    client.force_login(person)
    return client.post(path, {}).status_code


def leaks(person: User, review: Review) -> list[str]:
    """Where this person can read the review, learn of its score, or is led to it."""
    link = f"/quality/reviews/{review.pk}/"
    led = (SECRET, str(SCORE), link)
    found = []
    for path in paths_to(review):
        status, content = read(person, path)
        assert status < 500, (path, status)
        if SECRET in content or str(SCORE) in content:
            found.append(path)
    for path in list_paths(review):
        status, content = read(person, path)
        assert status < 500, (path, status)
        if any(mark in content for mark in led):
            found.append(path)
    told = Notification.objects.filter(recipient=person)
    found += [
        f"notification: {row.title}"
        for row in told
        if any(mark in f"{row.title} {row.body} {row.url}" for mark in led)
    ]
    return found

"""Reading times as they are written: the format and the zone are told, never guessed."""

import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from tickets.imports.core.neutral import (
    MICROSECONDS,
    ImportFileRefused,
    RecordRefused,
)

ISO = "iso"
EPOCH = "epoch"
EPOCH_MS = "epoch_ms"

FIRST_YEAR, LAST_YEAR = 1970, 2199

_OFFSET = re.compile(r"^([+-])(\d{2}):?(\d{2})$")
_EPOCH_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


class ZoneMissing(ImportFileRefused):
    """The file's clock has no zone, and nobody said which one it means."""


def parse_zone(name: str) -> tzinfo:
    """Return the zone called ``name``: ``UTC``, ``Europe/Rome`` or ``+01:00``.

    Raises
    ------
    ValueError
        When there is no such zone.
    """
    text = name.strip()
    if text.upper() in {"Z", "UTC"}:
        return UTC
    if match := _OFFSET.match(text):
        sign = -1 if match[1] == "-" else 1
        offset = sign * timedelta(hours=int(match[2]), minutes=int(match[3]))
        if int(match[3]) < 60 and abs(offset) <= timedelta(hours=14):
            return timezone(offset)
    try:
        return zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"“{name}” is no time zone. Use a name such as Europe/Berlin, UTC, "
            "or an offset such as +01:00."
        ) from None


class Clock:
    """Turns the times of one file into UTC microseconds since 1970.

    Parameters
    ----------
    layout
        ``"iso"`` (ISO 8601), ``"epoch"`` or ``"epoch_ms"`` (a number), or a format of
        ``datetime.strptime`` such as ``"%d/%m/%Y %H:%M"``. ``""`` means: not told;
        ISO 8601 is then the only form accepted.
    zone
        What times without an offset of their own mean. ``None``: such a time refuses
        the file.
    """

    def __init__(self, layout: str, zone: tzinfo | None) -> None:
        self.layout = layout
        self.zone = zone

    def read(self, text: str) -> int:
        """Return the moment written as ``text``.

        Raises
        ------
        RecordRefused
            When the text is no such time, lies outside 1970–2199, or is a local time
            that the zone skipped.
        ZoneMissing
            When it carries no offset and no zone was given.
        ImportFileRefused
            When no format was told and the text is not ISO 8601.
        """
        return self._microseconds(self._aware(self._parse(text.strip()), text))

    def _parse(self, text: str) -> datetime:
        if not text:
            raise RecordRefused("has no time")
        if self.layout in {EPOCH, EPOCH_MS}:
            return self._from_epoch(text)
        try:
            if self.layout in {ISO, ""}:
                return datetime.fromisoformat(text)
            return datetime.strptime(text, self.layout)  # noqa: DTZ007 -- zoned below
        except ValueError:
            if not self.layout:
                raise ImportFileRefused(
                    f"“{text[:60]}” is not an ISO 8601 time, and the mapping has no "
                    "“timestamp_format”. Day and month are never guessed: add one "
                    "such as “%d/%m/%Y %H:%M”."
                ) from None
            wanted = "ISO 8601" if self.layout == ISO else self.layout
            raise RecordRefused(f"time “{text[:60]}” does not fit {wanted}") from None

    def _from_epoch(self, text: str) -> datetime:
        scale = 1000 if self.layout == EPOCH_MS else 1
        try:
            return _EPOCH_ZERO + timedelta(seconds=float(text) / scale)
        except (ValueError, OverflowError):
            raise RecordRefused(f"time “{text[:60]}” is no epoch number") from None

    def _aware(self, parsed: datetime, text: str) -> datetime:
        if parsed.tzinfo is not None:
            return parsed
        if self.zone is None:
            raise ZoneMissing(
                f"The time “{text[:60]}” has no zone, so the file does not say when "
                "that was."
            )
        local = parsed.replace(tzinfo=self.zone)
        if not isinstance(self.zone, timezone):
            back = local.astimezone(UTC).astimezone(self.zone)
            if back.replace(tzinfo=None) != parsed:
                raise RecordRefused(
                    f"{text[:60]} never was a local time in {self.zone}: the clocks "
                    "went forward over it. Is the zone right?"
                )
        return local

    def _microseconds(self, aware: datetime) -> int:
        if not FIRST_YEAR <= aware.year <= LAST_YEAR:
            raise RecordRefused(
                f"year {aware.year} is not between {FIRST_YEAR} and {LAST_YEAR}"
            )
        since = aware - _EPOCH_ZERO
        whole = since.days * 86_400 + since.seconds
        return whole * MICROSECONDS + since.microseconds

"""Durations as people write them: ``15 min``, ``1 h 30``, ``2 d``, ``5 wd``."""

import re

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR

_UNITS = {
    "s": 1,
    "sec": 1,
    "m": MINUTE,
    "min": MINUTE,
    "mins": MINUTE,
    "minute": MINUTE,
    "minutes": MINUTE,
    "h": HOUR,
    "hr": HOUR,
    "hour": HOUR,
    "hours": HOUR,
    "d": DAY,
    "day": DAY,
    "days": DAY,
}
_WORKING_DAY_UNITS = frozenset({"wd", "bd"})
_NEXT_SMALLER = {DAY: HOUR, HOUR: MINUTE, MINUTE: 1}
_PART = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([a-z]*)", re.IGNORECASE)
_CLOCK = re.compile(r"(\d+):([0-5]\d)")
LONGEST = 10 * 366 * DAY


def parse_duration(text: str, *, working_day: int | None = None) -> int:
    """Read a duration of open time.

    Parameters
    ----------
    text : str
        Numbers with ``s``, ``min``, ``h``, ``d`` or ``wd`` (working days); a last number
        without a unit is the next smaller one (``1 h 30``); ``1:30`` is hours and
        minutes. ``d`` is 24 open hours, whatever the calendar.
    working_day : int, optional
        Open seconds of one working day, which ``wd`` stands for.

    Returns
    -------
    int
        Seconds, at least 1.

    Raises
    ------
    ValueError
        With the text, when it cannot be read, is zero, longer than ten years, or
        needs a working day that the calendar does not have.

    Examples
    --------
    >>> parse_duration("1 h 30"), parse_duration("15 min"), parse_duration("2 d")
    (5400, 900, 172800)
    >>> parse_duration("5 wd", working_day=9 * 3600)
    162000
    """
    clock = _CLOCK.fullmatch(text.strip())
    if clock:
        seconds = int(clock[1]) * HOUR + int(clock[2]) * MINUTE
    else:
        seconds = _sum_of_parts(text, working_day)
    if not 1 <= seconds <= LONGEST:
        raise ValueError(f"not a duration between 1 second and 10 years: {text!r}")
    return seconds


def _sum_of_parts(text: str, working_day: int | None) -> int:
    total = 0.0
    position = 0
    previous: int | None = None
    cleaned = text.strip()
    while position < len(cleaned):
        part = _PART.match(cleaned, position)
        if part is None:
            raise ValueError(f"not a duration: {text!r}")
        unit = _unit(part[2].lower(), previous, working_day, text)
        total += float(part[1].replace(",", ".")) * unit
        previous = unit
        position = part.end()
    if previous is None:
        raise ValueError(f"not a duration: {text!r}")
    return round(total)


def _unit(name: str, previous: int | None, working_day: int | None, text: str) -> int:
    if name in _WORKING_DAY_UNITS:
        if not working_day:
            raise ValueError(f"this calendar has no working day to count: {text!r}")
        return working_day
    if name:
        if name not in _UNITS:
            raise ValueError(f"unknown unit {name!r} in {text!r}")
        return _UNITS[name]
    if previous in _NEXT_SMALLER:
        return _NEXT_SMALLER[previous]
    raise ValueError(f"a unit is missing (min, h, d or wd): {text!r}")


def format_duration(seconds: int) -> str:
    """Write seconds in hours, minutes and seconds, never in days.

    A day of open time is ambiguous on a calendar that closes; hours are not. What this
    writes, :func:`parse_duration` reads back.

    Examples
    --------
    >>> format_duration(900), format_duration(5400), format_duration(450)
    ('15 min', '1 h 30 min', '7 min 30 s')
    """
    hours, rest = divmod(seconds, HOUR)
    minutes, left = divmod(rest, MINUTE)
    parts = [(hours, "h"), (minutes, "min"), (left, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"


def explain_duration(seconds: int, working_day: int | None = None) -> str:
    """The hours, and how many working days they fill where that tells more.

    Examples
    --------
    >>> explain_duration(2 * DAY, 9 * HOUR), explain_duration(900, 9 * HOUR)
    ('48 h = 5.3 wd', '15 min')
    """
    text = format_duration(seconds)
    if not working_day or working_day >= DAY or seconds < working_day:
        return text
    return f"{text} = {seconds / working_day:.3g} wd"

from datetime import UTC, datetime

from django.utils.formats import date_format, localize

MOMENT = datetime(2026, 11, 22, 14, 45, tzinfo=UTC)


def test_dates_are_written_day_month_year_with_24_hours():
    assert localize(MOMENT) == "22 Nov 2026, 14:45"
    assert localize(MOMENT.date()) == "22 Nov 2026"
    assert date_format(MOMENT, "SHORT_DATETIME_FORMAT") == "22 Nov 2026, 14:45"
    assert localize(MOMENT.time()) == "14:45"

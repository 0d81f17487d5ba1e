import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.capacity.core.forecast_series import weekly, working_half_hours

COMMAND = "backtest_forecasts"


@pytest.fixture
def daily(tmp_path):
    return written(tmp_path / "daily.csv", *weekly(120, seed=1))


@pytest.fixture
def half_hours(tmp_path):
    return written(tmp_path / "calls.csv", *working_half_hours(14))


def written(path, moments, volumes):
    with path.open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["timestamp", "volume"])
        writer.writerows(zip(moments.astype(str), volumes, strict=True))
    return str(path)


def run(*args):
    out = io.StringIO()
    call_command(COMMAND, *args, stdout=out)
    return out.getvalue()


def test_report_compares_methods_over_working_days(half_hours):
    text = run(half_hours, "--origins", "3", "--horizon-days", "5", "10")
    assert "70 days from 2024-01-01 to 2024-04-05" in text
    assert "intervals of 30min, closed on Sat Sun" in text
    assert "5 open days ahead, 3 origins" in text
    assert "10 open days ahead, 3 origins" in text
    for method in ("historical_average", "regression", "recipe", "best"):
        assert text.count(f"\n{method} ") == 2
    assert text.count("\nbest: ") == 2


def test_report_as_json_has_every_figure(daily):
    found = json.loads(
        run(daily, "--horizon-days", "7", "--origins", "2", "--format", "json",
            "--methods", "trend", "recipe", "--country", "US")
    )  # fmt: skip
    (report,) = found["files"]
    assert (report["freq"], report["days"], report["closed"]) == ("D", 120, [])
    (horizon,) = report["horizons"]
    assert (horizon["horizon"], horizon["origins"]) == (7, 2)
    assert set(horizon["methods"]) == {"trend", "recipe"}
    assert set(horizon["methods"]["trend"]) == {
        "wape", "day_wape", "bias", "mase", "coverage", "seconds", "origins",
    }  # fmt: skip
    assert horizon["best"] in {"trend", "recipe"}


def test_several_files_are_reported_one_after_another(daily, half_hours):
    text = run(daily, half_hours, "--origins", "1", "--methods", "trend")
    assert text.index("daily.csv") < text.index("calls.csv")


def test_a_planted_outlier_is_said_and_does_little_to_the_recipe(daily):
    asked = ("--horizon-days", "7", "--origins", "3", "--methods", "recipe")
    calm = json.loads(run(daily, *asked, "--format", "json"))
    wild = json.loads(run(daily, *asked, "--format", "json", "--plant-outlier"))
    assert "third day before each origin changed by +300 %" in run(
        daily, *asked, "--plant-outlier"
    )
    before, after = (
        found["files"][0]["horizons"][0]["methods"]["recipe"]["wape"]
        for found in (calm, wild)
    )
    assert after != before
    assert after <= before + 0.03


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "missing: timestamp, volume"),
        ("timestamp,calls\n2024-01-01,3\n", "missing: volume"),
        ("timestamp,volume\n", "no rows below the first line"),
        ("timestamp,volume\n2024-01-01,3\nsoon,4\n", "line 3"),
        ("timestamp,volume\n2024-01-01,many\n", "line 2: could not convert"),
        ("timestamp,volume\n2024-01-01,-4\n", "volume -4 at position 0 is negative"),
        ("timestamp,volume\n2024-01-01T09:07,4\n", "quarters of an hour"),
        ("timestamp,volume\n2024-01-01,4\n2024-01-02,4\n", "no room for 5 days"),
    ],
)
def test_a_bad_file_is_refused_in_words(tmp_path, content, words):
    path = tmp_path / "bad.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match=words):
        run(str(path))


def test_a_file_that_is_absent_or_not_text_is_refused(tmp_path):
    with pytest.raises(CommandError, match="no such file"):
        run(str(tmp_path / "none.csv"))
    path = tmp_path / "binary.csv"
    path.write_bytes(b"timestamp,volume\n\xff\xfe\x00")
    with pytest.raises(CommandError, match="not a CSV file in UTF-8"):
        run(str(path))


def test_an_unknown_country_and_a_horizon_of_nothing_are_refused(daily):
    with pytest.raises(CommandError, match="no holidays are known for country 'XQ'"):
        run(daily, "--country", "XQ")
    with pytest.raises(CommandError, match="must be at least 1: 0"):
        run(daily, "--horizon-days", "0")

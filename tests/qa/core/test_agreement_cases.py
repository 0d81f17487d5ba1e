"""Every published figure of the reference cases, to the digits printed."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa.core.agreement import (
    cohen_kappa,
    gwet_agreement,
    icc,
    icc_interval,
    kappa_agreement,
    kappa_error,
    krippendorff_alpha,
    mean_squares,
)
from qa.core.control_charts import ewma, p_chart
from qa.core.reliability_size import subjects_needed
from supportops.metrics.core.intervals import share_interval

CASES = Path(__file__).parents[4] / "shared" / "cases" / "agreement_cases.json"
# Scores have no ratio scale (80 points are not twice as good as 40), so no ratio alpha.
NOT_OFFERED = {"alpha_ratio"}
# Stein's estimate stands beside our estimated shrinkage in test_severity.
ELSEWHERE = {"efron_morris1977_batting"}
FORMS = {"1": "1", "2": "A", "3": "C"}

Case = dict[str, Any]


def cases() -> list[Any]:
    if not CASES.exists():
        reason = "the shared reference cases are not beside this checkout"
        return [pytest.param({}, marks=pytest.mark.skip(reason=reason), id="absent")]
    return [
        pytest.param(row, id=row["id"])
        for row in json.loads(CASES.read_text())["cases"]
        if row["id"] not in ELSEWHERE
    ]


def spelled(table: list[list[int]]) -> tuple[list[int], list[int]]:
    rows, columns = np.indices(np.shape(table))
    times = np.ravel(table)
    return (
        (rows.ravel().repeat(times) + 1).tolist(),
        (columns.ravel().repeat(times) + 1).tolist(),
    )


def alphas(case: Case) -> dict[str, float]:
    return {
        f"alpha_{level}": krippendorff_alpha(case["data"]["ratings"], level)
        for level in ("nominal", "ordinal", "interval")
    }


def identities(case: Case) -> dict[str, float]:
    shelf = {row["id"]: row for row in json.loads(CASES.read_text())["cases"]}
    canonical = alphas(shelf[case["data"]["same_as"]])
    hayes = alphas(shelf["hayes_krippendorff2007"])
    return {
        "interval_from_sums": canonical["alpha_interval"],
        "ordinal_from_midranks": canonical["alpha_ordinal"],
        "hayes_ordinal_from_midranks": hayes["alpha_ordinal"],
    }


def correlations(case: Case) -> dict[str, float]:
    ratings = np.transpose(case["data"]["ratings"])
    squares = mean_squares(ratings)
    found = {
        "BMS": squares.between,
        "WMS": squares.within,
        "JMS": squares.reviewer,
        "EMS": squares.rest,
    }
    for number, kind in FORMS.items():
        for of in ("1", "k"):
            name, form = f"ICC({number},{of})", f"{kind},{of}"
            low, high = icc_interval(ratings, form)
            found |= {
                name: icc(ratings, form),
                f"{name}_ci_low": low,
                f"{name}_ci_high": high,
            }
    return found


def fleiss(case: Case) -> dict[str, float]:
    """Fleiss' kappa is nominal alpha without its correction for small samples."""
    counts = np.array(case["data"]["counts"])
    ratings = np.array([np.repeat(np.arange(row.size), row) for row in counts]).T
    alpha = krippendorff_alpha(ratings, "nominal")
    n = counts.sum()
    return {"fleiss_kappa": 1 - (1 - alpha) * n / (n - 1)}


def tables(case: Case) -> dict[str, float]:
    first, second = spelled(case["data"]["table"])
    plain = kappa_agreement(first, second)
    one = gwet_agreement([first, second])
    two = gwet_agreement([first, second], "quadratic")
    error = kappa_error(first, second)
    found = {
        "po": plain.observed,
        "pe": plain.expected,
        "kappa": plain.value,
        "kappa_ase": error,
        "kappa_low": plain.value - 1.959964 * error,
        "kappa_high": plain.value + 1.959964 * error,
        "linear_weighted_kappa": cohen_kappa(first, second, "linear"),
        "lw_ase": kappa_error(first, second, "linear"),
        "gwet_ac1": one.value,
        "pe_ac1": one.expected,
        "AC1_unweighted_coefficient": one.value,
        "AC1_unweighted_pa": one.observed,
        "AC1_unweighted_pe": one.expected,
        "AC2_quadratic_coefficient": two.value,
        "AC2_quadratic_pa": two.observed,
        "AC2_quadratic_pe": two.expected,
    }
    weights = case["data"].get("disagreement_weights")
    if weights:
        weighted = cohen_kappa(first, second, weights)
        found |= {"weighted_kappa": weighted, "weighted_kappa_direct": weighted}
    return found


def sizes(case: Case) -> dict[str, float]:
    given = case["data"]
    needed = subjects_needed(
        given["rho0"],
        given["rho1"],
        given["k"],
        alpha=given["alpha"],
        power=1 - given["beta"],
    )
    return {"subjects_ceil": needed}


def shares(case: Case) -> dict[str, float]:
    found = {}
    for hits, total in case["data"]["cases"]:
        low, high = share_interval([hits], [total])[0]
        found |= {f"{hits}/{total}_low": low, f"{hits}/{total}_high": high}
    return found


def share_chart(case: Case) -> dict[str, float]:
    hits = case["data"]["nonconforming"]
    chart = p_chart(hits, [case["data"]["n"]] * len(hits))
    found = {"p_bar": chart.centre, "ucl": chart.upper[0], "lcl": chart.lower[0]}
    return found | {
        f"out_of_control_sample_{at + 1}": float(beyond)
        for at, beyond in enumerate(chart.beyond)
    }


def smoothed_chart(case: Case) -> dict[str, float]:
    given = case["data"]
    chart = ewma(
        given["x"], centre=given["target"], sd=given["s"], weight=given["lambda"]
    )
    late = ewma(
        [50.0] * 200, centre=given["target"], sd=given["s"], weight=given["lambda"]
    )
    found = {f"z{at + 1}": point for at, point in enumerate(chart.points)}
    return found | {"ucl": late.upper[-1], "lcl": late.lower[-1]}


COMPUTE = {
    "krippendorff2011_canonical": alphas,
    "krippendorff2004_multicat_p227": alphas,
    "hayes_krippendorff2007": alphas,
    "shrout_fleiss1979": correlations,
    "fleiss_wikipedia": fleiss,
    "cohen1960_p45": tables,
    "cohen1968_weighted": tables,
    "sas_kappa_se": tables,
    "gwet_fixture_02_cohen_ex1": tables,
    "gwet_fixture_03_cohen_ex2": tables,
    "gwet_hand_10items": tables,
    "walter1998_icc_n": sizes,
    "newcombe1998_wilson": shares,
    "montgomery_pchart_oj": share_chart,
    "nist_ewma": smoothed_chart,
    "identity_closed_form": identities,
}


@pytest.mark.parametrize("case", cases())
def test_reference_case_is_reproduced_to_its_printed_digits(case):
    found = COMPUTE[case["id"]](case)
    for expected in case["expected"]:
        name, digits = expected["name"], expected["digits_verified"]
        if name in NOT_OFFERED:
            continue
        # A figure may be rounded or cut off in print: half a unit of what was computed.
        away = min(
            abs(found[name] - expected["published"]),
            abs(found[name] - expected["computed"]),
        )
        assert away <= 0.5 * 10.0**-digits + 1e-12, (name, found[name])
        assert not math.isnan(found[name])

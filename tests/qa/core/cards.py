"""Scorecards and answers that hypothesis makes up, and a plain loop to score them."""

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from hypothesis import strategies as st

from qa.core.scorecard import (
    AS_FULL,
    CHECKLIST,
    CRITICALITIES,
    EXCLUDE,
    FAIL_POLICIES,
    LEVELS,
    Check,
    Criterion,
    Level,
    Scorecard,
    Section,
)
from qa.core.scoring import Given

WEIGHTS = st.integers(0, 40)


@st.composite
def criteria(draw, key: str) -> Criterion:
    is_checklist = draw(st.booleans())
    steps = draw(st.lists(st.integers(1, 30), min_size=2, max_size=5, unique=True))
    points = sorted(steps, reverse=True)
    if draw(st.booleans()):
        points[-1] = 0
    return Criterion(
        key,
        key.title(),
        draw(WEIGHTS),
        kind=CHECKLIST if is_checklist else LEVELS,
        levels=() if is_checklist else tuple(Level(f"p{p}", f"{p}", p) for p in points),
        checks=tuple(Check(f"b{n}", f"Box {n}") for n in range(3))
        if is_checklist
        else (),
        na_allowed=True,
        critical=draw(st.sampled_from(CRITICALITIES)),
        critical_below=draw(st.sampled_from([None, 1, 5])),
    )


@st.composite
def cards(draw, **settings) -> Scorecard:
    sections = []
    for number in range(draw(st.integers(1, 3))):
        count = draw(st.integers(0, 3))
        rows = tuple(draw(criteria(f"c{number}_{at}")) for at in range(count))
        sections.append(Section(f"s{number}", f"S{number}", draw(WEIGHTS), rows))
    return Scorecard(
        tuple(sections),
        na_policy=settings.get("na_policy")
        or draw(st.sampled_from([EXCLUDE, AS_FULL])),
        fail_policy=draw(st.sampled_from(FAIL_POLICIES)),
    )


@st.composite
def answers_to(draw, card: Scorecard) -> dict[str, Given]:
    return {each.key: draw(_answer(each)) for each in card.criteria()}


def _answer(criterion: Criterion) -> st.SearchStrategy[Given]:
    if criterion.kind == CHECKLIST:
        boxes = st.frozensets(st.sampled_from([c.key for c in criterion.checks]))
        given = boxes.map(lambda ticked: Given(checked=ticked))
    else:
        keys = [level.key for level in criterion.levels]
        given = st.sampled_from(keys).map(lambda key: Given(level=key))
    return st.one_of(given, given, st.just(Given(is_na=True)), st.just(Given()))


def best_answers(card: Scorecard) -> dict[str, Given]:
    return {
        each.key: Given(checked=frozenset(check.key for check in each.checks))
        if each.kind == CHECKLIST
        else Given(level=each.levels[0].key)
        for each in card.criteria()
    }


def scaled(card: Scorecard, factor: int) -> Scorecard:
    return replace(
        card,
        sections=tuple(
            replace(
                section,
                weight=section.weight * factor,
                criteria=tuple(
                    replace(each, weight=each.weight * factor)
                    for each in section.criteria
                ),
            )
            for section in card.sections
        ),
    )


def by_a_plain_loop(card: Scorecard, answers: dict[str, Given]) -> Decimal | None:
    """The raw score with all criteria shown, written down step by step."""
    top, bottom = Fraction(0), Fraction(0)
    for section in card.sections:
        gained, weighed = Fraction(0), Fraction(0)
        for each in section.criteria:
            given = answers[each.key]
            if given.is_na and card.na_policy == EXCLUDE:
                continue
            if given.is_na:
                share = Fraction(1)
            elif each.kind == CHECKLIST:
                share = Fraction(len(given.checked), 3)
            elif not given.level:
                continue
            else:
                share = Fraction(int(given.level[1:]), int(each.levels[0].key[1:]))
            gained += share * int(each.weight)
            weighed += int(each.weight)
        if weighed and section.weight:
            top += int(section.weight) * gained / weighed
            bottom += int(section.weight)
    if not bottom:
        return None
    hundred = 100 * top / bottom
    with localcontext(prec=80):
        exact = Decimal(hundred.numerator) / Decimal(hundred.denominator)
        return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)

"""Schedules by location: what is wrong with one, and each location's share of the tax."""

from __future__ import annotations

import pytest

from fisc.domain.tax_returns.calculations import checking, locations, returns

AtLocation = returns.AtLocation
Kind = checking.Kind


def filing(*at: AtLocation, gross: int = 1_000_000, deducted: int = 100_000) -> returns.Filing:
    line = returns.Line(
        region="MS",
        business_class="17",
        gross_cents=gross,
        deductions=(returns.Deduction("503", deducted),),
        by_location=at,
    )
    return returns.Filing(lines=(line,), is_on_time=True)


def found(of: returns.Filing, *, tolerance: int = 0) -> list[Kind]:
    return [
        each.kind
        for each in locations.problems(of, locations=["A", "B"], tolerance_cents=tolerance)
    ]


class TestProblems:
    def test_of_a_schedule_that_adds_up_are_none(self) -> None:
        right = filing(AtLocation("A", 600_000, 100_000), AtLocation("B", 400_000))

        assert found(right) == []

    def test_a_line_without_its_schedule_is_one_only_where_there_are_locations(self) -> None:
        assert found(filing()) == [Kind.NO_SCHEDULE]
        assert locations.problems(filing(), locations=(), tolerance_cents=0) == ()

    def test_everything_is_said_at_once_in_two_languages(self) -> None:
        wrong = filing(
            AtLocation("A", 500_000, 600_000),
            AtLocation("A", 100_000, -1),
            AtLocation("C", 400_000),
        )

        said = locations.problems(wrong, locations=["A", "B"], tolerance_cents=0)

        assert [each.kind for each in said] == [
            Kind.DOUBLED_LOCATION,
            Kind.UNKNOWN_LOCATION,
            Kind.LOCATION_OVER_GROSS,
            Kind.NEGATIVE,
            Kind.LOCATIONS_DO_NOT_ADD_UP,
        ]
        assert said[-1].said("en").startswith("Line 1: Deductions by location: $5,999.99 in all.")
        assert "Las deducciones por local: $5,999.99" in said[-1].said("es")

    @pytest.mark.parametrize(("tolerance", "kinds"), [(100, 0), (99, 1)])
    def test_sums_may_be_apart_by_the_tolerance(self, tolerance: int, kinds: int) -> None:
        off = filing(AtLocation("A", 600_100, 100_000), AtLocation("B", 400_000))

        assert len(found(off, tolerance=tolerance)) == kinds


class TestShares:
    @pytest.mark.parametrize(
        ("tax", "at", "shares"),
        [
            # 13,500 over 500,000 and 400,000 that are left: five and four ninths.
            (13_500, [(600_000, 100_000), (400_000, 0)], [7_500, 6_000]),
            # 100 over three alike: the cent left over is the first's.
            (100, [(5, 0), (5, 0), (5, 0)], [34, 33, 33]),
            # 101 over 1 and 2: 33.67 and 67.33; the larger fraction has the cent.
            (101, [(1, 0), (2, 0)], [34, 67]),
            # Nothing is left of any: by receipts; and without those alike.
            (9, [(2, 2), (1, 1)], [6, 3]),
            (3, [(0, 0), (0, 0)], [2, 1]),
            # A tax below zero loses no cent either.
            (-100, [(1, 0), (1, 0), (1, 0)], [-33, -33, -34]),
        ],
    )
    def test_add_up_to_the_tax(
        self, tax: int, at: list[tuple[int, int]], shares: list[int]
    ) -> None:
        found = locations.shares(
            tax, [AtLocation(f"{n}", gross, less) for n, (gross, less) in enumerate(at)]
        )

        assert found == shares
        assert sum(found) == tax

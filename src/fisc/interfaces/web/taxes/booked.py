"""What the books have of a return's period: its items, what of them is open, what was paid when."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.queries import owed, postings
from fisc.domain.tax_returns.queries import returns as queries
from fisc.interfaces.web import languages
from fisc.interfaces.web.taxes import names


@dataclasses.dataclass(frozen=True)
class Row:
    """An item of the period with what it is called."""

    words: str
    item: postings.PostedItem

    @property
    def panel(self) -> str:
        """Name the place on the page where it is explained."""
        return f"why-item-{self.item.item_id}"


@dataclasses.dataclass(frozen=True)
class Booked:
    """A period in the books."""

    rows: Sequence[Row]
    settled: Sequence[tuple[datetime.date, int]]

    @property
    def open_cents(self) -> int:
        """What of the period is open; below zero is the account's."""
        return sum(each.item.open_cents for each in self.rows)


def of(kept: queries.Kept) -> Booked:
    """Return what the books have of the period of a return."""
    standing = postings.standing(kept.account_id, starts_on=kept.days.starts_on)
    regions = code_lists.codes_by_id(names.REGIONS)
    return Booked(
        rows=[
            Row(
                " ".join(
                    [
                        owed.part_words(each.key.part, language=languages.current()),
                        *([regions[each.key.region_id].code] if each.key.region_id else []),
                    ]
                ),
                each,
            )
            for each in standing.items
        ],
        settled=postings.settlements(
            kept.account_id, starts_on=kept.days.starts_on, parts=choices.Part.values
        ),
    )


def to_the_good(kept: queries.Kept) -> tuple[int, int]:
    """Return what lessens a period's cost, each below zero or nothing, in cents.

    What of its penalty and interest is settled or waived, and what of its tax was paid and is no
    longer owed, as an amendment downward leaves it.
    """
    there = postings.standing(kept.account_id, starts_on=kept.days.starts_on)
    waived = there.charged(choices.Part.WAIVED_PENALTY, choices.Part.WAIVED_INTEREST)
    settled = there.settled(*choices.PENALTY_PARTS) + there.settled(*choices.INTEREST_PARTS)
    return waived - settled, min(there.open(*choices.TAX_PARTS), 0)

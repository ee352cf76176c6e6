"""Which table computes which worked example, and which examples nothing computes yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Covered:
    """A table file; facts that the example only tells in words; names that are no FEEL names."""

    file: str
    facts: Mapping[str, int] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)


_BY_FILE = {
    "tax_factors_contracting": ["tax-factor-mesa-contracting-constants"],
    "tax_factor_of_total": ["tax-factor-aac"],
    "tax_factor_of_retail": ["tax-factor-mesa-retail-8.3"],
    "tax_interest_by_day": ["tax-interest-tn-1", "tax-interest-tn-2"],
    "tax_rate_combined": ["tax-combined-scottsdale-2019", "tax-combined-scottsdale-2004"],
    "tax_rate_lodging": [
        "tax-bed-stack-carefree",
        "tax-bed-stack-cave-creek",
        "tax-bed-stack-chandler",
        "tax-bed-stack-casa-grande",
    ],
    "tax_ad_valorem": ["tax-advalorem-tallahassee"],
    "tax_penalty_monthly": [f"tax-penalty-ador-{months}m" for months in (1, 2, 5, 8)],
    "license_by_sales": ["lic-locust-gross"],
    "license_by_gross_receipts": [
        "lic-thousandoaks-1000000",
        "lic-thousandoaks-2000000",
        "lic-thousandoaks-4000000",
    ],
    "license_by_unit": ["lic-scottsdale-rental-10", "lic-scottsdale-rental-40"],
    "license_penalty_by_month": [
        f"lic-fl-205.053-{paid}" for paid in ("Nov", "Jan", "Feb", "unlicensed")
    ],
    "returned_payment_by_face": [
        f"nsf-fl-{face}" for face in ("300.00", "300.01", "800.00", "800.20")
    ],
    "returned_payment_with_reconnect": ["nsf-lakewales"],
    "electric_with_demand": ["util-pseg-store"],
    "electric_in_blocks": ["util-seymour-winter-1200"],
    "electric_base_and_fuel": ["util-lakeland-1000kwh-apr2016", "util-lakeland-1000kwh-prev"],
    "electric_large_commercial": ["util-goodland-largecomm-lines"],
    "combined_residential": ["util-goodland-residential"],
    "water_by_budget": ["util-owrs-irrigation-budget"],
    "water_commercial": ["util-owrs-commercial"],
    "water_quarterly_blocks": ["util-ardenhills-10k", "util-ardenhills-50k"],
    "sewer_flat_and_fixed": [
        "util-hutchinson-flatsewer-waiver",
        "util-hutchinson-flatsewer-inside",
    ],
    "sewer_in_blocks": ["util-oakley-sewer-16k"],
    "water_two_tiers": ["util-hdwd-example"],
    "stormwater_rounded_up": ["storm-charlottesville"],
    "stormwater_with_retention": ["storm-dc-retention"],
    "stormwater_rounded_to_nearest": ["storm-berkeley"],
    "proration_by_days": ["prorate-30-19"],
    "leak_half_of_excess": ["leak-wildwood"],
    "share_of_overheads": ["assess-centerville-overhead"],
    "share_by_acres": ["assess-ramsey-sewer"],
    "payback_administration": [
        "payback-clarkdale-admin-8000",
        "payback-clarkdale-admin-10000",
    ],
    "payback_remittance": ["payback-tillamook-net"],
}

COVERED = {example: Covered(file) for file, ids in _BY_FILE.items() for example in ids} | {
    # Its period is told as "04-01..05-15 (45 days)", the new rate from 04-16.
    "prorate-oracle-quantity": Covered(
        "proration_of_quantity", facts={"days_before": 15, "period_days": 45}
    ),
    "deposit-interest-resman": Covered(
        "deposit_interest_by_year", decisions={"2013": "interest_2013", "2014": "interest_2014"}
    ),
}

# Examples with a test of their own beside this one.
ELSEWHERE = {
    **{f"tax-duedate-2024-{month}": "test_due_days" for month in ("02", "04", "07", "08", "11")},
    **{
        f"fmt-{name}": "test_check_digits"
        for name in ("scanline-creditron-2", "aba-check", "scanline-sc-des")
    },
}

NOT_YET = {
    "fmt-nacha-totals": "no bank files are written yet",
    "fmt-imb-usps": "no mail barcodes are made yet",
}

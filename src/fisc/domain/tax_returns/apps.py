"""Tax returns: what is due of a period, what paying late costs, on which days."""

from django.apps import AppConfig


class TaxReturnsConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.domain.tax_returns"
    label = "tax_returns"

    def ready(self) -> None:
        """Have refunds and clearances ask what tax accounts hold against them, and bear."""
        # Models cannot be named before every application has started.
        from fisc.domain.accounts import declarations as clearing  # noqa: PLC0415
        from fisc.domain.disbursements.queries import bearing, guards  # noqa: PLC0415
        from fisc.domain.tax_returns.queries import (  # noqa: PLC0415
            bonds,
            credit_interest,
            refundable,
        )

        guards.add(refundable.hindrances)
        bearing.add(credit_interest.borne)
        clearing.add(bonds.hindrance)

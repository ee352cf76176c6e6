"""What filers worked out and wrote on their returns, as it stood there."""

from __future__ import annotations

from django.db import models

from fisc.domain.tax_returns.models.filed import TaxReturn


class FiledFigure(models.Model):
    """A figure that the filer worked out and wrote, beside what it comes to, in whole cents."""

    id = models.BigAutoField(primary_key=True)
    tax_return = models.ForeignKey(TaxReturn, on_delete=models.PROTECT, related_name="+")
    # 0 is the whole return.
    line_number = models.SmallIntegerField()
    # Of a column or box of the return's form.
    key = models.CharField(max_length=60)
    filed_cents = models.BigIntegerField()
    computed_cents = models.BigIntegerField()
    treatment = models.CharField(max_length=10)

    class Meta:
        db_table = "tax_returns_filed_figure"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["tax_return", "line_number", "key"], name="filed_figure_is_one"
            ),
            models.CheckConstraint(
                condition=models.Q(treatment__in=["accept", "correct", "disallow"]),
                name="filed_figure_was_not_refused",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tax_return"],
                condition=~models.Q(treatment="accept"),
                name="filed_figure_corrected",
            )
        ]

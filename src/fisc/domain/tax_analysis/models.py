"""Which figures left the tax office, for whom and why; only added to (0002_tax_analysis_walls)."""

from django.conf import settings
from django.db import models


class Disclosure(models.Model):
    """Figures of an analysis that somebody took out, and who was to have them."""

    id = models.BigAutoField(primary_key=True)
    recipient = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    for_whom = models.CharField(max_length=200)
    why = models.CharField(max_length=500)
    year = models.SmallIntegerField()
    rows_by = models.CharField(max_length=10)
    timing = models.CharField(max_length=10)
    taken_as = models.CharField(max_length=10)
    # The version of the table that said what to keep back, and how many figures it did.
    version = models.ForeignKey("rule_tables.Version", on_delete=models.PROTECT, related_name="+")
    figures = models.IntegerField()
    kept_back = models.IntegerField()
    # Of the figures as they left, one a line.
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        db_table = "tax_analysis_disclosure"
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(for_whom="") & ~models.Q(why=""),
                name="disclosure_says_for_whom_and_why",
            ),
            models.CheckConstraint(
                condition=models.Q(kept_back__gte=0, kept_back__lte=models.F("figures")),
                name="disclosure_keeps_back_some_of_its_figures",
            ),
        )

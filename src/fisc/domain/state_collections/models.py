"""The state's files as they came, and the cash that came with the city's share.

Rows are only added to (0002_state_collections_walls); what explains a difference makes it up
(0003_what_explains_a_difference).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fisc.domain.state_collections import choices


class StateFile(models.Model):
    """A file of the state; the same bytes come in once."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    # What it was read by, and the hash of that declaration.
    layout = models.CharField(max_length=100)
    layout_sha256 = models.CharField(max_length=64)
    # Who gave the license numbers in it.
    issuer = models.CharField(max_length=100)
    # The month it is of, by its first day.
    month = models.DateField()
    row_count = models.IntegerField()
    # Of the amounts; in whole cents.
    total_cents = models.BigIntegerField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "state_collections_file"
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.FileKind.values), name="state_file_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="state_file_is_of_a_month"
            ),
        )


class StateRow(models.Model):
    """A row of a file, as it came; money in whole cents."""

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(StateFile, on_delete=models.PROTECT, related_name="+")
    line = models.IntegerField()
    license_number = models.CharField(max_length=200)
    name = models.CharField(max_length=200, default="")
    house_number = models.CharField(max_length=200, default="")
    street = models.CharField(max_length=200, default="")
    unit = models.CharField(max_length=200, default="")
    business_class = models.CharField(max_length=200, default="")
    period = models.DateField(null=True)
    received_on = models.DateField(null=True)
    gross_cents = models.BigIntegerField(null=True)
    amount_cents = models.BigIntegerField(null=True)

    class Meta:
        db_table = "state_collections_row"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("file", "line"), name="state_row_line_is_one"),
        )
        indexes = (models.Index(fields=("license_number",), name="state_row_by_license"),)


class Deposit(models.Model):
    """The cash that came with a distribution file, as a person read it from the bank's word."""

    id = models.BigAutoField(primary_key=True)
    file = models.OneToOneField(StateFile, on_delete=models.PROTECT, related_name="+")
    deposited_on = models.DateField()
    cents = models.BigIntegerField()
    # Cash less what the file says, and what explains it.
    difference_cents = models.BigIntegerField()
    why = models.CharField(max_length=500, default="")
    posting_day = models.DateField()
    entry = models.ForeignKey(
        "ledger.JournalEntry",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        db_table = "state_collections_deposit"
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="deposit_has_cash"),
            models.CheckConstraint(
                condition=models.Q(difference_cents=0) | ~models.Q(why=""),
                name="deposit_difference_is_explained",
            ),
        )


class Explanation(models.Model):
    """A line of what explains the difference of a deposit; the lines make it up, to the cent."""

    id = models.BigAutoField(primary_key=True)
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    cents = models.BigIntegerField()
    why = models.CharField(max_length=500)

    class Meta:
        db_table = "state_collections_explanation"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("deposit", "number"), name="explanation_line_is_one"),
            models.CheckConstraint(condition=~models.Q(cents=0), name="explanation_has_an_amount"),
            models.CheckConstraint(condition=~models.Q(why=""), name="explanation_says_why"),
        )

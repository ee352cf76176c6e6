"""Tills, their receipts, and the counts that close them."""

from django.conf import settings
from django.db import models

from fisc.domain.cashiering import choices


class Till(models.Model):
    """A cashier's drawer for a day."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40)
    cashier = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    posting_day = models.DateField(db_index=True)
    float_cents = models.BigIntegerField()
    opened_at = models.DateTimeField()
    status = models.CharField(
        max_length=10, choices=choices.TillStatus, default=choices.TillStatus.OPEN
    )
    # Drawn under the lock of this row, so that a till's receipts have no gap.
    next_receipt_number = models.IntegerField(default=1)
    closed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Counted less expected: more is over, less is short. Known once closed.
    over_short_cents = models.BigIntegerField(null=True)
    over_short_entry = models.ForeignKey(
        "ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=choices.TillStatus.values),
                name="till_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(float_cents__gte=0), name="till_float_is_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(next_receipt_number__gte=1), name="till_receipts_start_at_one"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="closed")
                | models.Q(
                    closed_at__isnull=False,
                    approved_by__isnull=False,
                    over_short_cents__isnull=False,
                ),
                name="till_closed_with_an_approval",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | ~models.Q(approved_by=models.F("cashier")),
                name="till_approved_by_another_person",
            ),
            models.UniqueConstraint(
                fields=("cashier",),
                condition=~models.Q(status="closed"),
                name="till_one_a_cashier",
            ),
            models.UniqueConstraint(
                fields=("name",), condition=~models.Q(status="closed"), name="till_one_a_drawer"
            ),
        )


class Receipt(models.Model):
    """What a payer is handed: the till's next number on one payment."""

    id = models.BigAutoField(primary_key=True)
    till = models.ForeignKey(Till, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.IntegerField()
    payment = models.OneToOneField("payments.Payment", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("till", "number"), name="receipt_number_once_a_till"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="receipt_number_is_positive"
            ),
        )


class ReceiptVoid(models.Model):
    """A receipt taken back before the next customer; its number stays used."""

    receipt = models.OneToOneField(
        Receipt, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField()
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()


class TillCount(models.Model):
    """One blind count of a drawer: what was found, before anybody saw what was expected."""

    id = models.BigAutoField(primary_key=True)
    till = models.ForeignKey(Till, on_delete=models.PROTECT, related_name="+", db_index=False)
    attempt = models.SmallIntegerField()
    # {"denominations": {code: pieces}, "tenders": {tender kind: cents}}; cash is counted by
    # denomination, everything else by its total.
    lines = models.JSONField()
    total_cents = models.BigIntegerField()
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("till", "attempt"), name="till_count_attempt_once"),
            models.CheckConstraint(
                condition=models.Q(total_cents__gte=0), name="till_count_is_not_negative"
            ),
        )

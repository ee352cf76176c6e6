"""Payments: the tenders of each, how each tender is shared over accounts, and returned tenders.

Only added to. Bulk tables: references and sums are proved a statement at a time by
0002_payments_walls (decision 0030).
"""

from typing import Any

from django.conf import settings
from django.db import models

from fisc.domain.payments import choices


def _proved_by_wall(to: Any, *, null: bool = False, indexed: bool = False) -> Any:
    """A reference that a statement trigger proves, in place of a key checked row by row."""
    return models.ForeignKey(
        to,
        null=null,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=indexed,
    )


class Payment(models.Model):
    """Money received at one time from one payer, for one or more accounts."""

    id = models.BigAutoField(primary_key=True)
    # Counter, postmark or file day: decides whether it was in time.
    received_on = models.DateField()
    posting_day = models.DateField()
    bank_day = models.DateField(null=True)
    channel = models.SmallIntegerField(choices=choices.Channel)
    source_kind = models.SmallIntegerField()
    source_id = models.BigIntegerField()
    total_cents = models.BigIntegerField()
    entry = _proved_by_wall("ledger.JournalEntry")
    made_by = _proved_by_wall(settings.AUTH_USER_MODEL, null=True)
    made_at = models.DateTimeField()
    run_id = models.IntegerField(null=True)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("posting_day", "id"), name="payment_by_posting_day"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(total_cents__gt=0), name="payment_total_is_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=choices.Channel.values),
                name="payment_channel_is_known",
            ),
        )


class Tender(models.Model):
    """One means in a payment: what was kept of it, what was handed over, what went back."""

    id = models.BigAutoField(primary_key=True)
    payment = _proved_by_wall(Payment, indexed=True)
    kind = _proved_by_wall("code_lists.Code")
    amount_cents = models.BigIntegerField()
    given_cents = models.BigIntegerField()
    # A check's number or a processor's reference. Never a card number.
    reference = models.CharField(max_length=60, default="")

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0), name="tender_amount_is_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(given_cents__gte=models.F("amount_cents")),
                name="tender_change_is_not_negative",
            ),
            # Thirteen to nineteen digits could be a card's; nobody may write one down here.
            models.CheckConstraint(
                condition=~models.Q(reference__regex=r"([0-9][ -]?){13,}"),
                name="tender_reference_is_no_card_number",
            ),
        )


class TenderShare(models.Model):
    """What one tender gave to one account."""

    id = models.BigAutoField(primary_key=True)
    tender = _proved_by_wall(Tender, indexed=True)
    account_bucket = models.SmallIntegerField()
    account = _proved_by_wall("accounts.Account")
    amount_cents = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0), name="tender_share_is_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(account_bucket=models.F("account_id") % 4096),
                name="tender_share_bucket_is_of_account",
            ),
        )


class TenderReturn(models.Model):
    """A tender that came back, was refused, or was voided: its shares are undone."""

    id = models.BigAutoField(primary_key=True)
    tender = models.OneToOneField(Tender, on_delete=models.PROTECT, related_name="+")
    reason = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    posting_day = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

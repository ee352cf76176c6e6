"""The subledger: items, what of them is open, and how each was settled.

Items and allocations are only added to; of an open item only `open_cents` moves, and PostgreSQL
proves it equal to the item less its allocations at every write (0002_receivables_walls). These
are bulk tables: their references are proved a statement at a time (decision 0030).
"""

from typing import Any

from django.db import models

from fisc.domain.receivables import choices


def _proved_by_wall(to: Any, *, null: bool = False) -> Any:
    """A reference that a statement trigger proves, in place of a key checked row by row."""
    return models.ForeignKey(
        to,
        null=null,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )


def _bucket_is_of_account(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(account_bucket=models.F("account_id") % 4096), name=name
    )


class Item(models.Model):
    """One charge that an account owes, or one credit that it is owed."""

    id = models.BigAutoField(primary_key=True)
    account_bucket = models.SmallIntegerField()
    account = _proved_by_wall("accounts.Account")
    kind = models.SmallIntegerField(choices=choices.ItemKind)
    code = _proved_by_wall("code_lists.Code")
    amount_cents = models.BigIntegerField()
    arises_on = models.DateField()
    due_on = models.DateField(null=True)
    posting_day = models.DateField()
    entry = _proved_by_wall("ledger.JournalEntry")
    source_kind = models.SmallIntegerField()
    source_id = models.BigIntegerField()
    # The item that this one takes back.
    reverses = _proved_by_wall("self", null=True)
    run_id = models.IntegerField(null=True)

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(fields=("account_bucket", "account", "id"), name="item_by_account"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.ItemKind.values), name="item_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0), name="item_amount_is_positive"
            ),
            _bucket_is_of_account("item_bucket_is_of_its_account"),
            models.UniqueConstraint(
                fields=("reverses",),
                condition=models.Q(reverses__isnull=False),
                name="item_reversed_once",
            ),
        )


class OpenItem(models.Model):
    """How much of an item is not settled yet; the one changeable row of the subledger."""

    item = models.OneToOneField(
        Item,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    account_bucket = models.SmallIntegerField()
    account = _proved_by_wall("accounts.Account")
    kind = models.SmallIntegerField(choices=choices.ItemKind)
    code = _proved_by_wall("code_lists.Code")
    due_on = models.DateField(null=True)
    open_cents = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(
                fields=("account_bucket", "account", "due_on"),
                condition=models.Q(open_cents__gt=0),
                name="open_item_by_account",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(open_cents__gte=0), name="open_item_is_not_negative"
            ),
            _bucket_is_of_account("open_item_bucket_is_of_account"),
        )


class Allocation(models.Model):
    """How much of one tender's share, or of one credit, settled one item.

    A share allocated to a credit item made that credit: the payment was more than was owed. A
    negative allocation takes back the one it names.
    """

    id = models.BigAutoField(primary_key=True)
    account_bucket = models.SmallIntegerField()
    account = _proved_by_wall("accounts.Account")
    item = _proved_by_wall(Item)
    # A tender's share. Payments knows it and proves it; this subject only keeps the number.
    share_id = models.BigIntegerField(null=True)
    credit_item = _proved_by_wall(Item, null=True)
    amount_cents = models.BigIntegerField()
    entry = _proved_by_wall("ledger.JournalEntry")
    posting_day = models.DateField()
    reverses = _proved_by_wall("self", null=True)

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(
                fields=("account_bucket", "account", "item"), name="allocation_by_account_and_item"
            ),
            models.Index(
                fields=("share_id",),
                condition=models.Q(share_id__isnull=False),
                name="allocation_by_share",
            ),
            models.Index(
                fields=("credit_item",),
                condition=models.Q(credit_item__isnull=False),
                name="allocation_by_credit_item",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(share_id__isnull=True, credit_item__isnull=False)
                | models.Q(share_id__isnull=False, credit_item__isnull=True),
                name="allocation_comes_from_one_place",
            ),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True, amount_cents__gt=0)
                | models.Q(reverses__isnull=False, amount_cents__lt=0),
                name="allocation_sign_says_reversal",
            ),
            _bucket_is_of_account("allocation_bucket_is_of_account"),
            models.UniqueConstraint(
                fields=("reverses",),
                condition=models.Q(reverses__isnull=False),
                name="allocation_reversed_once",
            ),
        )

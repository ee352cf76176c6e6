"""The books: GL accounts, entries, postings, and the seals of closed days.

Entries, postings, seals and balances are only added to; 0002_ledger_walls has PostgreSQL refuse
the rest. References of the two bulk tables are proved a statement at a time by those walls
(decision 0030), so they carry no foreign key checked row by row.
"""

from django.conf import settings
from django.db import models

from fisc.domain.ledger import choices


class GLAccount(models.Model):
    """An account of the general ledger, as the city's code list names it."""

    id = models.AutoField(primary_key=True)
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=choices.GLKind)
    # What its balance must equal at all times: "receivables", "unapplied_credit",
    # "cash_on_hand", …; empty where no subject vouches for it.
    control_of = models.CharField(max_length=40, default="")

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.GLKind.values), name="gl_account_kind_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(code=""), name="gl_account_has_a_code"),
        )


class SubledgerAccount(models.Model):
    """A number that postings may carry; accounts point at it, it points at nobody."""

    id = models.BigAutoField(primary_key=True)
    kind = models.SmallIntegerField(choices=choices.SubledgerKind)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.SubledgerKind.values),
                name="subledger_account_kind_is_known",
            ),
        )


class JournalEntry(models.Model):
    """One balanced change of the books on one posting day."""

    id = models.BigAutoField(primary_key=True)
    posting_day = models.DateField()
    # Year and month, as 202603, of the period whose statements it belongs to.
    gl_period = models.IntegerField()
    kind = models.SmallIntegerField(choices=choices.EntryKind)
    source_kind = models.SmallIntegerField(choices=choices.SourceKind)
    source_id = models.BigIntegerField()
    reverses = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    posting_count = models.SmallIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    # Of the run that made it; null for a person's work.
    run_id = models.IntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("posting_day", "id"), name="entry_by_posting_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=("reverses",),
                condition=models.Q(reverses__isnull=False),
                name="entry_reversed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(posting_count__gte=2), name="entry_has_two_postings_or_more"
            ),
            models.CheckConstraint(
                condition=models.Q(gl_period__gte=190001, gl_period__lte=299912),
                name="entry_gl_period_is_year_and_month",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.EntryKind.values), name="entry_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(source_kind__in=choices.SourceKind.values),
                name="entry_source_kind_is_known",
            ),
        )


class Posting(models.Model):
    """One line of an entry: debit positive, credit negative."""

    pk = models.CompositePrimaryKey("entry_id", "line_no")
    entry = models.ForeignKey(
        JournalEntry,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    line_no = models.SmallIntegerField()
    gl_account = models.ForeignKey(
        GLAccount,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    subledger = models.ForeignKey(
        SubledgerAccount,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    amount_cents = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(amount_cents=0), name="posting_moves_some_money"
            ),
        )


class PostingDaySeal(models.Model):
    """A posting day closed to entries, and the hash that proves what it held."""

    posting_day = models.DateField(primary_key=True)
    entry_count = models.BigIntegerField()
    posting_count = models.BigIntegerField()
    debit_cents = models.BigIntegerField()
    # Of the seal before this one, in the order of days; 32 zero bytes for the first.
    previous_hash = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("previous_hash",), name="seal_follows_one_seal"),
            models.CheckConstraint(
                condition=models.Q(entry_count__gte=0, posting_count__gte=0, debit_cents__gte=0),
                name="seal_counts_are_not_negative",
            ),
        )


class DayBalance(models.Model):
    """What a sealed day moved on one GL account; sums of these are the trial balance."""

    pk = models.CompositePrimaryKey("posting_day", "gl_account_id")
    posting_day = models.DateField()
    gl_account = models.ForeignKey(GLAccount, on_delete=models.PROTECT, related_name="+")
    debit_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(debit_cents__gte=0, credit_cents__gte=0),
                name="day_balance_sides_are_not_negative",
            ),
        )

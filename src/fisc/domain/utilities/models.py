"""Services, meters, reads, cycles and bills.

Quantities are whole thousandths of their unit (`…_milli`). Rows that a bill run writes in bulk
have no foreign keys checked row by row; decision 0040 says what stands in for them. That periods
of the same thing do not overlap is proved by 0002_utilities_walls (decision 0041).
"""

from __future__ import annotations

from django.db import models

from fisc.domain.utilities import choices


def _period_is_positive(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(ends_before__isnull=True)
        | models.Q(ends_before__gt=models.F("starts_on")),
        name=name,
    )


def _unchecked(to: str, **options: object) -> models.ForeignKey[models.Model]:
    """Make a reference that bulk rows carry: proved by statement, not by row."""
    return models.ForeignKey(
        to,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        **options,  # type: ignore[arg-type]
    )


class Cycle(models.Model):
    """A set of premises read and billed together."""

    id = models.AutoField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        db_table = "utilities_cycle"
        default_permissions = ()


class CycleDay(models.Model):
    """When a cycle is read and billed."""

    id = models.AutoField(primary_key=True)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    read_day = models.DateField()
    bill_day = models.DateField()

    class Meta:
        db_table = "utilities_cycle_day"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["cycle", "bill_day"], name="cycle_billed_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(bill_day__gte=models.F("read_day")),
                name="cycle_billed_after_reading",
            ),
        ]


class ServicePoint(models.Model):
    """Where a service is delivered."""

    id = models.BigAutoField(primary_key=True)
    premise = models.ForeignKey("accounts.Premise", on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=10)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "utilities_service_point"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(service__in=list(choices.Service)), name="service_known"
            )
        ]


class Meter(models.Model):
    """A device, with the number on its face."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)

    class Meta:
        db_table = "utilities_meter"
        default_permissions = ()


class Register(models.Model):
    """One dial of a meter. Its reading times the multiplier, over 1000, is in `unit`."""

    id = models.BigAutoField(primary_key=True)
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=8)
    # Thousandths of the unit that one step of the dial counts.
    multiplier_milli = models.BigIntegerField()
    digits = models.SmallIntegerField()

    class Meta:
        db_table = "utilities_register"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(multiplier_milli__gt=0), name="register_counts_something"
            ),
            models.CheckConstraint(
                condition=models.Q(digits__gte=3, digits__lte=9), name="register_has_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(unit__in=list(choices.Unit)), name="register_unit_known"
            ),
        ]


class MeterInstallation(models.Model):
    """Which meter served a service point, and when."""

    id = models.BigAutoField(primary_key=True)
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="+")
    service_point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "utilities_meter_installation"
        default_permissions = ()
        constraints = [
            _period_is_positive("installation_lasts_some_days"),
        ]


class ServiceAgreement(models.Model):
    """An account's right to one service at a service point."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    account_bucket = models.SmallIntegerField()
    service_point = models.ForeignKey(
        ServicePoint, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "utilities_service_agreement"
        default_permissions = ()
        permissions = [
            ("import_reads", "Read in a file of meter reads"),
            ("issue_bill", "Issue bills"),
            ("cancel_bill", "Cancel and rebill a bill"),
        ]
        constraints = [
            _period_is_positive("agreement_lasts_some_days"),
        ]
        indexes = [
            models.Index(fields=["account_bucket", "account"], name="agreement_by_account"),
            models.Index(fields=["service_point"], name="agreement_by_service_point"),
        ]


class AgreementTerm(models.Model):
    """The class and the size that an agreement is charged by, over a period."""

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(
        ServiceAgreement, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rate_class = models.ForeignKey(
        "code_lists.Code", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # The meter's size for water and sewer, the phase for electricity.
    size = models.ForeignKey(
        "code_lists.Code", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "utilities_agreement_term"
        default_permissions = ()
        constraints = [
            _period_is_positive("term_lasts_some_days"),
        ]
        indexes = [models.Index(fields=["agreement", "starts_on"], name="term_by_agreement")]


class ReadFile(models.Model):
    """A file of reads as it came, with what became of its rows."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    # The same for the same rows in another order or under another name.
    fingerprint = models.CharField(max_length=64, unique=True)
    layout = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    received_by_id = models.BigIntegerField(null=True)
    counted_in = models.IntegerField()
    posted = models.IntegerField()
    refused = models.IntegerField()

    class Meta:
        db_table = "utilities_read_file"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(counted_in=models.F("posted") + models.F("refused")),
                name="read_file_accounts_for_every_row",
            )
        ]


class Read(models.Model):
    """A register's reading on a day."""

    id = models.BigAutoField(primary_key=True)
    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    service_point = models.ForeignKey(
        ServicePoint, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    read_on = models.DateField()
    reading = models.BigIntegerField()
    kind = models.SmallIntegerField()
    read_file = models.ForeignKey(
        ReadFile, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "utilities_read"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["register", "read_on", "supersedes"],
                nulls_distinct=False,
                name="read_once_a_register_and_day",
            ),
            models.CheckConstraint(condition=models.Q(reading__gte=0), name="reading_not_negative"),
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.ReadKind.values), name="read_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["service_point", "read_on"], name="read_by_service_point")]


class CalculatedChunk(models.Model):
    """The bills of a chunk, calculated and not yet issued, as columns."""

    id = models.BigAutoField(primary_key=True)
    run_id = models.IntegerField()
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+", db_index=False)
    bill_day = models.DateField()
    bucket_from = models.SmallIntegerField()
    bucket_before = models.SmallIntegerField()
    bills = models.IntegerField()
    lines = models.IntegerField()
    held = models.IntegerField()
    failed = models.IntegerField()
    total_cents = models.BigIntegerField()
    # Where the visible numbers of its bills start; given by the register, in chunk order.
    first_number = models.BigIntegerField(null=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    issued_chunk = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "utilities_calculated_chunk"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["run_id", "cycle", "bucket_from"], name="chunk_calculated_once"
            )
        ]


class Bill(models.Model):
    """What is sent to an account for its services over a period."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(unique=True)
    account_bucket = models.SmallIntegerField()
    account = _unchecked("accounts.Account")
    cycle = _unchecked("utilities.Cycle")
    bill_day = models.DateField()
    due_on = models.DateField()
    starts_on = models.DateField()
    ends_before = models.DateField()
    total_cents = models.BigIntegerField()
    line_count = models.SmallIntegerField()
    estimated = models.BooleanField(default=False)
    entry = _unchecked("ledger.JournalEntry")
    rebills = _unchecked("utilities.Bill", null=True)
    run_id = models.IntegerField(null=True)

    class Meta:
        db_table = "utilities_bill"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_before__gt=models.F("starts_on")),
                name="bill_covers_some_days",
            ),
            models.CheckConstraint(condition=models.Q(line_count__gt=0), name="bill_has_lines"),
        ]
        indexes = [
            models.Index(fields=["account_bucket", "account", "bill_day"], name="bill_by_account")
        ]


class BillSegment(models.Model):
    """One service agreement over one period."""

    id = models.BigAutoField(primary_key=True)
    bill = _unchecked("utilities.Bill")
    account_bucket = models.SmallIntegerField()
    account = _unchecked("accounts.Account")
    agreement = _unchecked("utilities.ServiceAgreement")
    starts_on = models.DateField()
    ends_before = models.DateField()
    usage_milli = models.BigIntegerField()
    from_read = _unchecked("utilities.Read", null=True)
    to_read = _unchecked("utilities.Read", null=True)

    class Meta:
        db_table = "utilities_bill_segment"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_before__gt=models.F("starts_on")),
                name="segment_covers_some_days",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account_bucket", "account", "agreement", "ends_before"],
                name="segment_by_account",
            ),
            models.Index(fields=["bill"], name="segment_by_bill"),
        ]


class BillLine(models.Model):
    """One amount, with the table row that gave it."""

    pk = models.CompositePrimaryKey("bill_id", "line_no")
    bill = _unchecked("utilities.Bill")
    line_no = models.SmallIntegerField()
    segment = _unchecked("utilities.BillSegment", null=True)
    code = _unchecked("code_lists.Code")
    amount_cents = models.BigIntegerField()
    stage = models.SmallIntegerField()
    block = _unchecked("rule_tables.EvaluationBlock")
    block_row = models.IntegerField()

    class Meta:
        db_table = "utilities_bill_line"
        default_permissions = ()


class BillCancellation(models.Model):
    """Why a bill no longer counts, and the entry that undid it."""

    bill = models.OneToOneField(Bill, primary_key=True, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    posting_day = models.DateField()
    why = models.TextField()
    cancelled_at = models.DateTimeField()
    cancelled_by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "utilities_bill_cancellation"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~models.Q(why=""), name="cancellation_says_why")
        ]


class HeldBill(models.Model):
    """A calculated bill that the bill-edit table kept for a person to look at."""

    id = models.BigAutoField(primary_key=True)
    run_id = models.IntegerField(null=True)
    account_bucket = models.SmallIntegerField()
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+", db_index=False)
    bill_day = models.DateField()
    total_cents = models.BigIntegerField()
    reason = models.CharField(max_length=60)
    status = models.CharField(max_length=10, default=choices.HeldStatus.HELD)
    settled_why = models.TextField(default="")

    class Meta:
        db_table = "utilities_held_bill"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=list(choices.HeldStatus)), name="held_status_known"
            ),
            models.UniqueConstraint(
                fields=["account", "bill_day"],
                condition=models.Q(status="held"),
                name="bill_held_once",
            ),
        ]


class LateCharge(models.Model):
    """A charge for paying late, with the table row that gave it."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    account_bucket = models.SmallIntegerField()
    charged_on = models.DateField()
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()
    entry = models.ForeignKey(
        "ledger.JournalEntry", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    block = models.ForeignKey(
        "rule_tables.EvaluationBlock", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    block_row = models.IntegerField()
    run_id = models.IntegerField(null=True)

    class Meta:
        db_table = "utilities_late_charge"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["account_bucket", "account", "due_on"], name="late_charged_once_a_due_day"
            )
        ]

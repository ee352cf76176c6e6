"""Services, meters, reads, cycles and bills.

Quantities are whole thousandths of their unit (`…_milli`). Rows that a bill run writes in bulk
have no foreign keys checked row by row; decision 0040 says what stands in for them. That periods
of the same thing do not overlap is proved by 0002_utilities_walls (decision 0041).
"""

from __future__ import annotations

from typing import Any

from django.db import models

from fisc.domain.utilities import choices


def _period_is_positive(name: str) -> models.CheckConstraint:
    has_days = models.Q(ends_before__isnull=True) | models.Q(ends_before__gt=models.F("starts_on"))
    return models.CheckConstraint(condition=has_days, name=name)


def _holds(name: str, **condition: Any) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**condition), name=name)


def _reference(to: Any, *, null: bool = False, is_checked: bool = True) -> Any:
    """A reference without an index of its own: other indexes serve where rows are looked up."""
    return models.ForeignKey(
        to, null=null, on_delete=models.PROTECT, related_name="+",
        db_constraint=is_checked, db_index=False,
    )  # fmt: skip


def _unchecked(to: Any, *, null: bool = False) -> Any:
    """Bulk rows carry it: proved by statement, not by row."""
    return _reference(to, null=null, is_checked=False)


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
            _holds("cycle_billed_after_reading", bill_day__gte=models.F("read_day")),
        ]


class ServicePoint(models.Model):
    """Where a service is delivered."""

    id = models.BigAutoField(primary_key=True)
    premise = models.ForeignKey("accounts.Premise", on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=10)
    cycle = _reference(Cycle)

    class Meta:
        db_table = "utilities_service_point"
        default_permissions = ()
        constraints = [_holds("service_known", service__in=list(choices.Service))]


class Meter(models.Model):
    """A device, with the number on its face."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)

    class Meta:
        db_table = "utilities_meter"
        default_permissions = ()


class Register(models.Model):
    """One dial of a meter; a step of it counts `multiplier_milli` thousandths of the unit."""

    id = models.BigAutoField(primary_key=True)
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=8)
    multiplier_milli = models.BigIntegerField()
    digits = models.SmallIntegerField()

    class Meta:
        db_table = "utilities_register"
        default_permissions = ()
        constraints = [
            _holds("register_counts_something", multiplier_milli__gt=0),
            _holds("register_has_digits", digits__gte=3, digits__lte=9),
            _holds("register_unit_known", unit__in=list(choices.Unit)),
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
        constraints = [_period_is_positive("installation_lasts_some_days")]


class ServiceAgreement(models.Model):
    """An account's right to one service at a service point."""

    id = models.BigAutoField(primary_key=True)
    account = _reference("accounts.Account")
    account_bucket = models.SmallIntegerField()
    service_point = _reference(ServicePoint)
    cycle = _reference(Cycle)
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
        constraints = [_period_is_positive("agreement_lasts_some_days")]
        indexes = [
            models.Index(fields=["account_bucket", "account"], name="agreement_by_account"),
            models.Index(fields=["service_point"], name="agreement_by_service_point"),
        ]


class AgreementTerm(models.Model):
    """The class and the size that an agreement is charged by, over a period."""

    id = models.BigAutoField(primary_key=True)
    agreement = _reference(ServiceAgreement)
    rate_class = _reference("code_lists.Code")
    # The meter's size for water and sewer, the phase for electricity.
    size = _reference("code_lists.Code")
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "utilities_agreement_term"
        default_permissions = ()
        constraints = [_period_is_positive("term_lasts_some_days")]
        indexes = [models.Index(fields=["agreement", "starts_on"], name="term_by_agreement")]


class ReadFile(models.Model):
    """A file of reads as it came, with what became of its rows."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    # Of the rows, whatever their order or the file's name.
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
            _holds(
                "read_file_accounts_for_every_row",
                counted_in=models.F("posted") + models.F("refused"),
            )
        ]


class Read(models.Model):
    """A register's reading on a day."""

    id = models.BigAutoField(primary_key=True)
    register = _reference(Register)
    service_point = _reference(ServicePoint)
    read_on = models.DateField()
    reading = models.BigIntegerField()
    kind = models.SmallIntegerField()
    read_file = _reference(ReadFile, null=True)
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
            _holds("reading_not_negative", reading__gte=0),
            _holds("read_kind_known", kind__in=choices.ReadKind.values),
        ]
        indexes = [models.Index(fields=["service_point", "read_on"], name="read_by_service_point")]


class CalculatedChunk(models.Model):
    """The bills of a chunk, calculated and not yet issued, as columns."""

    id = models.BigAutoField(primary_key=True)
    run_id = models.IntegerField()
    cycle = _reference(Cycle)
    bill_day = models.DateField()
    bucket_from = models.SmallIntegerField()
    bucket_before = models.SmallIntegerField()
    bills = models.IntegerField()
    lines = models.IntegerField()
    held = models.IntegerField()
    failed = models.IntegerField()
    total_cents = models.BigIntegerField()
    # Where its bills' visible numbers start; the register gives it.
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
            _holds("bill_covers_some_days", ends_before__gt=models.F("starts_on")),
            _holds("bill_has_lines", line_count__gt=0),
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
        constraints = [_holds("segment_covers_some_days", ends_before__gt=models.F("starts_on"))]
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
    account = _reference("accounts.Account")
    cycle = _reference(Cycle)
    bill_day = models.DateField()
    total_cents = models.BigIntegerField()
    reason = models.CharField(max_length=60)
    status = models.CharField(max_length=10, default=choices.HeldStatus.HELD)
    settled_why = models.TextField(default="")

    class Meta:
        db_table = "utilities_held_bill"
        default_permissions = ()
        constraints = [
            _holds("held_status_known", status__in=list(choices.HeldStatus)),
            models.UniqueConstraint(
                fields=["account", "bill_day"],
                condition=models.Q(status="held"),
                name="bill_held_once",
            ),
        ]


class LateCharge(models.Model):
    """A charge for paying late, with the table row that gave it."""

    id = models.BigAutoField(primary_key=True)
    account = _reference("accounts.Account")
    account_bucket = models.SmallIntegerField()
    charged_on = models.DateField()
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()
    entry = _reference("ledger.JournalEntry")
    block = _reference("rule_tables.EvaluationBlock")
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

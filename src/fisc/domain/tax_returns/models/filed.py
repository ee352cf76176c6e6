"""An account's returns, what lateness of them costs, and what of them is posted.

That nothing is removed is held by 0004_returns_walls.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres import fields
from django.db import models

from fisc.domain.tax_returns import choices


def _amounts_not_negative(name: str, *columns: str) -> models.CheckConstraint:
    condition = models.Q()
    for column in columns:
        condition &= models.Q(**{f"{column}__gte": 0})
    return models.CheckConstraint(condition=condition, name=name)


class TaxReturn(models.Model):
    """A return as filed for a period; one that amends it is a further version of the whole.

    Money is whole cents. Figures are those that the tables gave as known at `recorded_at`.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_before = models.DateField()
    version = models.SmallIntegerField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField()
    is_electronic = models.BooleanField()
    # Whether the first version came by the last day that a return sent its way is in time.
    is_on_time = models.BooleanField()
    due_on = models.DateField()
    timely_until = models.DateField()
    excess_tax_cents = models.BigIntegerField()
    credit_taken_in_year_cents = models.BigIntegerField()
    credit_carried_cents = models.BigIntegerField()
    estimated_payments_cents = models.BigIntegerField()
    total_tax_cents = models.BigIntegerField()
    accounting_credit_cents = models.BigIntegerField()
    tax_due_cents = models.BigIntegerField()
    net_due_cents = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    # The form it was filed on, and the hash of that version's file; none in a city without forms.
    form = models.ForeignKey(
        "code_lists.Code", null=True, on_delete=models.PROTECT, related_name="+"
    )
    form_sha256 = models.CharField(max_length=64, db_default="")

    class Meta:
        db_table = "tax_returns_return"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["account", "starts_on", "version"], name="return_version_is_one"
            ),
            models.CheckConstraint(
                condition=models.Q(version=1, replaces__isnull=True)
                | models.Q(version__gt=1, replaces__isnull=False),
                name="return_amends_the_one_before",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_before__gt=models.F("starts_on"))
                & models.Q(received_on__gte=models.F("ends_before")),
                name="return_comes_after_its_period",
            ),
            _amounts_not_negative(
                "return_amounts_are_not_negative",
                "excess_tax_cents",
                "credit_taken_in_year_cents",
                "credit_carried_cents",
                "estimated_payments_cents",
            ),
        ]


class ReturnLine(models.Model):
    """A line of a return: receipts of one class in one region, in whole cents."""

    id = models.BigAutoField(primary_key=True)
    tax_return = models.ForeignKey(TaxReturn, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    region = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    business_class = models.ForeignKey(
        "code_lists.Code", on_delete=models.PROTECT, related_name="+"
    )
    gross_cents = models.BigIntegerField()
    taxable_cents = models.BigIntegerField()
    # A fraction of the taxable amount.
    rate = models.DecimalField(max_digits=9, decimal_places=8)
    tax_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField()
    # How much of receipts that include tax is tax, by the table of factoring.
    includes_tax = models.BooleanField(db_default=False)
    tax_included_cents = models.BigIntegerField(db_default=0)
    land_cents = models.BigIntegerField(db_default=0)
    units = models.DecimalField(max_digits=15, decimal_places=3, db_default=0)
    item_price_cents = models.BigIntegerField(db_default=0)
    # Its deductions are kept as filed, and count for nothing.
    is_disallowed = models.BooleanField(db_default=False)

    class Meta:
        db_table = "tax_returns_return_line"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["tax_return", "number"], name="return_line_number_is_one"
            ),
            models.UniqueConstraint(
                fields=["tax_return", "region", "business_class"], name="return_line_class_is_one"
            ),
            _amounts_not_negative("return_line_gross_is_not_negative", "gross_cents"),
        ]


class ReturnDeduction(models.Model):
    """What a line deducts under a code, in whole cents."""

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="+")
    code = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()

    class Meta:
        db_table = "tax_returns_return_deduction"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["line", "code"], name="deduction_code_is_one"),
            _amounts_not_negative("deduction_is_not_negative", "amount_cents"),
        ]


class Reckoning(models.Model):
    """What lateness of a period's tax costs on a day, as it was computed and posted.

    Kept whenever it moves money: the facts, and the instant whose tables answered, so that each
    item it made explains itself later. Money is whole cents.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    tax_return = models.ForeignKey(TaxReturn, on_delete=models.PROTECT, related_name="+")
    # The day up to which lateness counts.
    reckoned_on = models.DateField()
    tax_cents = models.BigIntegerField()
    due_on = models.DateField()
    timely_until = models.DateField()
    filed_on = models.DateField(null=True)
    # What of the tax was paid by then: days and cents, in the same order.
    paid_on = fields.ArrayField(models.DateField(), default=list)
    paid_cents = fields.ArrayField(models.BigIntegerField(), default=list)
    penalty_cents = models.BigIntegerField()
    interest_cents = models.BigIntegerField()
    # What of both had been charged before.
    penalty_before_cents = models.BigIntegerField()
    interest_before_cents = models.BigIntegerField()
    known_at = models.DateTimeField()

    class Meta:
        db_table = "tax_returns_reckoning"
        default_permissions = ()
        indexes = [models.Index(fields=["account", "starts_on"], name="reckoning_by_period")]
        constraints = [
            _amounts_not_negative(
                "reckoned_amounts_are_not_negative",
                "tax_cents",
                "penalty_cents",
                "interest_cents",
            ),
            models.CheckConstraint(
                condition=models.Q(paid_on__len=models.F("paid_cents__len")),
                name="each_payment_has_its_day",
            ),
        ]


class Payoff(models.Model):
    """A promise in a letter: so much, received by a day, leaves nothing owed of some periods."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    promised_on = models.DateField()
    good_through = models.DateField()
    total_cents = models.BigIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "tax_returns_payoff"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(good_through__gte=models.F("promised_on")),
                name="payoff_is_good_some_days",
            ),
            models.CheckConstraint(
                condition=models.Q(total_cents__gt=0), name="payoff_asks_for_something"
            ),
        ]


class PayoffLine(models.Model):
    """What a promise asks for one part of one period, and what money had settled of it before."""

    id = models.BigAutoField(primary_key=True)
    payoff = models.ForeignKey(Payoff, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    tax_return = models.ForeignKey(TaxReturn, on_delete=models.PROTECT, related_name="+")
    # Tax, penalty or interest.
    part = models.SmallIntegerField(choices=choices.Part)
    cents = models.BigIntegerField()
    settled_cents = models.BigIntegerField()

    class Meta:
        db_table = "tax_returns_payoff_line"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["payoff", "starts_on", "part"], name="payoff_line_part_is_one"
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=[1, 10, 11]), name="payoff_line_part_is_whole"
            ),
            _amounts_not_negative("payoff_line_is_not_negative", "cents"),
        ]


class Waiver(models.Model):
    """Why something of penalties or interest is not asked for: a letter, or what was granted."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    kind = models.SmallIntegerField(choices=choices.WaiverKind)
    payoff = models.OneToOneField(Payoff, null=True, on_delete=models.PROTECT, related_name="+")
    request = models.OneToOneField(
        "tax_returns.WaiverRequest", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "tax_returns_waiver"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.WaiverKind.values),
                name="waiver_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=1, payoff__isnull=False, request__isnull=True)
                | (~models.Q(kind=1) & models.Q(payoff__isnull=True, request__isnull=False)),
                name="waiver_by_letter_names_it",
            ),
        ]

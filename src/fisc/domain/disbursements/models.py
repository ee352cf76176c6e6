"""Requisitions: who is paid what out of which credits, and everything that happened to each.

Requisitions, the debts that they settle, what is decided of credits, and events are only added to;
of a source only `is_living` moves. 0002_disbursements_walls and 0011_carried_walls have PostgreSQL
refuse the rest, and a step out of order.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fisc.domain.disbursements import choices


class Requisition(models.Model):
    """A payment out of the city's money that somebody asks for, as it was asked."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(unique=True)
    party = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    # The payee as of then: a check goes to the name and address that were approved.
    payee_name = models.CharField(max_length=200)
    remit_line_1 = models.CharField(max_length=100)
    remit_line_2 = models.CharField(max_length=100, default="")
    remit_city = models.CharField(max_length=60)
    remit_state = models.CharField(max_length=20)
    remit_zip = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    w9_on_file = models.BooleanField()
    was_asked_for = models.BooleanField()
    purpose = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    # The charge code that its credits settle, and the liability that it makes.
    charge = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    gl_account = models.ForeignKey("ledger.GLAccount", on_delete=models.PROTECT, related_name="+")
    # The day the payee's written claim came, where there is one and no return that makes it.
    claimed_on = models.DateField(null=True)
    # Taken from credits, borne by them, settled of the payee's debts, and paid out: the rest.
    taken_cents = models.BigIntegerField()
    interest_cents = models.BigIntegerField(db_default=0)
    offset_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    approvals_needed = models.SmallIntegerField()
    prepared_on = models.DateField()
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    taken_cents=models.F("offset_cents")
                    + models.F("paid_cents")
                    - models.F("interest_cents"),
                    taken_cents__gt=0,
                    interest_cents__gte=0,
                    offset_cents__gte=0,
                    paid_cents__gte=0,
                ),
                name="requisition_takes_what_it_gives",
            ),
            models.CheckConstraint(
                condition=models.Q(approvals_needed__gte=1, approvals_needed__lte=2),
                name="requisition_needs_one_or_two_approvals",
            ),
            models.CheckConstraint(
                condition=~models.Q(payee_name="") & ~models.Q(remit_line_1=""),
                name="requisition_has_a_payee_and_address",
            ),
        )
        indexes = (models.Index(fields=("party",), name="requisition_by_party"),)


class Source(models.Model):
    """What a requisition takes of one open credit."""

    id = models.BigAutoField(primary_key=True)
    requisition = models.ForeignKey(Requisition, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    credit_item = models.ForeignKey(
        "receivables.Item", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    amount_cents = models.BigIntegerField()
    # False once it was decided: the credit was used up, or is free again.
    is_living = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("credit_item",),
                condition=models.Q(is_living=True),
                name="credit_is_in_one_living_requisition",
            ),
            models.UniqueConstraint(
                fields=("requisition", "credit_item"), name="requisition_takes_a_credit_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0), name="source_takes_something"
            ),
        )


class Offset(models.Model):
    """What of a debt of the payee a requisition settles before it pays out the rest."""

    id = models.BigAutoField(primary_key=True)
    requisition = models.ForeignKey(Requisition, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    charge_item = models.ForeignKey(
        "receivables.Item", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    amount_cents = models.BigIntegerField()
    # By the payee's choice; the city's table did not bring it first.
    is_chosen = models.BooleanField(db_default=False)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("requisition", "charge_item"), name="requisition_settles_a_debt_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0), name="offset_settles_something"
            ),
        )


class Standing(models.Model):
    """What somebody decided about an open credit that no requisition takes; the last one holds."""

    id = models.BigAutoField(primary_key=True)
    credit_item = models.ForeignKey(
        "receivables.Item", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=16, choices=choices.StandingKind)
    # What of it was open then: with less, something was spent of it since, and it is offered again.
    open_cents = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    why = models.TextField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("credit_item", "number"), name="standing_of_a_credit_is_one"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.StandingKind.values)
                & models.Q(open_cents__gt=0, number__gt=0)
                & ~models.Q(why=""),
                name="standing_says_what_and_why",
            ),
        )


class Interest(models.Model):
    """What cents of a credit bear over some days: of a requisition, or of a carrying forward."""

    id = models.BigAutoField(primary_key=True)
    requisition = models.ForeignKey(
        Requisition, null=True, on_delete=models.PROTECT, related_name="+"
    )
    standing = models.ForeignKey(Standing, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    credit_item = models.ForeignKey("receivables.Item", on_delete=models.PROTECT, related_name="+")
    # The charge code that it is credited under, and what that spends.
    code = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    gl_account = models.ForeignKey("ledger.GLAccount", on_delete=models.PROTECT, related_name="+")
    is_offset = models.BooleanField()
    of_cents = models.BigIntegerField()
    # It runs on the days after this one, up to and with `through`.
    runs_after = models.DateField()
    through = models.DateField()
    amount_cents = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0, of_cents__gt=0)
                & models.Q(through__gt=models.F("runs_after")),
                name="interest_is_of_something",
            ),
            models.CheckConstraint(
                condition=models.Q(requisition__isnull=True, standing__isnull=False)
                | models.Q(requisition__isnull=False, standing__isnull=True),
                name="interest_is_of_a_refund_or_a_carrying",
            ),
        )


class Event(models.Model):
    """What somebody did to a requisition; the last one is its state."""

    id = models.BigAutoField(primary_key=True)
    requisition = models.ForeignKey(Requisition, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=16, choices=choices.EventKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    why = models.TextField(default="")
    # The check or transfer that paid it.
    reference = models.CharField(max_length=60, default="")
    # What it did in the books.
    entry = models.ForeignKey(
        "ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("requisition", "number"), name="requisition_event_is_one"
            ),
            models.UniqueConstraint(
                fields=("requisition", "by"),
                condition=models.Q(kind__in=("approved once", "approved")),
                name="requisition_approved_once_by_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.EventKind.values),
                name="requisition_event_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=("approved", "cancelled"), entry__isnull=False)
                | (~models.Q(kind__in=("approved", "cancelled")) & models.Q(entry__isnull=True)),
                name="requisition_event_is_booked",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=("rejected", "withdrawn", "cancelled"), why=""),
                name="requisition_is_stopped_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="paid", reference=""),
                name="requisition_is_paid_by_something",
            ),
        )

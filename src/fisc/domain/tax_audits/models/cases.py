"""Audit cases: who is audited for what periods, what was asked for, and what was found.

Everything is only added to; 0002_tax_audits_walls has PostgreSQL refuse the rest, a step out of
order, and a decision of one's own. Of a case's periods only `is_living` moves.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fisc.domain.tax_audits import choices


class Case(models.Model):
    """An account that is audited, as it was selected."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    selected_by = models.CharField(max_length=16, choices=choices.SelectedBy)
    # The discovery list and its year, or the score with the facts that the table was asked with.
    source = models.JSONField(default=dict)
    score = models.IntegerField(null=True)
    selected_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("account",), name="audit_case_by_account"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(selected_by__in=choices.SelectedBy.values),
                name="audit_case_selection_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(selected_by="score", score__isnull=False)
                | (~models.Q(selected_by="score") & models.Q(score__isnull=True)),
                name="audit_case_by_score_has_one",
            ),
        )


class CasePeriod(models.Model):
    """A filing period under audit; it is in one case at a time that is not over."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    is_living = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("case", "starts_on"), name="audit_case_period_is_one"),
            models.UniqueConstraint(
                fields=("account", "starts_on"),
                condition=models.Q(is_living=True),
                name="audit_period_is_in_one_living_case",
            ),
        )


class Event(models.Model):
    """What somebody did to a case; the last one that is no assignment is its state."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=16, choices=choices.EventKind)
    # Of a selection and an assignment: who audits.
    auditor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    why = models.TextField(default="")

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="audit_event_is_one"),
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.EventKind.values),
                name="audit_event_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=("selected", "assigned"), auditor__isnull=False)
                | (~models.Q(kind__in=("selected", "assigned")) & models.Q(auditor__isnull=True)),
                name="audit_event_names_an_auditor",
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    kind__in=("returned", "withdrawn", "closed", "protested", "decided"), why=""
                ),
                name="audit_event_says_why",
            ),
        )


class RecordRequest(models.Model):
    """Records that the taxpayer was asked for, and by when."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    asked_on = models.DateField()
    due_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("asked_on")) & ~models.Q(words=""),
                name="records_are_asked_before_they_are_due",
            ),
        )


class RecordAnswer(models.Model):
    """That records came, or that they will not."""

    request = models.OneToOneField(
        RecordRequest, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    received_on = models.DateField()
    is_refused = models.BooleanField(default=False)
    note = models.TextField(default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class LimitationWaiver(models.Model):
    """The taxpayer's signature under a later limitation day of some periods."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    signed_by = models.CharField(max_length=200)
    signed_on = models.DateField()
    extends_to = models.DateField()
    # The paper with the signature.
    paper = models.ForeignKey(
        "party_records.Paper", null=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(extends_to__gt=models.F("signed_on")) & ~models.Q(signed_by=""),
                name="limitation_waiver_is_signed_before_it_ends",
            ),
        )


class WaivedPeriod(models.Model):
    """A period of a waiver, and the limitation day that it had when it was signed."""

    id = models.BigAutoField(primary_key=True)
    waiver = models.ForeignKey(LimitationWaiver, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    limited_on = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("waiver", "starts_on"), name="limitation_waived_once_a_period"
            ),
        )


class ScheduleLine(models.Model):
    """What was found of one figure of one line of a period; the newest of a figure counts.

    A figure is the gross receipts, or what is deducted under a code. Money is whole cents.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    region = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    business_class = models.ForeignKey(
        "code_lists.Code", on_delete=models.PROTECT, related_name="+"
    )
    # None is the gross receipts.
    deduction = models.ForeignKey(
        "code_lists.Code", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # As the newest return had it when the line was entered.
    reported_cents = models.BigIntegerField()
    found_cents = models.BigIntegerField()
    note = models.TextField(default="")
    evidence = models.CharField(max_length=200, default="")
    paper = models.ForeignKey(
        "party_records.Paper", null=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("case", "starts_on"), name="schedule_by_case"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(found_cents__gte=0), name="schedule_finds_nothing_negative"
            ),
        )

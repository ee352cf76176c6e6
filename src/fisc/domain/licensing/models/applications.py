"""What businesses ask for, what they bring with it, and what departments say of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fisc.domain.licensing import choices
from fisc.domain.licensing.models import fields


class NumberCounter(models.Model):
    """The next number of a license type's applications or licenses.

    Who draws one locks the row until the end of the transaction that uses it: no gaps.
    """

    id = models.AutoField(primary_key=True)
    license_type = fields.to("code_lists.Code")
    of = models.CharField(max_length=12)
    next = models.BigIntegerField(default=1)

    class Meta:
        db_table = "licensing_number_counter"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["license_type", "of"], name="one_counter_of_a_type"),
            fields.known("of", choices.NumberOf, "counter_is_of_something_known"),
        ]


class Application(models.Model):
    """What a business asks for: a license of a type, or its renewal."""

    id = models.BigAutoField(primary_key=True)
    license_type = fields.to("code_lists.Code")
    number = models.BigIntegerField()
    kind = models.CharField(max_length=12, default=choices.ApplicationKind.NEW)
    status = models.CharField(max_length=12, default=choices.ApplicationStatus.STARTED)
    business = fields.to("licensing.Business")
    # Where it does what is licensed; none for one that has no place.
    premise = fields.to("accounts.Premise", null=True)
    account = fields.to("accounts.Account")
    # The license that a renewal is of.
    license = fields.to("licensing.License", null=True)
    received_on = models.DateField()
    # What it must bring is as the tables of `received_on` were known at this instant.
    received_at = models.DateTimeField()
    # The first day that the license is wanted for; its fee is of this day.
    begins_on = models.DateField()
    event_ends_before = models.DateField(null=True)
    began_unlicensed = models.BooleanField(default=False)
    units = models.IntegerField(null=True)
    gross_receipts_cents = models.BigIntegerField(null=True)
    # Of the term that was charged.
    term_starts_on = models.DateField(null=True)
    term_ends_before = models.DateField(null=True)
    # The last day to appeal a denial.
    appeal_until = models.DateField(null=True)
    taken_by = fields.to(settings.AUTH_USER_MODEL, null=True)

    class Meta:
        db_table = "licensing_application"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["license_type", "number"], name="application_number_once_a_type"
            ),
            fields.known("kind", choices.ApplicationKind, "application_kind_known"),
            fields.known("status", choices.ApplicationStatus, "application_status_known"),
            models.CheckConstraint(
                condition=models.Q(kind="renewal", license__isnull=False)
                | models.Q(kind="new", license__isnull=True),
                name="only_renewals_name_a_license",
            ),
            models.CheckConstraint(
                condition=models.Q(units__isnull=True) | models.Q(units__gte=0),
                name="application_units_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(gross_receipts_cents__isnull=True)
                | models.Q(gross_receipts_cents__gte=0),
                name="application_receipts_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(event_ends_before__isnull=True)
                | models.Q(event_ends_before__gt=models.F("begins_on")),
                name="event_lasts_some_days",
            ),
            # One open renewal of a license at a time, whoever asks.
            models.UniqueConstraint(
                fields=["license"],
                condition=models.Q(kind="renewal", status__in=["started", "complete", "appealed"]),
                name="one_open_renewal_a_license",
            ),
        ]
        indexes = [
            models.Index(fields=["business"], name="application_of_business"),
            models.Index(fields=["status", "id"], name="application_by_status"),
        ]


class ApplicationEvent(models.Model):
    """What happened to an application, by whom and why; only added to."""

    id = models.BigAutoField(primary_key=True)
    application = fields.to("licensing.Application")
    status = models.CharField(max_length=12)
    happened_on = models.DateField()
    why = models.TextField(default="")
    made_by = fields.to(settings.AUTH_USER_MODEL, null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "licensing_application_event"
        default_permissions = ()
        constraints = [
            fields.known("status", choices.ApplicationStatus, "application_event_status_known")
        ]


class Answer(models.Model):
    """What an applicant answered to a question of “license question”; the last one holds."""

    id = models.BigAutoField(primary_key=True)
    application = fields.to("licensing.Application")
    question = fields.to("code_lists.Code")
    answer = models.TextField()

    class Meta:
        db_table = "licensing_answer"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["application", "question"], name="question_answered_once"
            ),
            models.CheckConstraint(condition=~models.Q(answer=""), name="answer_says_something"),
        ]


class Attachment(models.Model):
    """A paper that came with an application: a code of “license attachment”, and where it is."""

    id = models.BigAutoField(primary_key=True)
    application = fields.to("licensing.Application")
    attachment = fields.to("code_lists.Code")
    reference = models.CharField(max_length=200)
    received_on = models.DateField()

    class Meta:
        db_table = "licensing_attachment"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["application", "attachment", "reference"], name="attachment_came_once"
            )
        ]


class SignOff(models.Model):
    """What a department says of an application: asked in its step, due on a day, decided once."""

    id = models.BigAutoField(primary_key=True)
    application = fields.to("licensing.Application")
    department = fields.to("code_lists.Code")
    # 2 and more where it is asked again after it refused.
    attempt = models.SmallIntegerField(default=1)
    # Departments of one step are asked at once; the next step after all of them approved.
    step = models.SmallIntegerField()
    due_days = models.SmallIntegerField()
    due_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8, default="")
    reason = models.TextField(default="")
    decided_on = models.DateField(null=True)
    decided_by = fields.to(settings.AUTH_USER_MODEL, null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "licensing_sign_off"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["application", "department", "attempt"], name="department_asked_once"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", decided_at__isnull=True)
                | models.Q(
                    outcome__in=choices.SignOffOutcome.values,
                    due_on__isnull=False,
                    decided_on__isnull=False,
                    decided_at__isnull=False,
                ),
                name="sign_off_decided_as_a_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="refused", reason=""), name="refusal_says_why"
            ),
        ]


class FeeItem(models.Model):
    """An item that an application made on its account, and the kept evaluation that it is of."""

    id = models.BigAutoField(primary_key=True)
    application = fields.to("licensing.Application")
    # A code of “license line”.
    line = fields.to("code_lists.Code")
    item = models.OneToOneField("receivables.Item", on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    # What a credit gives back of.
    credits = fields.to("licensing.FeeItem", null=True)
    # The name of the output line, and where its evaluation is kept.
    output = models.CharField(max_length=40)
    block = fields.to("rule_tables.EvaluationBlock")
    block_row = models.IntegerField()

    class Meta:
        db_table = "licensing_fee_item"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["credits"],
                condition=models.Q(credits__isnull=False),
                name="fee_given_back_once",
            ),
            models.UniqueConstraint(
                fields=["application", "line"],
                condition=models.Q(credits__isnull=True),
                name="line_charged_once",
            ),
        ]

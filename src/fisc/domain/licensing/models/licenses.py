"""Licenses and their history, insurance and bonds, and what was owed before a sale.

That a license follows from its events alone is proved by 0013_licenses_walls.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres import indexes
from django.db import models

from fisc.domain.licensing import choices
from fisc.domain.licensing.models import fields


class License(models.Model):
    """A license; what changes of it follows from its events, by trigger."""

    id = models.BigAutoField(primary_key=True)
    license_type = fields.to("code_lists.Code")
    number = models.BigIntegerField()
    # What its QR code says: nobody guesses one.
    public_code = models.CharField(max_length=32, unique=True)
    issued_on = models.DateField()
    business = fields.to("licensing.Business")
    premise = fields.to("accounts.Premise", null=True)
    account = fields.to("accounts.Account")
    status = models.CharField(max_length=12, default=choices.LicenseStatus.ACTIVE)
    # Of the last term; the day that it ends before.
    term_starts_on = models.DateField()
    term_ends_before = models.DateField()

    class Meta:
        db_table = "licensing_license"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["license_type", "number"], name="license_number_once_a_type"
            ),
            models.CheckConstraint(
                condition=models.Q(term_ends_before__gt=models.F("term_starts_on")),
                name="license_term_lasts_some_days",
            ),
            fields.known("status", choices.LicenseStatus, "license_status_known"),
        ]
        indexes = [
            models.Index(fields=["business"], name="license_of_business"),
            models.Index(fields=["status", "term_ends_before", "id"], name="license_by_end"),
        ]


class LicenseEvent(models.Model):
    """What happened to a license on a day: its history, only added to."""

    id = models.BigAutoField(primary_key=True)
    license = fields.to("licensing.License")
    kind = models.CharField(max_length=14)
    happened_on = models.DateField()
    # The days of the term that it is issued or renewed for.
    starts_on = models.DateField(null=True)
    ends_before = models.DateField(null=True)
    # Whose and where it is from this event on; none leaves it.
    business = fields.to("licensing.Business", null=True)
    account = fields.to("accounts.Account", null=True)
    premise = fields.to("accounts.Premise", null=True)
    application = fields.to("licensing.Application", null=True)
    reason = models.TextField(default="")
    made_by = fields.to(settings.AUTH_USER_MODEL, null=True)
    made_at = models.DateTimeField()
    run_id = models.IntegerField(null=True)

    class Meta:
        db_table = "licensing_license_event"
        default_permissions = ()
        constraints = [
            fields.known("kind", choices.LicenseEventKind, "license_event_kind_known"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["issued", "renewed"],
                    starts_on__isnull=False,
                    ends_before__gt=models.F("starts_on"),
                )
                | models.Q(
                    ~models.Q(kind__in=["issued", "renewed"]),
                    starts_on__isnull=True,
                    ends_before__isnull=True,
                ),
                name="license_event_has_term_where_it_gives_one",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(application__isnull=False),
                name="application_gives_one_term",
            ),
        ]
        indexes = [
            models.Index(fields=["license", "id"], name="license_event_of_license"),
            models.Index(
                fields=["run_id"],
                condition=models.Q(run_id__isnull=False),
                name="license_event_of_run",
            ),
            indexes.BrinIndex(fields=["happened_on"], name="license_event_by_day"),
        ]


class Coverage(models.Model):
    """An insurance or bond of a business, and the days that it holds."""

    id = models.BigAutoField(primary_key=True)
    business = fields.to("licensing.Business")
    # A code of “license attachment” that must be in force.
    kind = fields.to("code_lists.Code")
    reference = models.CharField(max_length=200)
    insurer = models.CharField(max_length=200, default="")
    amount_cents = models.BigIntegerField(null=True)
    starts_on = models.DateField()
    ends_before = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "licensing_coverage"
        default_permissions = ()
        constraints = [fields.period_is_positive("coverage_lasts_some_days")]
        indexes = [models.Index(fields=["business", "kind"], name="coverage_of_business")]


class Clearance(models.Model):
    """What a business owed the city when somebody asked before a sale, and until when it holds."""

    id = models.BigAutoField(primary_key=True)
    business = fields.to("licensing.Business")
    made_on = models.DateField()
    holds_before = models.DateField()
    owed_cents = models.BigIntegerField()
    made_by = fields.to(settings.AUTH_USER_MODEL, null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "licensing_clearance"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(holds_before__gt=models.F("made_on")),
                name="clearance_holds_some_days",
            )
        ]

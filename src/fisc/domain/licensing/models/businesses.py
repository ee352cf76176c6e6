"""Businesses: who owns them, where they are and what they do.

That nobody owns more than the whole, and that periods of the same thing do not overlap, is proved
by 0002_licensing_walls.
"""

from __future__ import annotations

from django.contrib.postgres import indexes, search
from django.db import models

from fisc.domain.licensing.models import fields

# Percents held are kept in hundredths, so that thirds can be said to two places.
WHOLE = 10_000


class Business(models.Model):
    """A party that does business in the city."""

    party = models.OneToOneField(
        "accounts.Party", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    # What it is known by, where that is not the party's name.
    trade_name = models.CharField(max_length=200, default="")
    began_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "licensing_business"
        default_permissions = ()


class BusinessName(models.Model):
    """What one name of a business has in common with other writings of it."""

    id = models.BigAutoField(primary_key=True)
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=1000)

    class Meta:
        db_table = "licensing_business_name"
        default_permissions = ()
        indexes = [models.Index(fields=["key"], name="business_by_name")]


class BusinessWords(models.Model):
    """The words a business is found by: its names, how they sound, and where it is or was."""

    business = models.OneToOneField(
        Business, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    words = models.TextField()
    document = models.GeneratedField(
        expression=search.SearchVector("words", config="simple"),
        output_field=search.SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        db_table = "licensing_business_words"
        default_permissions = ()
        indexes = [indexes.GinIndex(fields=["document"], name="business_by_words")]


class Ownership(models.Model):
    """What an owner holds of a business over a period, and whether the owner controls it."""

    id = models.BigAutoField(primary_key=True)
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    hundredths_percent = models.IntegerField()
    controls = models.BooleanField()
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "licensing_ownership"
        default_permissions = ()
        constraints = [
            fields.period_is_positive("ownership_lasts_some_days"),
            models.CheckConstraint(
                condition=models.Q(hundredths_percent__gte=0, hundredths_percent__lte=WHOLE),
                name="ownership_is_a_share",
            ),
            models.CheckConstraint(
                condition=~models.Q(owner=models.F("business")),
                name="business_does_not_own_itself",
            ),
        ]


class Location(models.Model):
    """Where a business is, over a period."""

    id = models.BigAutoField(primary_key=True)
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="+")
    premise = models.ForeignKey("accounts.Premise", on_delete=models.PROTECT, related_name="+")
    # What this address has in common with other writings of it.
    key = models.CharField(max_length=400)
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "licensing_location"
        default_permissions = ()
        constraints = [fields.period_is_positive("location_lasts_some_days")]
        indexes = [models.Index(fields=["key"], name="location_by_address")]


class Activity(models.Model):
    """What a business does over a period: a code of “naics” or of “business class”."""

    id = models.BigAutoField(primary_key=True)
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="+")
    code = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "licensing_activity"
        default_permissions = ()
        constraints = [fields.period_is_positive("activity_lasts_some_days")]

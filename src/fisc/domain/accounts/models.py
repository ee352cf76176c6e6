"""Who holds what with the city, and where.

That periods of the same thing do not overlap is proved by 0002_accounts_walls (decision 0041).
"""

from __future__ import annotations

from django.contrib.postgres import indexes, search
from django.db import models
from django.db.models import functions

from fisc.domain.accounts import choices


def _period_is_positive(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(ends_before__isnull=True)
        | models.Q(ends_before__gt=models.F("starts_on")),
        name=name,
    )


class Party(models.Model):
    """A person or organization, with its names and contact points."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, default=choices.PartyKind.PERSON)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, default="")
    email = models.CharField(max_length=254, default="")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_party"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="party_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(kind__in=list(choices.PartyKind)), name="party_kind_known"
            ),
        ]


class Account(models.Model):
    """What a party holds with the city for one purpose."""

    subledger = models.OneToOneField(
        "ledger.SubledgerAccount", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    # Seen by people: ten digits, the last a check digit.
    number = models.BigIntegerField(unique=True)
    bucket = models.SmallIntegerField()
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    mailing_line_1 = models.CharField(max_length=100, default="")
    mailing_line_2 = models.CharField(max_length=100, default="")
    mailing_city = models.CharField(max_length=60, default="")
    mailing_state = models.CharField(max_length=20, default="")
    mailing_zip = models.CharField(max_length=10, default="")
    language = models.CharField(max_length=2, default="en")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        db_table = "accounts_account"
        default_permissions = ()
        permissions = [("open_account", "Open an account"), ("place_hold", "Place a hold")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(bucket=models.F("subledger") % 4096),
                name="account_bucket_is_of_its_id",
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1_000_000_000, number__lt=10_000_000_000),
                name="account_number_has_ten_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=list(choices.AccountKind)), name="account_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True)
                | models.Q(closed_on__gte=models.F("opened_on")),
                name="account_closed_after_opening",
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=["en", "es"]), name="account_language_known"
            ),
        ]


class NumberCounter(models.Model):
    """Where the numbers that people see were last drawn from."""

    name = models.CharField(max_length=20, primary_key=True)
    next = models.BigIntegerField(default=0)

    class Meta:
        db_table = "accounts_number_counter"
        default_permissions = ()


class AccountRole(models.Model):
    """What a party is to an account, over a period."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_role"
        default_permissions = ()
        constraints = [
            _period_is_positive("role_lasts_some_days"),
            models.CheckConstraint(
                condition=models.Q(role__in=list(choices.Role)), name="role_known"
            ),
        ]


class Premise(models.Model):
    """A place served or licensed."""

    id = models.BigAutoField(primary_key=True)
    house_number = models.CharField(max_length=12)
    street = models.CharField(max_length=100)
    unit = models.CharField(max_length=20, default="")
    city = models.CharField(max_length=60)
    state = models.CharField(max_length=20)
    zip = models.CharField(max_length=10)
    parcel = models.CharField(max_length=40, default="")

    class Meta:
        db_table = "accounts_premise"
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["parcel"], condition=~models.Q(parcel=""), name="premise_by_parcel"
            ),
            models.Index("zip", functions.Upper("house_number"), name="premise_by_zip_and_house"),
        ]


class PremiseJurisdiction(models.Model):
    """What a premise lies in, over a period."""

    id = models.BigAutoField(primary_key=True)
    premise = models.ForeignKey(Premise, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_premise_jurisdiction"
        default_permissions = ()
        constraints = [
            _period_is_positive("jurisdiction_lasts_some_days"),
            models.CheckConstraint(
                condition=models.Q(code__in=list(choices.Jurisdiction)), name="jurisdiction_known"
            ),
        ]


class Hold(models.Model):
    """A dated reason not to do something to an account."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    account_bucket = models.SmallIntegerField()
    kind = models.CharField(max_length=20)
    reason = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    why = models.TextField(default="")
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_hold"
        default_permissions = ()
        constraints = [
            _period_is_positive("hold_lasts_some_days"),
            models.CheckConstraint(
                condition=models.Q(kind__in=list(choices.HoldKind)), name="hold_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["account_bucket", "account"], name="hold_by_account")]


class SearchDocument(models.Model):
    """The words an account is found by, and how they sound."""

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    # The name, the places served and the parcel: what a candidate is ranked by and shown with.
    name = models.CharField(max_length=200)
    place = models.TextField()
    sounds = models.TextField()
    is_closed = models.BooleanField(default=False)
    document = models.GeneratedField(
        expression=search.SearchVector("name", "place", "sounds", config="simple"),
        output_field=search.SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        db_table = "accounts_search_document"
        default_permissions = ()
        indexes = [indexes.GinIndex(fields=["document"], name="search_document_words")]

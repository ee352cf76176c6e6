"""Numbers by which others know a party. Each is sealed; only its end can be read here."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fisc.domain.party_identifiers import choices


class Identifier(models.Model):
    """One number of a party: sealed, with what it is found by."""

    id = models.BigAutoField(primary_key=True)
    party = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    # Who gave it, where the kind does not say.
    issuer = models.CharField(max_length=100, default="")
    # Equal for equal numbers of a kind and issuer, under a key that the database has not.
    blind_index = models.BinaryField()
    # Which key of the blind index that was.
    index_check = models.BinaryField()
    sealed = models.BinaryField()
    key_version = models.SmallIntegerField()
    last = models.CharField(max_length=4)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "party_identifiers_identifier"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["party", "blind_index"],
                condition=models.Q(ended_at__isnull=True),
                name="identifier_once_a_party",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=list(choices.Kind)), name="identifier_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=choices.Kind.OTHER, issuer__gt="")
                | (~models.Q(kind=choices.Kind.OTHER) & models.Q(issuer="")),
                name="identifier_of_others_has_an_issuer",
            ),
        ]
        indexes = [models.Index(fields=["blind_index"], name="identifier_by_value")]

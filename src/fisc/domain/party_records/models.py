"""Who acts for a party, and the papers it handed in.

That somebody is not the same officer twice on a day is proved by 0002_records_walls.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fisc.domain.party_records import choices


class Officer(models.Model):
    """Who is what in an organization, over a period."""

    id = models.BigAutoField(primary_key=True)
    party = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    title = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "party_records_officer"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_before__isnull=True)
                | models.Q(ends_before__gt=models.F("starts_on")),
                name="officer_lasts_some_days",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("party")), name="officer_is_another_party"
            ),
        ]


class Paper(models.Model):
    """A file that a party handed in; its bytes are in the document store."""

    id = models.BigAutoField(primary_key=True)
    party = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    file_kind = models.CharField(max_length=20)
    size_bytes = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    # What is printed on it: the number of a policy or a bond.
    reference = models.CharField(max_length=100, default="")
    # The last day that it is good for, where it has one.
    expires_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "party_records_paper"
        default_permissions = ()
        constraints = [
            # The same file sent twice is one paper.
            models.UniqueConstraint(
                fields=["party", "kind", "sha256"],
                condition=models.Q(ended_at__isnull=True),
                name="paper_once_a_party",
            ),
            models.CheckConstraint(condition=models.Q(size_bytes__gt=0), name="paper_has_content"),
            models.CheckConstraint(
                condition=models.Q(file_kind__in=list(choices.FileKind)),
                name="paper_file_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="paper_is_named_by_its_hash",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_on"],
                condition=models.Q(ended_at__isnull=True, expires_on__isnull=False),
                name="paper_by_expiry",
            )
        ]

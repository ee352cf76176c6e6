"""Files that were brought in: what each was, what it made, and whether it was undone.

What a file made can be taken out again as a whole, by 0002_undoing, and in no other way.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fisc.processes.conversion import choices


class Batch(models.Model):
    """One file of another system that was brought in."""

    id = models.BigAutoField(primary_key=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping_sha256 = models.CharField(max_length=64)
    row_count = models.IntegerField()
    taken = models.IntegerField()
    # Control totals, and each row that was left out with its reasons.
    totals = models.JSONField()
    refused = models.JSONField()
    why = models.TextField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_why = models.TextField(default="")

    class Meta:
        db_table = "conversion_batch"
        default_permissions = ()
        constraints = [
            # A file stands once; after its undoing it may come again.
            models.UniqueConstraint(
                fields=["sha256"],
                condition=models.Q(undone_at__isnull=True),
                name="converted_file_stands_once",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_why="")
                | models.Q(undone_at__isnull=False) & ~models.Q(undone_why=""),
                name="undoing_says_why",
            ),
            # Who brought it in does not take it out (0003_undone_by_another).
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True)
                | models.Q(made_by__isnull=True)
                | (models.Q(undone_by__isnull=False) & ~models.Q(undone_by=models.F("made_by"))),
                name="converted_file_undone_by_another",
            ),
        ]


class Reference(models.Model):
    """The number that a license had in the other system."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    line = models.IntegerField()
    reference = models.CharField(max_length=60)
    # Not a foreign key: the license goes when the file is undone, and the number stays known.
    license_id = models.BigIntegerField()

    class Meta:
        db_table = "conversion_reference"
        default_permissions = ()
        indexes = [
            models.Index(fields=["reference"], name="conversion_by_reference"),
            models.Index(fields=["license_id"], name="conversion_reference_of"),
        ]


class Made(models.Model):
    """One row that a file brought in."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    kind = models.SmallIntegerField(choices=choices.MadeKind)
    row_id = models.BigIntegerField()

    class Meta:
        db_table = "conversion_made"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.MadeKind.values), name="made_kind_known"
            ),
            models.UniqueConstraint(fields=["kind", "row_id"], name="made_by_one_file"),
        ]
        indexes = [models.Index(fields=["batch", "kind"], name="made_by_batch")]

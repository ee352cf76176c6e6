"""Files of returns that came in, cut into parts that are taken in at once.

That a part is taken once, and that nothing is removed, is held by 0041_return_files_walls.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ReturnFile(models.Model):
    """A file of returns that came in; the same bytes come in once."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    # What the file was read by, as its layout is called.
    layout = models.CharField(max_length=100)
    posting_day = models.DateField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    return_count = models.IntegerField()

    class Meta:
        db_table = "tax_returns_file"
        default_permissions = ()


class ReturnFilePart(models.Model):
    """The returns of a file whose accounts are in a range of buckets, and what became of them."""

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(ReturnFile, on_delete=models.PROTECT, related_name="+")
    bucket_from = models.IntegerField()
    bucket_before = models.IntegerField()
    # As `calculations.many_packs` encodes them.
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    return_count = models.IntegerField()
    # The run's chunk that took them in; none while they wait.
    run = models.ForeignKey("runs.Run", null=True, on_delete=models.PROTECT, related_name="+")
    chunk = models.IntegerField(null=True)
    taken = models.IntegerField(null=True)
    held = models.IntegerField(null=True)
    # Returns that were here already and said the same.
    again = models.IntegerField(null=True)
    tax_due_cents = models.BigIntegerField(null=True)

    class Meta:
        db_table = "tax_returns_file_part"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["file", "bucket_from"], name="file_part_is_one"),
            models.CheckConstraint(
                condition=models.Q(
                    chunk__isnull=True, taken__isnull=True, held__isnull=True, again__isnull=True
                )
                | models.Q(chunk__isnull=False)
                & models.Q(taken=models.F("return_count") - models.F("held") - models.F("again")),
                name="file_part_is_taken_as_a_whole",
            ),
        ]

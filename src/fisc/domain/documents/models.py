"""The record of each document that was made, and of letters that are to be printed.

The bytes of a document are in the document store. That a letter is printed once, and a batch of
them mailed once, is held by 0024_letters_walls.
"""

from django.conf import settings
from django.db import models

from fisc.domain.documents import choices


class Document(models.Model):
    """One document as it was made: by which template, from which data, when."""

    sha256 = models.CharField(max_length=64)
    kind = models.SmallIntegerField(choices=choices.Kind)
    subject_kind = models.SmallIntegerField(choices=choices.Subject)
    subject_id = models.BigIntegerField()
    language = models.CharField(max_length=2)
    template_sha256 = models.CharField(max_length=64)
    data = models.JSONField()
    size_bytes = models.IntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            # One document of a kind for its subject: a reprint is the same bytes.
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind"], name="document_is_made_once"
            ),
            models.CheckConstraint(
                condition=models.Q(size_bytes__gt=0), name="document_has_content"
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="document_is_named_by_its_hash",
            ),
        ]
        permissions = [("see_document", "May open bills and letters as they were sent")]


class PrintBatch(models.Model):
    """Letters of one kind that were printed together, and who printed and mailed them when."""

    id = models.BigAutoField(primary_key=True)
    kind = models.SmallIntegerField(choices=choices.Kind)
    # The day of its letters.
    written_on = models.DateField()
    letters = models.IntegerField()
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    mailed_at = models.DateTimeField(null=True)
    mailed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "documents_print_batch"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(letters__gt=0), name="print_batch_has_letters"
            ),
            models.CheckConstraint(
                condition=models.Q(mailed_at__isnull=True, mailed_by__isnull=True)
                | models.Q(mailed_at__gte=models.F("printed_at"), mailed_by__isnull=False),
                name="print_batch_is_mailed_by_somebody",
            ),
        ]


class Letter(models.Model):
    """A letter that a run wrote: about what, to which account, of which day.

    It waits to be printed, is printed in one batch, or is overtaken by what happened meanwhile.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.SmallIntegerField(choices=choices.Kind)
    subject_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    written_on = models.DateField()
    written_at = models.DateTimeField()
    batch = models.ForeignKey(
        PrintBatch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Its place among the letters of its batch, from 0.
    place = models.IntegerField(null=True)
    overtaken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "documents_letter"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="letter_is_written_once"),
            models.UniqueConstraint(fields=["batch", "place"], name="letter_has_its_place"),
            models.CheckConstraint(
                condition=models.Q(batch__isnull=True, place__isnull=True)
                | models.Q(batch__isnull=False, place__gte=0, overtaken_at__isnull=True),
                name="letter_is_printed_or_overtaken",
            ),
        ]
        indexes = [
            models.Index(fields=["account_id"], name="letter_of_account"),
            models.Index(
                fields=["written_on", "kind", "account_id"],
                condition=models.Q(batch__isnull=True, overtaken_at__isnull=True),
                name="letter_to_print",
            ),
        ]

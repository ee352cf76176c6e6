"""The record of each document that was made. Its bytes are in the document store."""

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

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres import fields
from django.db import models

from fisc.domain.list_changes import choices


def _person() -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class Change(models.Model):
    """A list as somebody wants it to be: written, tested, agreed to, then an edition of it."""

    id = models.AutoField(primary_key=True)
    list = models.ForeignKey("code_lists.CodeList", on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    status = models.CharField(max_length=10, default=choices.Status.DRAFT.value)
    # The list as a file: its bytes are the record.
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    effective = fields.DateRangeField()
    author = models.CharField(max_length=200)
    reason = models.TextField()
    citation = models.TextField()
    # Who must look at it afterwards, and by when, where its author approved it.
    reviewer = models.CharField(max_length=200, default="")
    review_by = models.DateField(null=True)
    started_from = models.ForeignKey(
        "code_lists.Edition", on_delete=models.PROTECT, related_name="+"
    )
    # What it became once it was approved.
    edition = models.OneToOneField(
        "code_lists.Edition", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "list_changes_change"
        constraints = [
            models.UniqueConstraint(fields=["list", "number"], name="list_change_number_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=[each.value for each in choices.Status]),
                name="list_change_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status="approved", edition__isnull=False)
                | (~models.Q(status="approved") & models.Q(edition__isnull=True)),
                name="list_change_approved_is_an_edition",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewer="", review_by__isnull=True)
                | (~models.Q(reviewer="") & models.Q(review_by__isnull=False)),
                name="list_change_review_has_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(citation=""),
                name="list_change_says_why",
            ),
            models.CheckConstraint(
                condition=~models.Q(effective__isempty=True), name="list_change_for_some_days"
            ),
        ]


class Revision(models.Model):
    """A draft as one person left it: nothing that was saved is ever lost."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    changed = models.CharField(max_length=12)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    effective = fields.DateRangeField()
    saved_by = _person()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "list_changes_revision"
        constraints = [
            models.UniqueConstraint(fields=["change", "number"], name="list_revision_number_once"),
            models.CheckConstraint(
                condition=models.Q(changed__in=[each.value for each in choices.Saved]),
                name="list_revision_says_what_changed",
            ),
        ]


class Trial(models.Model):
    """How the cases of the books that use a list came out with it as changed."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    books = models.JSONField()
    passed = models.IntegerField()
    failed = models.IntegerField()
    ran_at = models.DateTimeField()

    class Meta:
        db_table = "list_changes_trial"


class Approval(models.Model):
    """A person's agreement to one revision of a change."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="+")
    revision = models.IntegerField()
    part = models.CharField(max_length=16)
    person = _person()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "list_changes_approval"
        constraints = [
            models.UniqueConstraint(
                fields=["change", "revision", "part"], name="list_approval_once_a_part"
            ),
            models.UniqueConstraint(
                fields=["change", "revision", "person"], name="list_approval_by_different_people"
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=[each.value for each in choices.Approving]),
                name="list_approval_part_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="list_approval_has_a_reason"
            ),
        ]

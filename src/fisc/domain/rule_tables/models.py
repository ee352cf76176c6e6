from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.postgres import constraints, fields
from django.db import models

from fisc.domain.rule_tables import choices

EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


def _person() -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class Book(models.Model):
    """All the tables of one subject; it serves exactly one decision point."""

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=100, unique=True)
    decision_point = models.CharField(max_length=100, unique=True)

    class Meta:
        db_table = "rule_tables_book"


class Version(models.Model):
    """One content of a book, and who adopted it why. What days it governs is its standings."""

    id = models.AutoField(primary_key=True)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    status = models.CharField(max_length=10, default=choices.Status.DRAFT.value)
    file_name = models.CharField(max_length=200)
    dmn = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    # Its cases, as the CSV they are written in.
    case_sheet = models.BinaryField(default=b"")
    case_sheet_sha256 = models.CharField(max_length=64, default=EMPTY_SHA256)
    # The days it was adopted for.
    effective = fields.DateRangeField()
    author = models.CharField(max_length=200)
    reason = models.TextField()
    citation = models.TextField()
    approver = models.CharField(max_length=200, default="")
    approved_at = models.DateTimeField(null=True)
    # Who must look at it afterwards, and by when, where its author approved it.
    reviewer = models.CharField(max_length=200, default="")
    review_by = models.DateField(null=True)
    started_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    # Of one that has the content of another with newer shared tables: that other.
    reissue_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rule_tables_version"
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=[each.value for each in choices.Status]),
                name="version_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["draft", "in test", "discarded"], approved_at__isnull=True
                )
                | models.Q(status__in=["approved", "superseded"], approved_at__isnull=False),
                name="version_approved_has_an_instant",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True)
                | (
                    ~models.Q(approver="")
                    & (
                        ~models.Q(approver=models.F("author"))
                        | (~models.Q(reviewer="") & ~models.Q(reviewer=models.F("author")))
                    )
                ),
                name="version_approved_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewer="", review_by__isnull=True)
                | (~models.Q(reviewer="") & models.Q(review_by__isnull=False)),
                name="version_review_has_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(effective__isempty=True), name="version_for_some_days"
            ),
        ]


class Import(models.Model):
    """A version of a shared book that an approved version computes with, directly or not."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    imported = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "rule_tables_import"
        constraints = [
            models.UniqueConstraint(fields=["version", "imported"], name="import_once"),
            models.CheckConstraint(
                condition=~models.Q(version=models.F("imported")), name="import_of_another"
            ),
        ]


class Revision(models.Model):
    """A draft as one person left it: nothing that was saved is ever lost."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    changed = models.CharField(max_length=12)
    dmn = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    case_sheet = models.BinaryField()
    case_sheet_sha256 = models.CharField(max_length=64)
    effective = fields.DateRangeField()
    problems = models.JSONField(default=list)
    saved_by = _person()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "rule_tables_revision"
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=models.Q(changed__in=[each.value for each in choices.Saved]),
                name="revision_says_what_changed",
            ),
        ]


class SourceFile(models.Model):
    """A file that look-up tables were taken from, byte for byte; versions may share it."""

    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()

    class Meta:
        db_table = "rule_tables_source_file"


class Source(models.Model):
    """Which file a table of a version was taken from; of several for one table the last counts."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=300)
    # None where a person said that the table has no source after all.
    file = models.ForeignKey(SourceFile, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    # For each condition and then each result column of the table: the file's column.
    columns = models.JSONField()
    # None where it came in with a city's signed files.
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "rule_tables_source"
        indexes = [models.Index(fields=["version", "decision"], name="source_of_version")]


class CaseRun(models.Model):
    """How a version's cases came out, for one content of its tables and one of its cases."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    case_sheet_sha256 = models.CharField(max_length=64)
    # Of the files that it imports; empty where there are none.
    imports_sha256 = models.CharField(max_length=64, default="")
    # Why the cases could not be run, where they could not.
    problem = models.TextField(default="")
    passed = models.IntegerField()
    failed = models.IntegerField()
    results = models.JSONField()
    ran_at = models.DateTimeField()

    class Meta:
        db_table = "rule_tables_case_run"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "sha256", "case_sheet_sha256", "imports_sha256"],
                name="case_run_once_a_content",
            ),
        ]


class PublishReport(models.Model):
    """What the checks before publishing found of a version as it was put in test."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    case_sheet_sha256 = models.CharField(max_length=64)
    report = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "rule_tables_publish_report"


class Approval(models.Model):
    """A person's agreement to one revision of a version."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    revision = models.IntegerField()
    part = models.CharField(max_length=16)
    person = _person()
    reason = models.TextField()
    # The study of this very content that the person was shown; none where none was made.
    study = models.ForeignKey("Study", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "rule_tables_approval"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "revision", "part"], name="approval_once_a_part"
            ),
            models.UniqueConstraint(
                fields=["version", "revision", "person"], name="approval_by_different_people"
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=[each.value for each in choices.Approving]),
                name="approval_part_known",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="approval_has_a_reason"),
        ]


class AcceptedChange(models.Model):
    """A change of a book that no case would notice, and why that may be."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=500)
    reason = models.TextField()
    accepted_by = _person()
    accepted_at = models.DateTimeField()

    class Meta:
        db_table = "rule_tables_accepted_change"
        constraints = [
            models.UniqueConstraint(fields=["book", "key"], name="accepted_change_once"),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="accepted_change_has_a_reason"
            ),
        ]


class Standing(models.Model):
    """The days that a version governs, from when it was known until it was superseded."""

    id = models.AutoField(primary_key=True)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    effective = fields.DateRangeField()
    known = fields.DateTimeRangeField()
    decided = models.CharField(max_length=12)
    decided_by = models.CharField(max_length=200)
    reason = models.TextField()

    class Meta:
        db_table = "rule_tables_standing"
        constraints = [
            constraints.ExclusionConstraint(
                name="standing_one_version_a_day_and_instant",
                expressions=[
                    (
                        models.Func(
                            models.F("book"),
                            models.F("book"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        fields.RangeOperators.OVERLAPS,
                    ),
                    ("effective", fields.RangeOperators.OVERLAPS),
                    ("known", fields.RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(decided__in=[each.value for each in choices.Decided]),
                name="standing_decided_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(effective__isempty=True), name="standing_for_some_days"
            ),
        ]


class EvaluationBlock(models.Model):
    """Many evaluations under one version: exact inputs, their origins, outputs and rule hits.

    `content` is several small Arrow files end to end, each of `segment_rows` rows and ending at
    the byte in `segment_ends`, so that one row is read without the others.
    """

    decision_point = models.CharField(max_length=100)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    run_id = models.IntegerField(null=True)
    chunk = models.SmallIntegerField(null=True)
    rows = models.IntegerField()
    layout = models.JSONField()
    segment_rows = models.IntegerField()
    segment_ends = models.JSONField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "rule_tables_evaluation_block"
        constraints = [
            models.CheckConstraint(condition=models.Q(rows__gt=0), name="block_has_rows"),
        ]


class Study(models.Model):
    """A version studied over the bills of the past: on which data, and what came of it."""

    id = models.AutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    # Of the tables that were studied: a draft may be changed afterwards.
    sha256 = models.CharField(max_length=64)
    # Of the files that they imported; empty where there were none.
    imports_sha256 = models.CharField(max_length=64, default="")
    status = models.CharField(max_length=10, default=choices.Studied.ASKED.value)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    # The last day whose bills it counts.
    data_day = models.DateField()
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    is_cancel_asked = models.BooleanField(default=False)
    problem = models.TextField(default="")
    # The slices it passed over, by month, buckets and hash.
    snapshot = models.JSONField(default=list)
    result = models.JSONField(null=True)
    result_sha256 = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "rule_tables_study"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=[each.value for each in choices.Studied]),
                name="study_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status="done", result__isnull=False)
                | (~models.Q(status="done") & models.Q(result__isnull=True)),
                name="study_done_has_a_result",
            ),
        ]

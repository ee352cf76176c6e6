from __future__ import annotations

from django.contrib.postgres import constraints, fields
from django.db import models

from fisc.domain.rule_tables import choices


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
    # The days it was adopted for.
    effective = fields.DateRangeField()
    author = models.CharField(max_length=200)
    reason = models.TextField()
    citation = models.TextField()
    approver = models.CharField(max_length=200, default="")
    approved_at = models.DateTimeField(null=True)
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
                condition=models.Q(status__in=["draft", "in test"], approved_at__isnull=True)
                | models.Q(status__in=["approved", "superseded"], approved_at__isnull=False),
                name="version_approved_has_an_instant",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True)
                | (~models.Q(approver="") & ~models.Q(approver=models.F("author"))),
                name="version_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(effective__isempty=True), name="version_for_some_days"
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

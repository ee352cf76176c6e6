from __future__ import annotations

from django.contrib.postgres import constraints, fields
from django.db import models

from fisc.domain.code_lists import choices


class ContentGeneration(models.Model):
    """One row: counts every change of code lists and rule tables, so that memory can be trusted.

    A process that keeps tables in memory compares this number, usually as one more column of a
    statement it makes anyway, and reads again only when it moved.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

    class Meta:
        db_table = "code_lists_generation"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="generation_is_one_row"),
        ]


class CodeList(models.Model):
    name = models.CharField(max_length=60, unique=True)
    # Of the file it was last read from, so that the same bytes change nothing.
    sha256 = models.CharField(max_length=64, default="")
    # Which edition its codes show, and the last day that was looked for: it goes forward only.
    shown = models.ForeignKey("Edition", null=True, on_delete=models.PROTECT, related_name="+")
    shown_on = models.DateField(null=True)

    class Meta:
        db_table = "code_lists_list"


class Edition(models.Model):
    """One content of a list as it was adopted. What days it governs is its standings."""

    id = models.AutoField(primary_key=True)
    list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    # Whether it came in with the city's files or was written and approved here.
    source = models.CharField(max_length=8)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    # The days it was adopted for.
    effective = fields.DateRangeField()
    author = models.CharField(max_length=200, default="")
    approver = models.CharField(max_length=200, default="")
    reason = models.TextField(default="")
    citation = models.TextField(default="")
    # None for a list's first file: it is taken to be what was always known.
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "code_lists_edition"
        constraints = [
            models.UniqueConstraint(fields=["list", "number"], name="edition_number_once"),
            models.CheckConstraint(
                condition=models.Q(source__in=[each.value for each in choices.Source]),
                name="edition_source_known",
            ),
            models.CheckConstraint(
                condition=models.Q(source="file")
                | (
                    models.Q(adopted_at__isnull=False)
                    & ~models.Q(author="")
                    & ~models.Q(approver="")
                    & ~models.Q(reason="")
                    & ~models.Q(citation="")
                ),
                name="edition_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=~models.Q(effective__isempty=True), name="edition_for_some_days"
            ),
        ]


class Standing(models.Model):
    """The days that an edition governs, from when it was known until it was superseded."""

    id = models.AutoField(primary_key=True)
    list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    effective = fields.DateRangeField()
    known = fields.DateTimeRangeField()
    decided = models.CharField(max_length=12)
    decided_by = models.CharField(max_length=200, default="")
    reason = models.TextField(default="")

    class Meta:
        db_table = "code_lists_standing"
        constraints = [
            constraints.ExclusionConstraint(
                name="list_standing_one_edition_a_day_and_instant",
                expressions=[
                    (
                        models.Func(
                            models.F("list"),
                            models.F("list"),
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
                name="list_standing_decided_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(effective__isempty=True), name="list_standing_for_some_days"
            ),
        ]


class Code(models.Model):
    id = models.AutoField(primary_key=True)
    list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    label_en = models.CharField(max_length=200)
    label_es = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    citation = models.TextField()
    attributes = models.JSONField(default=dict)
    # Place in the file: the order a list is shown in.
    position = models.IntegerField(default=0)
    # Not in the edition that is shown: it is not begun yet, or was rolled back.
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        db_table = "code_lists_code"
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="code_once_a_list"),
            models.CheckConstraint(
                condition=models.Q(ends_before__isnull=True)
                | models.Q(ends_before__gt=models.F("starts_on")),
                name="code_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~models.Q(citation=""), name="code_is_cited"),
        ]


class Calendar(models.Model):
    name = models.CharField(max_length=60, unique=True)
    # Monday is 1, as in ISO 8601; these days of the week are closed.
    closed_weekdays = models.JSONField(default=list)
    covers_from = models.DateField()
    covers_before = models.DateField()
    citation = models.TextField()
    sha256 = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "code_lists_calendar"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(covers_before__gt=models.F("covers_from")),
                name="calendar_covers_some_days",
            ),
            models.CheckConstraint(condition=~models.Q(citation=""), name="calendar_is_cited"),
        ]


class ClosedDay(models.Model):
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    label_en = models.CharField(max_length=200)
    label_es = models.CharField(max_length=200)
    citation = models.TextField()

    class Meta:
        db_table = "code_lists_closed_day"
        constraints = [
            models.UniqueConstraint(fields=["calendar", "day"], name="closed_day_once"),
            models.CheckConstraint(condition=~models.Q(citation=""), name="closed_day_is_cited"),
        ]

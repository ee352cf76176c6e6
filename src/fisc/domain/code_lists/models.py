from __future__ import annotations

from django.db import models


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

    class Meta:
        db_table = "code_lists_list"


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

"""Runs, their steps, and the chunks that are committed at once."""

from django.conf import settings
from django.db import models


class Run(models.Model):
    """One batch of work; for kind "day", a posting day's run."""

    id = models.AutoField(primary_key=True)
    kind = models.TextField()
    posting_day = models.DateField()
    status = models.TextField(default="running")
    # Every row that the run writes carries this instant, so that a resumed run makes the same rows.
    instant = models.DateTimeField()
    city = models.TextField(default="")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)
    message = models.TextField(default="")
    # Who works on it now, for the refusal that a second starter reads.
    held_by = models.TextField(default="")
    held_since = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "posting_day"),
                condition=models.Q(kind="day"),
                name="run_one_a_posting_day",
            ),
            # Twenty bits of every bulk identifier are the run's number.
            models.CheckConstraint(
                condition=models.Q(id__gte=1, id__lt=1 << 20),
                name="run_number_fits_identifiers",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=("running", "stopped", "waiting", "done")),
                name="run_status_known",
            ),
        )


class Step(models.Model):
    """One job of a run, with what was counted before and after it."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    ordinal = models.SmallIntegerField()
    name = models.TextField()
    status = models.TextField(default="waiting")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    message = models.TextField(default="")
    # A step that needs a word before the next: a person's name, or the policy that let it pass.
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_words = models.TextField(default="")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("run", "ordinal"), name="step_one_ordinal_a_run"),
            models.UniqueConstraint(fields=("run", "name"), name="step_one_name_a_run"),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=(
                        "waiting",
                        "running",
                        "stopped",
                        "done",
                        "differs",
                        "to sign",
                    )
                ),
                name="step_status_known",
            ),
        )


class Chunk(models.Model):
    """The part of a step that is committed at once; this row is the only truth about it."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+")
    bucket_from = models.SmallIntegerField()
    bucket_before = models.SmallIntegerField()
    # What the chunk is about besides its buckets: a cycle, a file.
    subject = models.JSONField(default=dict)
    status = models.TextField(default="waiting")
    result = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("run", "number"), name="chunk_one_number_a_run"),
            # Twelve bits of every bulk identifier are the chunk's number.
            models.CheckConstraint(
                condition=models.Q(number__gte=0, number__lt=1 << 12),
                name="chunk_number_fits_identifiers",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    bucket_from__gte=0,
                    bucket_before__gt=models.F("bucket_from"),
                    bucket_before__lte=4096,
                ),
                name="chunk_holds_a_range_of_buckets",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=("waiting", "done")),
                name="chunk_status_known",
            ),
        )
        indexes = (
            models.Index(
                fields=("step", "number"),
                condition=models.Q(status="waiting"),
                name="chunk_waiting",
            ),
        )

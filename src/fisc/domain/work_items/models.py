"""Work items: what a person must look at."""

from django.conf import settings
from django.db import models


class WorkItem(models.Model):
    """One thing for a person: what, why, about what, by when, and who has it."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    reason = models.TextField()
    # Items with one cause (a bad file) are worked as one item with a list.
    cause_key = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.BigIntegerField()
    detail = models.JSONField(default=dict)
    due_on = models.DateField()
    urgency = models.SmallIntegerField(default=5)
    status = models.TextField(default="open")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    snoozed_until = models.DateField(null=True)
    # The last word a person said about it: why it is done, forwarded or snoozed.
    last_word = models.TextField(default="")
    run = models.ForeignKey("runs.Run", null=True, on_delete=models.PROTECT, related_name="+")
    posting_day = models.DateField(null=True)
    raised_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("cause_key", "subject_kind", "subject_id"),
                name="work_item_raised_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=("open", "taken", "snoozed", "done")),
                name="work_item_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status="taken", owner__isnull=False) | ~models.Q(status="taken"),
                name="work_item_taken_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(status="done", done_at__isnull=False)
                | models.Q(~models.Q(status="done"), done_at__isnull=True),
                name="work_item_done_at_an_instant",
            ),
            models.CheckConstraint(
                condition=models.Q(status="snoozed", snoozed_until__isnull=False)
                | models.Q(~models.Q(status="snoozed"), snoozed_until__isnull=True),
                name="work_item_snoozed_until_a_day",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_on", "urgency", "id"),
                condition=~models.Q(status="done"),
                name="work_item_queue",
            ),
            models.Index(fields=("subject_kind", "subject_id"), name="work_item_subject"),
        )

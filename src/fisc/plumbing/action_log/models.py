"""Who did what to which thing, when and why: one explicit row an operation."""

from django.conf import settings
from django.db import models


class Action(models.Model):
    """One operation that somebody, or a run, carried out."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    run = models.ForeignKey("runs.Run", null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.BigIntegerField(null=True)
    why = models.TextField(default="")
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "action_log_action"
        default_permissions = ()
        indexes = (
            models.Index(fields=("subject_kind", "subject_id", "id"), name="action_by_subject"),
            models.Index(fields=("user", "id"), name="action_by_user"),
        )
        constraints = (
            models.CheckConstraint(condition=~models.Q(verb=""), name="action_has_a_verb"),
            models.CheckConstraint(
                condition=~models.Q(subject_kind=""), name="action_has_a_subject_kind"
            ),
        )

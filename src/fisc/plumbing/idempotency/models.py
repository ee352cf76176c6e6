"""Keys of writes that could be asked twice, each with its first result."""

from django.db import models


class IdempotencyKey(models.Model):
    """One asked-for write: its key, what was asked (as a hash), and what came of it."""

    key = models.TextField(primary_key=True)
    content_sha256 = models.BinaryField()
    result = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_key"
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(key=""), name="idempotency_key_is_not_empty"
            ),
        )

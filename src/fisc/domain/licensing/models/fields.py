"""What the tables of licensing are made of."""

from __future__ import annotations

from typing import Any

from django.db import models


def to(model: str, *, null: bool = False) -> Any:
    """Return a reference that is never followed back and never undone."""
    return models.ForeignKey(model, null=null, on_delete=models.PROTECT, related_name="+")


def known(field: str, of: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """Return the constraint that a field is one of some words."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": of.values}), name=name)


def period_is_positive(name: str) -> models.CheckConstraint:
    """Return the constraint that a row's period holds a day."""
    return models.CheckConstraint(
        condition=models.Q(ends_before__isnull=True)
        | models.Q(ends_before__gt=models.F("starts_on")),
        name=name,
    )

"""What consolidated filers file for, and what of their returns is of which location.

That memberships do not overlap, and that nothing is removed, is held by 0084_members_walls.
"""

from __future__ import annotations

from django.db import models


class Member(models.Model):
    """A location, or another business, that an account files for over some days."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    # What schedules by location name it by, and what it is called.
    code = models.TextField()
    name = models.TextField()
    # A business with a tax account of its own, which owes no returns meanwhile.
    member_account = models.ForeignKey(
        "accounts.Account", null=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "tax_returns_member"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_before__isnull=True)
                | models.Q(ends_before__gt=models.F("starts_on")),
                name="member_is_one_some_days",
            ),
            models.CheckConstraint(
                condition=models.Q(member_account__isnull=True)
                | ~models.Q(member_account=models.F("account")),
                name="member_is_another_account",
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z0-9][A-Z0-9._-]{0,19}$") & ~models.Q(name=""),
                name="member_has_a_code_and_name",
            ),
        ]


class ReturnLocation(models.Model):
    """What of a line is of one location, in whole cents, and its share of the line's tax."""

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(
        "tax_returns.ReturnLine", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    gross_cents = models.BigIntegerField()
    deducted_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()

    class Meta:
        db_table = "tax_returns_return_location"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["line", "member"], name="return_location_is_one"),
            models.CheckConstraint(
                condition=models.Q(gross_cents__gte=0, deducted_cents__gte=0),
                name="return_location_is_not_negative",
            ),
        ]

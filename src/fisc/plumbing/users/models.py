from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from fisc.plumbing.users import choices, permissions


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in: staff, or a resident or business on the portal."""

    username = models.CharField(max_length=150)
    full_name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    kind = models.CharField(max_length=10, choices=choices.Kind, default=choices.Kind.STAFF)
    language = models.CharField(
        max_length=5, choices=choices.Language, default=choices.Language.ENGLISH
    )
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        db_table = "users_user"
        default_permissions = ()
        permissions = tuple(
            (name.partition(".")[2], words) for name, words in permissions.WORDS.items()
        )
        constraints = (
            models.UniqueConstraint(fields=("username",), name="user_username_is_unique"),
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.Kind.values),
                name="user_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=choices.Language.values),
                name="user_language_is_known",
            ),
        )

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.full_name


class ApiKey(models.Model):
    """With it a program acts as someone who signs in; only a hash of its secret is kept."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # What uses it, for the people who look after keys.
    name = models.CharField(max_length=80)
    secret_sha256 = models.BinaryField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = models.Manager["ApiKey"]()

    class Meta:
        db_table = "users_api_key"
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=~models.Q(name=""), name="api_key_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("made_at")), name="api_key_lasts"
            ),
        )

"""What a document is, and what it is about."""

from django.db import models


class Kind(models.IntegerChoices):
    BILL = 1, "bill"


class Subject(models.IntegerChoices):
    BILL = 1, "bill"

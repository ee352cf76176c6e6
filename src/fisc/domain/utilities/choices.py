"""The fixed words of utilities."""

from django.db import models


class Service(models.TextChoices):
    """What is delivered; each has a decision point of its own."""

    WATER = "water"
    SEWER = "sewer"
    ELECTRIC = "electric"


class ReadKind(models.IntegerChoices):
    """How a reading came about."""

    ACTUAL = 1, "actual"
    ESTIMATED = 2, "estimated"
    CUSTOMER = 3, "customer's"
    FINAL = 4, "final"
    FIRST = 5, "first"


class Unit(models.TextChoices):
    """What a register counts."""

    KGAL = "kgal"
    KWH = "kWh"


class Stage(models.IntegerChoices):
    """The named steps of a bill."""

    SEGMENTS = 1, "lines of a segment"
    TAXES = 2, "taxes"
    MINIMUM = 3, "minimum"


class HeldStatus(models.TextChoices):
    """What became of a held bill."""

    HELD = "held"
    RELEASED = "released"
    DROPPED = "dropped"

"""The fixed words of what is known of parties."""

from typing import Final

from django.db import models

#: Which code list says what an officer is.
OFFICER_TITLES: Final = "officer title"
#: Which code lists say what a paper is; the first is of every party, others may be a city's.
PAPER_KINDS: Final = ("paper kind", "license attachment")


class FileKind(models.TextChoices):
    """What a file that was handed in may be: nothing that runs when it is opened."""

    PDF = "application/pdf", "PDF"
    PNG = "image/png", "PNG"
    JPEG = "image/jpeg", "JPEG"

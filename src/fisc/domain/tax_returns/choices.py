"""What an item of a tax account stands for."""

from django.db import models


class Part(models.IntegerChoices):
    """The part of a period's tax that a posted item is of. Those to 9 are tax."""

    TAX = 1, "Tax"
    EXCESS_TAX = 2, "Excess tax collected"
    ACCOUNTING_CREDIT = 3, "Accounting credit"
    PENALTY = 10, "Penalty"
    INTEREST = 11, "Interest"


TAX_PARTS = (Part.TAX, Part.EXCESS_TAX, Part.ACCOUNTING_CREDIT)

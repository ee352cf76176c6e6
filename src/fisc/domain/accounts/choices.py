"""The fixed words of accounts."""

from django.db import models


class AccountKind(models.TextChoices):
    """What an account is for."""

    UTILITY = "utility"
    LICENSE = "license"
    TAX = "tax"
    INVOICE = "invoice"


class PartyKind(models.TextChoices):
    """Who a party is."""

    PERSON = "person"
    ORGANIZATION = "organization"


class Role(models.TextChoices):
    """What a party is to an account."""

    HOLDER = "holder"
    JOINTLY_LIABLE = "jointly liable"
    OWNER = "owner"
    BILL_TO = "bill-to"
    AUTHORIZED_CONTACT = "authorized contact"
    THIRD_PARTY_NOTIFY = "third-party notify"
    GUARANTOR = "guarantor"
    AGENT = "agent"
    PERSONAL_REPRESENTATIVE = "personal representative"
    TRUSTEE = "trustee"


class Jurisdiction(models.TextChoices):
    """What a premise can lie in."""

    INSIDE_CITY = "inside city"


class HoldKind(models.TextChoices):
    """What a hold keeps from happening."""

    BILL = "bill"
    LATE_CHARGE = "late charge"
    NOTICE = "notice"
    CUT_OFF = "cut-off"
    AUTOPAY = "autopay"
    REFUND = "refund"

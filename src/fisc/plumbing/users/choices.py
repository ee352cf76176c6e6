"""Who signs in, in which language, and in which group of the office."""

from django.db import models


class Kind(models.TextChoices):
    STAFF = "staff", "Staff"
    PORTAL = "portal", "Resident or business"


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SPANISH = "es", "Español"


class GroupName(models.TextChoices):
    CASHIER = "cashier", "Cashier"
    ACCOUNT_COORDINATOR = "account coordinator", "Account coordinator"
    PROJECTS_COORDINATOR = "projects coordinator", "Projects coordinator"
    SUPERVISOR = "supervisor", "Supervisor"
    AUDITOR = "auditor", "Auditor"
    ANALYST = "economic analyst", "Economic analyst of another office"

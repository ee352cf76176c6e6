"""The fixed words of licensing."""

from collections.abc import Mapping

from django.db import models


class ActivityList(models.TextChoices):
    """Which code list says what a business does."""

    NAICS = "naics"
    CITY = "business class"


class ApplicationKind(models.TextChoices):
    """What an application asks for."""

    NEW = "new"
    RENEWAL = "renewal"


class ApplicationStatus(models.TextChoices):
    """Where an application stands."""

    # What must be said and brought is not all here.
    STARTED = "started"
    # Departments are asked; the fee may be charged.
    COMPLETE = "complete"
    ISSUED = "issued"
    # Final once the days of appeal are over.
    DENIED = "denied"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"


class SignOffOutcome(models.TextChoices):
    """What a department said."""

    APPROVED = "approved"
    REFUSED = "refused"


class LicenseStatus(models.TextChoices):
    """What a license is since its last event."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    CLOSED = "closed"


class LicenseEventKind(models.TextChoices):
    """What happened to a license."""

    ISSUED = "issued"
    RENEWED = "renewed"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    REVOKED = "revoked"
    EXPIRED = "expired"
    CLOSED = "closed"
    OWNER_CHANGED = "owner changed"
    PLACE_CHANGED = "place changed"


# What a license is after an event, where the event changes it.
STATUS_AFTER: Mapping[str, str] = {
    LicenseEventKind.ISSUED: LicenseStatus.ACTIVE,
    LicenseEventKind.RENEWED: LicenseStatus.ACTIVE,
    LicenseEventKind.REINSTATED: LicenseStatus.ACTIVE,
    LicenseEventKind.SUSPENDED: LicenseStatus.SUSPENDED,
    LicenseEventKind.REVOKED: LicenseStatus.REVOKED,
    LicenseEventKind.EXPIRED: LicenseStatus.EXPIRED,
    LicenseEventKind.CLOSED: LicenseStatus.CLOSED,
}

# What a license must be for an event; 0013_licenses_walls holds the same.
STATUS_BEFORE: Mapping[str, tuple[str, ...]] = {
    LicenseEventKind.RENEWED: (LicenseStatus.ACTIVE, LicenseStatus.EXPIRED),
    LicenseEventKind.SUSPENDED: (LicenseStatus.ACTIVE,),
    LicenseEventKind.REINSTATED: (LicenseStatus.SUSPENDED, LicenseStatus.REVOKED),
    LicenseEventKind.REVOKED: (LicenseStatus.ACTIVE, LicenseStatus.SUSPENDED),
    LicenseEventKind.EXPIRED: (LicenseStatus.ACTIVE, LicenseStatus.SUSPENDED),
    LicenseEventKind.CLOSED: (
        LicenseStatus.ACTIVE,
        LicenseStatus.SUSPENDED,
        LicenseStatus.EXPIRED,
    ),
    LicenseEventKind.OWNER_CHANGED: (LicenseStatus.ACTIVE,),
    LicenseEventKind.PLACE_CHANGED: (LicenseStatus.ACTIVE,),
}


class NumberOf(models.TextChoices):
    """What is numbered within its license type."""

    APPLICATION = "application"
    LICENSE = "license"

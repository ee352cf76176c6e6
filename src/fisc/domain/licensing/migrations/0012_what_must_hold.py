"""What must hold of applications and licenses, and the ways to find them."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0011_applications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="license",
            index=models.Index(fields=["business"], name="license_of_business"),
        ),
        migrations.AddIndex(
            model_name="license",
            index=models.Index(fields=["status", "term_ends_before", "id"], name="license_by_end"),
        ),
        migrations.AddConstraint(
            model_name="license",
            constraint=models.UniqueConstraint(
                fields=("license_type", "number"), name="license_number_once_a_type"
            ),
        ),
        migrations.AddConstraint(
            model_name="license",
            constraint=models.CheckConstraint(
                condition=models.Q(("term_ends_before__gt", models.F("term_starts_on"))),
                name="license_term_lasts_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="license",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["active", "suspended", "revoked", "expired", "closed"])
                ),
                name="license_status_known",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["business"], name="application_of_business"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["status", "id"], name="application_by_status"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                fields=("license_type", "number"), name="application_number_once_a_type"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["new", "renewal"])), name="application_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["started", "complete", "issued", "denied", "appealed", "withdrawn"],
                    )
                ),
                name="application_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "renewal"), ("license__isnull", False)),
                    models.Q(("kind", "new"), ("license__isnull", True)),
                    _connector="OR",
                ),
                name="only_renewals_name_a_license",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("units__isnull", True), ("units__gte", 0), _connector="OR"),
                name="application_units_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("gross_receipts_cents__isnull", True),
                    ("gross_receipts_cents__gte", 0),
                    _connector="OR",
                ),
                name="application_receipts_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("event_ends_before__isnull", True),
                    ("event_ends_before__gt", models.F("begins_on")),
                    _connector="OR",
                ),
                name="event_lasts_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "renewal"), ("status__in", ["started", "complete", "appealed"])
                ),
                fields=("license",),
                name="one_open_renewal_a_license",
            ),
        ),
        migrations.AddIndex(
            model_name="licenseevent",
            index=models.Index(fields=["license", "id"], name="license_event_of_license"),
        ),
        migrations.AddConstraint(
            model_name="licenseevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "issued",
                            "renewed",
                            "suspended",
                            "reinstated",
                            "revoked",
                            "expired",
                            "closed",
                            "owner changed",
                            "place changed",
                        ],
                    )
                ),
                name="license_event_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="licenseevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ends_before__gt", models.F("starts_on")),
                        ("kind__in", ["issued", "renewed"]),
                        ("starts_on__isnull", False),
                    ),
                    models.Q(
                        models.Q(("kind__in", ["issued", "renewed"]), _negated=True),
                        ("ends_before__isnull", True),
                        ("starts_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="license_event_has_term_where_it_gives_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="licenseevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("application__isnull", False)),
                fields=("application",),
                name="application_gives_one_term",
            ),
        ),
        migrations.AddConstraint(
            model_name="numbercounter",
            constraint=models.UniqueConstraint(
                fields=("license_type", "of"), name="one_counter_of_a_type"
            ),
        ),
        migrations.AddConstraint(
            model_name="numbercounter",
            constraint=models.CheckConstraint(
                condition=models.Q(("of__in", ["application", "license"])),
                name="counter_is_of_something_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.UniqueConstraint(
                fields=("application", "department", "attempt"), name="department_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("outcome", "")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_on__isnull", False),
                        ("due_on__isnull", False),
                        ("outcome__in", ["approved", "refused"]),
                    ),
                    _connector="OR",
                ),
                name="sign_off_decided_as_a_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "refused"), ("reason", ""), _negated=True),
                name="refusal_says_why",
            ),
        ),
    ]

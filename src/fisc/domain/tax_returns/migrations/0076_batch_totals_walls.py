"""Let a batch's new totals be corrected, and settling change the new sums, while it is open."""

from django.db import migrations

COLUMNS = {
    "tax_returns_batch": "control_tax_cents, control_remitted_cents",
    "tax_returns_batch_return": "tax_cents, remitted_cents",
}


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0075_batch_totals")]

    operations = [
        migrations.RunSQL(
            f"grant update ({columns}) on {table} to fisc_app",
            f"revoke update ({columns}) on {table} from fisc_app",
        )
        for table, columns in COLUMNS.items()
    ]

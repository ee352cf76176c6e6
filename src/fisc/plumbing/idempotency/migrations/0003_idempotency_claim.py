"""Let one statement wait for whoever works on a key and then see what came of it."""

from django.db import migrations

# Each statement inside sees what was committed while the lock was waited for.
CLAIM = """
create function idempotency_claim(claimed text)
returns table (content_sha256 bytea, result jsonb) language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(claimed, 20000102));
    return query select known.content_sha256, known.result
        from idempotency_key as known where known.key = claimed;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("idempotency", "0002_idempotency_walls")]

    operations = [migrations.RunSQL(CLAIM, "drop function idempotency_claim(text);")]

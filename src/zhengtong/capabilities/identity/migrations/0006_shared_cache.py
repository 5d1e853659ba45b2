"""The table of the cache all processes share: codes of single sign-on, counted attempts."""

from django.db import migrations

_CREATE = """
create table identity_cache (
    cache_key varchar(255) primary key,
    value text not null,
    expires timestamp with time zone not null
)
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0005_sign_in_and_relations")]

    operations = [
        migrations.RunSQL(_CREATE, "drop table identity_cache"),
        migrations.RunSQL("create index identity_cache_expires on identity_cache (expires)", migrations.RunSQL.noop),
    ]

"""Which licences end soon is asked every day; built without locking a running town."""

from django.db import migrations, models

# this migration is no transaction
ENDING = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create index concurrently if not exists documents_licences_ending
on documents_document (tenant, valid_until) where kind = 'licence' and status = 'issued'"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("documents", "0008_licence_acts"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([ENDING], ["drop index concurrently if exists documents_licences_ending"])
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="document",
                    index=models.Index(
                        condition=models.Q(("kind", "licence"), ("status", "issued")),
                        fields=["tenant", "valid_until"],
                        name="documents_licences_ending",
                    ),
                ),
            ],
        ),
    ]

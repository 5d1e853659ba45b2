"""Finds the records merged into another one; built while the town works, and again when it was broken off."""

from django.db import migrations, models

_CREATE = """
create index concurrently if not exists identity_person_merged on identity_person (merged_into_id)
    where merged_into_id is not null
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("identity", "0012_exclusive_operators")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(_CREATE, "drop index concurrently if exists identity_person_merged")
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="person",
                    index=models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="identity_person_merged",
                    ),
                )
            ],
        )
    ]

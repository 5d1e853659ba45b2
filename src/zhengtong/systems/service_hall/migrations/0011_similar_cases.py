"""Earlier applications of an item at a unit, and those of a legal person, found without reading all; unlocked."""

from django.db import migrations, models

# this migration is no transaction
OF_ITEM = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create index concurrently if not exists service_hall_of_item
on service_hall_application (tenant, org_id, item_code, submitted_at desc)"""
OF_LEGAL = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create index concurrently if not exists service_hall_of_legal
on service_hall_application (tenant, legal_person_id, created_at desc)"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("service_hall", "0010_licence_purposes_checked")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([OF_ITEM], migrations.RunSQL.noop),
                migrations.RunSQL([OF_LEGAL], migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="application",
                    index=models.Index(
                        fields=["tenant", "org_id", "item_code", "-submitted_at"], name="service_hall_of_item"
                    ),
                ),
                migrations.AddIndex(
                    model_name="application",
                    index=models.Index(
                        fields=["tenant", "legal_person_id", "-created_at"], name="service_hall_of_legal"
                    ),
                ),
            ],
        ),
    ]

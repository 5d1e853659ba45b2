"""The rows of before fit the new checks; indexes of the new columns are made without locking out writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

# this migration is no transaction
PARENT = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create index concurrently if not exists catalogue_item_parent_id on catalogue_item (parent_id)"""
CASE = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create index concurrently if not exists catalogue_version_case on catalogue_itemversion (case_id)"""
ONE_DRAFT = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create unique index concurrently if not exists catalogue_one_draft on catalogue_itemversion (item_id)
where status in ('draft', 'review')"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalogue", "0002_authoring")]

    operations = [
        migrations.RunSQL(
            "alter table catalogue_item validate constraint catalogue_item_parent", migrations.RunSQL.noop
        ),
        migrations.RunSQL([PARENT], "drop index concurrently if exists catalogue_item_parent_id"),
        ValidateConstraint(model_name="item", name="catalogue_item_not_own_parent"),
        ValidateConstraint(model_name="itemversion", name="catalogue_limits"),
        ValidateConstraint(model_name="itemversion", name="catalogue_published_has_day"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([CASE], "drop index concurrently if exists catalogue_version_case"),
                migrations.RunSQL([ONE_DRAFT], "drop index concurrently if exists catalogue_one_draft"),
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="itemversion", index=models.Index(fields=["case_id"], name="catalogue_version_case")
                ),
                migrations.AddConstraint(model_name="itemversion", constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['draft', 'review'])), fields=('item',), name='catalogue_one_draft')),
            ],
        ),
    ]

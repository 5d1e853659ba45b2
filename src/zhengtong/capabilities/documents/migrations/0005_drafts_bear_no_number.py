"""A draft has no number and does not stand in the way of the paper in force; built beside the old rules, then put in place."""

from django.db import migrations, models

# this migration is no transaction; nobody calls an index by its name
NUMBER = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create unique index concurrently if not exists documents_number_once_new
on documents_document (tenant, kind, number) where not (status = 'draft')"""
IN_FORCE = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create unique index concurrently if not exists documents_one_in_force_new
on documents_document (tenant, subject_kind, subject_id, kind, status) where status in ('draft', 'issued')"""
OLD_NUMBER = """-- squawk-ignore ban-drop-constraint
alter table documents_document drop constraint if exists documents_number_once"""
OLD_IN_FORCE = "drop index concurrently if exists documents_one_in_force"
NAME_NUMBER = """-- squawk-ignore renaming-object
alter index documents_number_once_new rename to documents_number_once"""
NAME_IN_FORCE = """-- squawk-ignore renaming-object
alter index documents_one_in_force_new rename to documents_one_in_force"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("documents", "0004_grounds_and_renditions_are_final")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([statement], migrations.RunSQL.noop)
                for statement in (NUMBER, IN_FORCE, OLD_NUMBER, NAME_NUMBER, OLD_IN_FORCE, NAME_IN_FORCE)
            ],
            state_operations=[
            migrations.RemoveConstraint(
                model_name="document",
                name="documents_number_once",
            ),
            migrations.RemoveConstraint(
                model_name="document",
                name="documents_one_in_force",
            ),
            migrations.AddConstraint(
                model_name="document",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("status", "draft"), _negated=True),
                    fields=("tenant", "kind", "number"),
                    name="documents_number_once",
                ),
            ),
            migrations.AddConstraint(
                model_name="document",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("status__in", ["draft", "issued"])),
                    fields=("tenant", "subject_kind", "subject_id", "kind", "status"),
                    name="documents_one_in_force",
                ),
            ),
            ],
        ),
    ]

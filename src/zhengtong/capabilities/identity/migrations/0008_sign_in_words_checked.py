"""The rows of before fit the new checks too; looked at without locking out writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0007_sign_in_words")]

    operations = [
        ValidateConstraint(model_name="signin", name="identity_sign_in_words"),
        migrations.RunSQL(
            "alter table identity_person validate constraint identity_person_merged_into_fk", migrations.RunSQL.noop
        ),
    ]

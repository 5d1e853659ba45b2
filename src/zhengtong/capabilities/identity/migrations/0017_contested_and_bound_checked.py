"""The rows of before fit the new checks too; looked at without locking out writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0016_contested_and_bound")]

    operations = [
        ValidateConstraint(model_name="guardianship", name="identity_guardianship_refused"),
        ValidateConstraint(model_name="guardianship", name="identity_guardianship_contested"),
        ValidateConstraint(model_name="rolerequest", name="identity_role_request_form"),
        migrations.RunSQL(
            "alter table identity_guardianship validate constraint identity_guardianship_decided_by_fk",
            migrations.RunSQL.noop,
        ),
    ]

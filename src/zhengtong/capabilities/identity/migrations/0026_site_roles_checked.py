"""The rows of before fit the wider list of roles too; checked without locking out writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0025_site_roles")]

    operations = [
        ValidateConstraint(model_name="postrole", name="identity_post_role_words"),
    ]

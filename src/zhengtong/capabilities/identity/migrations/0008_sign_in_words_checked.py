"""The rows of before fit the wider list of outcomes too; checked without locking out writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0007_sign_in_words")]

    operations = [ValidateConstraint(model_name="signin", name="identity_sign_in_words")]

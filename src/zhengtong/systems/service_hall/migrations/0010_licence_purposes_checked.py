"""The check of old rows, without locking a running town."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("service_hall", "0009_licence_purposes"),
    ]

    operations = [ValidateConstraint(model_name="application", name="service_hall_purpose_names_licence")]

"""The check of old rows, without locking a running town."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("service_hall", "0017_counter_consent_codes")]

    operations = [ValidateConstraint(model_name="sitting", name="service_hall_consent_whole")]

"""The hosts there are already are checked without locking out writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sites", "0016_site_hosts")]

    operations = [ValidateConstraint(model_name="governmentsite", name="sites_host_words")]

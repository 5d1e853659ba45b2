"""The host of a site is a host name as it is kept; rows of before are checked by the next migration."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sites", "0015_visits")]

    operations = [
        AddConstraintNotValid(
            model_name="governmentsite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("host", ""),
                    ("host__regex", "^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9-]{2,63}$"),
                    _connector="OR",
                ),
                name="sites_host_words",
            ),
        ),
    ]

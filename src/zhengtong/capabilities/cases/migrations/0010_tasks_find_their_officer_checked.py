"""The checks of old rows, without locking a running town."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_tasks_find_their_officer"),
    ]

    operations = [
        ValidateConstraint(model_name="workitemmove", name="cases_move_words"),
    ]

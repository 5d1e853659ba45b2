"""The checks of old rows, without locking a running town."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_hearings_and_hand_overs"),
    ]

    operations = [
        ValidateConstraint(model_name="hearing", name="cases_hearing_declined_with_reason"),
        ValidateConstraint(model_name="workitemmove", name="cases_move_words"),
    ]

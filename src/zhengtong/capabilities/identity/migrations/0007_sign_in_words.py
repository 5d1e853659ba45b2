"""Sign-in by certificate and single sign-on are outcomes of their own; checked for new rows at once."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


DROP = """-- squawk-ignore ban-drop-constraint
alter table identity_signin drop constraint identity_sign_in_words"""
ADD = """
alter table identity_signin add constraint identity_sign_in_words check (
    outcome in ('signed_in', 'wrong_password', 'wrong_code')) not valid
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0006_shared_cache")]

    operations = [
        # the wider list below takes its place in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP], [ADD])],
            state_operations=[
                migrations.RemoveConstraint(model_name="signin", name="identity_sign_in_words"),
            ],
        ),
        AddConstraintNotValid(
            model_name="signin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        [
                            "signed_in",
                            "wrong_password",
                            "wrong_code",
                            "certificate",
                            "wrong_certificate",
                            "single_sign_on",
                        ],
                    )
                ),
                name="identity_sign_in_words",
            ),
        ),
    ]

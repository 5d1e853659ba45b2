"""Sign-in by certificate and single sign-on are outcomes of their own; checked for new rows at once."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0006_shared_cache")]

    operations = [
        migrations.RemoveConstraint(model_name="signin", name="identity_sign_in_words"),
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

"""An application may renew a licence of its applicant."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service_hall", "0004_wards"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="renews_id",
            field=models.UUIDField(null=True, verbose_name="延续的证照标识"),
        ),
        migrations.AddField(
            model_name="application",
            name="renews_number",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=120, verbose_name="延续的证照编号"
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="renews_until",
            field=models.DateField(null=True, verbose_name="延续的证照有效期止"),
        ),
        AddConstraintNotValid(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("renews_id__isnull", True), ("renews_until__isnull", True)),
                    models.Q(("renews_id__isnull", False), ("renews_until__isnull", False)),
                    _connector="OR",
                ),
                name="service_hall_renews_whole",
            ),
        ),
    ]

"""Whom the proposer acted for is kept, so that who was stood in for cannot be the second person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0009_certificate_for_exchange"),
    ]

    operations = [
        migrations.AddField(
            model_name="sealapplication",
            name="applicant_for_id",
            field=models.UUIDField(null=True, verbose_name="所代的人标识"),
        ),
    ]

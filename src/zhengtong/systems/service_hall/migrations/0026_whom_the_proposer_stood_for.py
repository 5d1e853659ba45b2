"""Whom the proposer acted for is kept, so that who was stood in for cannot be the second person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service_hall", "0025_when_a_carrier_was_asked"),
    ]

    operations = [
        migrations.AddField(
            model_name="licencemeasure",
            name="proposed_for_id",
            field=models.UUIDField(null=True, verbose_name="所代的人标识"),
        ),
    ]

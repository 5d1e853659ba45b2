"""Whom the proposer acted for is kept, so that who was stood in for cannot be the second person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="asked_for_id",
            field=models.UUIDField(null=True, verbose_name="所代的人标识"),
        ),
    ]

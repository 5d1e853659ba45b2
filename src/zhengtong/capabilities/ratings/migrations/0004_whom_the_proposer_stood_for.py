"""Whom the proposer acted for is kept, so that who was stood in for cannot be the second person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ratings", "0003_raters_may_go"),
    ]

    operations = [
        migrations.AddField(
            model_name="followup",
            name="asked_for_id",
            field=models.UUIDField(null=True, verbose_name="所代的人标识"),
        ),
    ]

"""Whom the proposer acted for is kept, so that who was stood in for cannot be the second person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0005_answers_taken_back_stay"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="answered_for_id",
            field=models.UUIDField(null=True, verbose_name="审定人所代的人标识"),
        ),
        migrations.AddField(
            model_name="complaintdraft",
            name="by_for_id",
            field=models.UUIDField(null=True, verbose_name="所代的人标识"),
        ),
        migrations.AddField(
            model_name="complaintextension",
            name="asked_for_id",
            field=models.UUIDField(null=True, verbose_name="所代的人标识"),
        ),
    ]

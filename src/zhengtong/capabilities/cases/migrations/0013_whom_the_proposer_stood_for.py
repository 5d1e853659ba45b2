"""Whom the proposer acted for is kept, so that who was stood in for cannot be the second person."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0012_hints_are_found'),
    ]

    operations = [
        migrations.AddField(
            model_name='calendarchange',
            name='asked_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
        migrations.AddField(
            model_name='clockextension',
            name='asked_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
        migrations.AddField(
            model_name='intervention',
            name='requested_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
        migrations.AddField(
            model_name='processdraft',
            name='submitted_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
    ]

"""Whom the proposer acted for is kept, so that who was stood in for cannot be the second person."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0013_inspection_results'),
    ]

    operations = [
        migrations.AddField(
            model_name='accountability',
            name='proposed_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
        migrations.AddField(
            model_name='bulkcancel',
            name='proposed_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
        migrations.AddField(
            model_name='ruledraft',
            name='drafted_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
        migrations.AddField(
            model_name='scoreformula',
            name='drafted_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
        migrations.AddField(
            model_name='scorerun',
            name='proposed_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
        migrations.AddField(
            model_name='supervisionreport',
            name='proposed_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
        migrations.AddField(
            model_name='yeardeduction',
            name='proposed_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
    ]

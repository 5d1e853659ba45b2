"""Whom the proposer acted for is kept, so that who was stood in for cannot be the second person."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspections', '0005_referrals'),
    ]

    operations = [
        migrations.AddField(
            model_name='plan',
            name='made_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
        migrations.AddField(
            model_name='referral',
            name='aside_for_id',
            field=models.UUIDField(null=True, verbose_name='所代的人标识'),
        ),
    ]

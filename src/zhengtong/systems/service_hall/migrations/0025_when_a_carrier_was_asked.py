"""When a carrier was last asked about a parcel, so that each has its turn."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('service_hall', '0024_erasures'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='asked_at',
            field=models.DateTimeField(null=True, verbose_name='最近查询进展时间'),
        ),
    ]

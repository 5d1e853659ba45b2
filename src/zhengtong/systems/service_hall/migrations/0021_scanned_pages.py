"""Pages of a material that are scanned one after another."""

import django.db.models.deletion
from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids


class Migration(migrations.Migration):
    dependencies = [('service_hall', '0020_delivery_numbers'), ('kernel', '0003_simulations')]

    operations = [
        migrations.CreateModel(
            name='ScannedPage',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('material_key', models.CharField(max_length=60, verbose_name='材料')),
                ('place', models.PositiveSmallIntegerField(verbose_name='页码')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scanned_pages', to='service_hall.application', verbose_name='申请')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.storedfile', verbose_name='文件')),
            ],
            options={
                'verbose_name': '扫描页',
            },
        ),
        migrations.AddIndex(
            model_name='scannedpage',
            index=models.Index(fields=['application', 'material_key', 'place'], name='service_hall_scanned_pages'),
        ),
    ]

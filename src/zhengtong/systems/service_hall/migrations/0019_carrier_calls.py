"""Signed reports of couriers' systems, each nonce once."""

from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids


class Migration(migrations.Migration):
    dependencies = [('service_hall', '0018_counter_consent_codes_checked')]

    operations = [
        migrations.CreateModel(
            name='CarrierCall',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('carrier', models.CharField(max_length=40, verbose_name='寄递企业')),
                ('nonce', models.CharField(max_length=64, verbose_name='随机串')),
                ('tracking_no', models.CharField(max_length=60, verbose_name='寄递单号')),
                ('key', models.CharField(max_length=80, verbose_name='来源编号')),
                ('outcome', models.CharField(max_length=12, verbose_name='处理结果')),
            ],
            options={
                'verbose_name': '寄递回报',
            },
        ),
        migrations.AddIndex(
            model_name='carriercall',
            index=models.Index(fields=['tenant', 'tracking_no'], name='service_hall_carrier_calls'),
        ),
        migrations.AddConstraint(
            model_name='carriercall',
            constraint=models.UniqueConstraint(fields=('carrier', 'nonce'), name='service_hall_carrier_call_once'),
        ),
    ]

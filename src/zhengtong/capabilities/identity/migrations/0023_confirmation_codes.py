"""Codes with which a person confirms one thing, and to which number he has proved to have the telephone."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0022_hall_manager_role_checked'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='verified_phone_index',
            field=models.CharField(blank=True, db_default='', default='', max_length=64, verbose_name='已核验手机号索引'),
        ),
        migrations.CreateModel(
            name='ConfirmationCode',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('code', models.CharField(max_length=128, verbose_name='验证码散列')),
                ('expires_at', models.DateTimeField(verbose_name='有效期至')),
                ('wrong_codes', models.PositiveSmallIntegerField(default=0, verbose_name='输错次数')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('purpose', models.CharField(max_length=40, verbose_name='用途')),
                ('about', models.CharField(max_length=64, verbose_name='对象')),
                ('digest', models.CharField(max_length=64, verbose_name='内容摘要')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='identity.person', verbose_name='本人')),
            ],
            options={
                'verbose_name': '本人确认',
                'indexes': [models.Index(fields=['person', 'purpose', '-created_at'], name='identity_confirmation_person')],
            },
        ),
    ]

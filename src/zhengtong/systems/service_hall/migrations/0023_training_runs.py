"""Which exercises an official has done."""

from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids


class Migration(migrations.Migration):
    dependencies = [('service_hall', '0022_representations')]

    operations = [
        migrations.CreateModel(
            name='TrainingRun',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('person_id', models.UUIDField(verbose_name='练习人标识')),
                ('person_name', models.CharField(max_length=60, verbose_name='练习人')),
                ('post_id', models.UUIDField(verbose_name='岗位标识')),
                ('post_name', models.CharField(max_length=120, verbose_name='岗位')),
                ('org_id', models.UUIDField(verbose_name='单位标识')),
                ('org_name', models.CharField(max_length=120, verbose_name='单位')),
                ('exercise', models.CharField(max_length=40, verbose_name='练习')),
                ('tries', models.PositiveIntegerField(default=0, verbose_name='次数')),
                ('mistakes', models.JSONField(default=dict, verbose_name='错误')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='完成时间')),
                ('first_try', models.BooleanField(default=False, verbose_name='一次做对')),
            ],
            options={
                'verbose_name': '练习记录',
            },
        ),
        migrations.AddIndex(
            model_name='trainingrun',
            index=models.Index(fields=['tenant', 'org_id'], name='service_hall_training_of'),
        ),
        migrations.AddConstraint(
            model_name='trainingrun',
            constraint=models.UniqueConstraint(fields=('tenant', 'person_id', 'post_id', 'exercise'), name='service_hall_training_once'),
        ),
        migrations.AddConstraint(
            model_name='trainingrun',
            constraint=models.CheckConstraint(condition=models.Q(('first_try', False), ('finished_at__isnull', False), _connector='OR'), name='service_hall_training_first'),
        ),
    ]

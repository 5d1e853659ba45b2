"""Who stands at a counter for a child or a company, and the paper that proves it."""

import django.db.models.deletion
from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids


class Migration(migrations.Migration):
    dependencies = [('service_hall', '0021_scanned_pages')]

    operations = [
        migrations.CreateModel(
            name='Representation',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('relation', models.CharField(choices=[('guardian', '监护人'), ('representative', '法定代表人'), ('agent', '经办人')], max_length=14, verbose_name='关系')),
                ('proof', models.CharField(choices=[('household_register', '户口簿'), ('birth_certificate', '出生医学证明'), ('adoption', '收养登记证'), ('notarised', '监护公证书'), ('appointed', '居（村）民委员会或民政部门指定'), ('judgment', '人民法院判决书'), ('licence', '营业执照或者登记证书'), ('letter', '授权委托书')], max_length=20, verbose_name='证明材料')),
                ('proof_number', models.CharField(blank=True, default='', max_length=60, verbose_name='材料编号')),
                ('signed_on', models.DateField(null=True, verbose_name='授权日期')),
                ('valid_until', models.DateField(null=True, verbose_name='授权截止日期')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='service_hall.materialfile', verbose_name='证明材料文件')),
                ('sitting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='representation', to='service_hall.sitting', verbose_name='窗口代录')),
            ],
            options={
                'verbose_name': '代办关系',
            },
        ),
        migrations.AddConstraint(
            model_name='representation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('relation', 'agent'), _negated=True), models.Q(('signed_on__isnull', False), ('valid_until__isnull', False)), _connector='OR'), name='service_hall_agent_has_letter'),
        ),
        migrations.AddConstraint(
            model_name='representation',
            constraint=models.CheckConstraint(condition=models.Q(('relation', 'representative'), ('file__isnull', False), _connector='OR'), name='service_hall_relation_has_copy'),
        ),
    ]

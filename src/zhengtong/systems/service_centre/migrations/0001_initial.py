"""Places, windows, duty, appointments and tickets."""

import django.db.models.constraints
import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('slug', models.SlugField(max_length=40, verbose_name='网址代号')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('level', models.CharField(choices=[('county', '县级大厅'), ('town', '乡镇（街道）中心'), ('village', '村（社区）服务点')], max_length=8, verbose_name='级别')),
                ('division_code', models.CharField(max_length=12, verbose_name='行政区划代码')),
                ('org_id', models.UUIDField(verbose_name='管理单位标识')),
                ('org_name', models.CharField(max_length=120, verbose_name='管理单位')),
                ('address', models.CharField(max_length=200, verbose_name='地址')),
                ('way', models.TextField(blank=True, verbose_name='怎么来')),
                ('phone', models.CharField(max_length=40, verbose_name='电话')),
                ('accessibility', models.TextField(blank=True, verbose_name='无障碍设施')),
                ('hours', models.JSONField(verbose_name='开放时间')),
                ('kiosk_key', models.CharField(max_length=20, verbose_name='取号机密钥')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='次序')),
                ('active', models.BooleanField(default=True, verbose_name='对外开放')),
                ('version', models.PositiveBigIntegerField(default=0, verbose_name='叫号屏版本')),
            ],
            options={
                'verbose_name': '服务场所',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'slug'), name='service_centre_place_slug_once')],
            },
        ),
        migrations.CreateModel(
            name='Zone',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('letter', models.CharField(max_length=1, verbose_name='号头')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='办什么')),
                ('slot_minutes', models.PositiveSmallIntegerField(default=30, verbose_name='每个预约时段的分钟数')),
                ('slot_capacity', models.PositiveSmallIntegerField(default=0, verbose_name='每个时段的预约名额')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='zones', to='service_centre.place', verbose_name='服务场所')),
            ],
            options={
                'verbose_name': '大厅分区',
                'constraints': [models.UniqueConstraint(fields=('place', 'letter'), name='service_centre_zone_letter_once'), models.CheckConstraint(condition=models.Q(('letter__regex', '^[A-Z]$')), name='service_centre_zone_letter'), models.CheckConstraint(condition=models.Q(('slot_minutes__gte', 5), ('slot_minutes__lte', 240)), name='service_centre_zone_minutes')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('day', models.DateField(verbose_name='日期')),
                ('starts', models.TimeField(verbose_name='开始')),
                ('ends', models.TimeField(verbose_name='结束')),
                ('capacity', models.PositiveSmallIntegerField(verbose_name='名额')),
                ('taken', models.PositiveSmallIntegerField(default=0, verbose_name='已约')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='service_centre.zone', verbose_name='大厅分区')),
            ],
            options={
                'verbose_name': '预约时段',
                'constraints': [models.UniqueConstraint(fields=('zone', 'day', 'starts'), name='service_centre_slot_once'), models.CheckConstraint(condition=models.Q(('taken__lte', models.F('capacity'))), name='service_centre_slot_not_overbooked'), models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='service_centre_slot_order')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('person_id', models.UUIDField(verbose_name='人员标识')),
                ('holder_id', models.UUIDField(verbose_name='预约主体标识')),
                ('item_code', models.CharField(max_length=64, verbose_name='事项编码')),
                ('item_name', models.CharField(max_length=200, verbose_name='事项')),
                ('org_id', models.CharField(blank=True, max_length=36, verbose_name='办理单位标识')),
                ('application_id', models.UUIDField(null=True, verbose_name='申请标识')),
                ('code', models.CharField(max_length=8, verbose_name='预约码')),
                ('state', models.CharField(choices=[('booked', '已预约'), ('arrived', '已到场取号'), ('cancelled', '已取消'), ('missed', '未到场')], default='booked', max_length=9, verbose_name='状态')),
                ('state_at', models.DateTimeField(verbose_name='状态时间')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='取消原因')),
                ('reminded_at', models.DateTimeField(null=True, verbose_name='提醒时间')),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='service_centre.slot', verbose_name='预约时段')),
            ],
            options={
                'verbose_name': '预约',
                'indexes': [models.Index(fields=['tenant', 'person_id', 'state'], name='service_centre_appt_person'), models.Index(fields=['slot', 'state'], name='service_centre_appt_slot')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'code'), name='service_centre_appointment_code_once'), models.UniqueConstraint(condition=models.Q(('state', 'booked')), fields=('tenant', 'holder_id', 'item_code'), name='service_centre_appointment_item_once')],
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('number', models.PositiveSmallIntegerField(verbose_name='窗口号')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('planned', models.BooleanField(default=True, verbose_name='工作时间应开放')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('opened_at', models.DateTimeField(null=True, verbose_name='开放时间')),
                ('operator_id', models.UUIDField(null=True, verbose_name='操作人标识')),
                ('operator_name', models.CharField(blank=True, max_length=60, verbose_name='操作人')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='service_centre.place', verbose_name='服务场所')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='service_centre.zone', verbose_name='大厅分区')),
            ],
            options={
                'verbose_name': '服务窗口',
                'constraints': [models.UniqueConstraint(fields=('place', 'number'), name='service_centre_window_number_once'), models.CheckConstraint(condition=models.Q(('opened_at__isnull', True), ('operator_id__isnull', False), _connector='OR'), name='service_centre_window_operator')],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('day', models.DateField(verbose_name='日期')),
                ('half', models.CharField(choices=[('am', '上午'), ('pm', '下午')], max_length=2, verbose_name='半天')),
                ('person_id', models.UUIDField(verbose_name='人员标识')),
                ('person_name', models.CharField(max_length=60, verbose_name='姓名')),
                ('window', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='service_centre.window', verbose_name='服务窗口')),
            ],
            options={
                'verbose_name': '值班安排',
                'indexes': [models.Index(fields=['tenant', 'day'], name='service_centre_duty_day')],
                'constraints': [models.UniqueConstraint(fields=('window', 'day', 'half'), name='service_centre_duty_window_once'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('tenant', 'person_id', 'day', 'half'), name='service_centre_duty_person_once')],
            },
        ),
        migrations.CreateModel(
            name='WindowService',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('kind', models.CharField(choices=[('item', '事项'), ('org', '部门')], max_length=4, verbose_name='类别')),
                ('code', models.CharField(max_length=64, verbose_name='事项编码或部门标识')),
                ('label', models.CharField(max_length=200, verbose_name='名称')),
                ('window', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='services', to='service_centre.window', verbose_name='服务窗口')),
            ],
            options={
                'verbose_name': '窗口服务事项',
                'constraints': [models.UniqueConstraint(fields=('window', 'kind', 'code'), name='service_centre_window_service_once')],
            },
        ),
        migrations.CreateModel(
            name='TicketCounter',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('tenant', models.CharField(max_length=12, verbose_name='租户')),
                ('day', models.DateField(verbose_name='日期')),
                ('last', models.PositiveIntegerField(verbose_name='最后的序号')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='service_centre.zone', verbose_name='大厅分区')),
            ],
            options={
                'verbose_name': '取号计数',
                'constraints': [models.UniqueConstraint(fields=('zone', 'day'), name='service_centre_counter_once')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('day', models.DateField(verbose_name='日期')),
                ('no', models.PositiveIntegerField(verbose_name='序号')),
                ('number', models.CharField(max_length=8, verbose_name='号码')),
                ('code', models.CharField(max_length=8, verbose_name='查询码')),
                ('source', models.CharField(choices=[('kiosk', '取号机'), ('phone', '手机')], max_length=6, verbose_name='取号方式')),
                ('standing', models.CharField(choices=[('usual', '普通'), ('elderly', '老年人（60 岁以上）'), ('disabled', '残疾人'), ('military', '现役军人、退役军人、军属'), ('pregnant', '孕妇、带婴幼儿的家长')], default='usual', max_length=10, verbose_name='优先类别')),
                ('person_id', models.UUIDField(null=True, verbose_name='人员标识')),
                ('item_code', models.CharField(blank=True, max_length=64, verbose_name='事项编码')),
                ('item_name', models.CharField(blank=True, max_length=200, verbose_name='事项')),
                ('org_id', models.CharField(blank=True, max_length=36, verbose_name='办理单位标识')),
                ('state', models.CharField(choices=[('waiting', '等候'), ('called', '正在办理'), ('skipped', '过号'), ('finished', '已办理'), ('cancelled', '已取消'), ('lapsed', '当日作废')], default='waiting', max_length=9, verbose_name='状态')),
                ('taken_at', models.DateTimeField(verbose_name='取号时间')),
                ('since', models.DateTimeField(verbose_name='排队起点')),
                ('operator_id', models.UUIDField(null=True, verbose_name='操作人标识')),
                ('unit_id', models.UUIDField(null=True, verbose_name='经办单位标识')),
                ('unit_name', models.CharField(blank=True, max_length=120, verbose_name='经办单位')),
                ('first_called_at', models.DateTimeField(null=True, verbose_name='首次叫号时间')),
                ('called_at', models.DateTimeField(null=True, verbose_name='叫号时间')),
                ('announced_at', models.DateTimeField(null=True, verbose_name='最近呼叫时间')),
                ('calls', models.PositiveSmallIntegerField(default=0, verbose_name='呼叫次数')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('appointment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ticket', to='service_centre.appointment', verbose_name='预约')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='service_centre.place', verbose_name='服务场所')),
                ('wanted_window', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='service_centre.window', verbose_name='转往窗口')),
                ('window', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='service_centre.window', verbose_name='窗口')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='service_centre.zone', verbose_name='大厅分区')),
            ],
            options={
                'verbose_name': '排队号',
                'indexes': [models.Index(condition=models.Q(('state__in', ('waiting', 'called', 'skipped'))), fields=['zone', 'day'], name='service_centre_ticket_open'), models.Index(fields=['place', 'day'], name='service_centre_ticket_day'), models.Index(condition=models.Q(('state__in', ('waiting', 'called', 'skipped'))), fields=['day'], name='service_centre_ticket_left')],
                'constraints': [models.UniqueConstraint(fields=('place', 'day', 'number'), name='service_centre_ticket_number_once'), models.UniqueConstraint(fields=('tenant', 'code'), name='service_centre_ticket_code_once'), models.UniqueConstraint(condition=models.Q(('state', 'called')), fields=('window',), name='service_centre_window_one_ticket'), models.UniqueConstraint(condition=models.Q(('appointment__isnull', True), ('person_id__isnull', False), ('state__in', ('waiting', 'called', 'skipped'))), fields=('place', 'day', 'person_id'), name='service_centre_ticket_one_each'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'called'), _negated=True), models.Q(('called_at__isnull', False), ('window__isnull', False)), _connector='OR'), name='service_centre_ticket_called')],
            },
        ),
        migrations.CreateModel(
            name='DutyRequest',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('kind', models.CharField(choices=[('leave', '请假'), ('swap', '换班')], max_length=5, verbose_name='类别')),
                ('summary', models.CharField(max_length=200, verbose_name='内容')),
                ('person_id', models.UUIDField(verbose_name='申请人标识')),
                ('person_name', models.CharField(max_length=60, verbose_name='申请人')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('state', models.CharField(choices=[('asked', '待批准'), ('approved', '已批准'), ('refused', '未批准'), ('withdrawn', '已撤回')], default='asked', max_length=9, verbose_name='状态')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='决定时间')),
                ('decided_by', models.CharField(blank=True, max_length=60, verbose_name='决定人')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='答复')),
                ('duty', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='service_centre.duty', verbose_name='值班安排')),
                ('other_duty', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='service_centre.duty', verbose_name='对方的值班安排')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='service_centre.place', verbose_name='服务场所')),
            ],
            options={
                'verbose_name': '值班申请',
                'indexes': [models.Index(fields=['place', 'state'], name='service_centre_request_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('duty',), name='service_centre_request_one_at_a_time'), models.CheckConstraint(condition=models.Q(('state', 'asked'), ('decided_at__isnull', False), _connector='OR'), name='service_centre_request_decided')],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('first_day', models.DateField(verbose_name='第一天')),
                ('last_day', models.DateField(verbose_name='最后一天')),
                ('from_time', models.TimeField(null=True, verbose_name='开始时间')),
                ('until_time', models.TimeField(null=True, verbose_name='结束时间')),
                ('reason', models.CharField(max_length=200, verbose_name='原因')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='撤销时间')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closures', to='service_centre.place', verbose_name='服务场所')),
            ],
            options={
                'verbose_name': '停开安排',
                'indexes': [models.Index(fields=['place', 'last_day'], name='service_centre_closure_place')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='service_centre_closure_days'), models.CheckConstraint(condition=models.Q(models.Q(('from_time__isnull', True), ('until_time__isnull', True)), ('until_time__gt', models.F('from_time')), _connector='OR'), name='service_centre_closure_hours')],
            },
        ),
        migrations.CreateModel(
            name='Attendant',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('person_id', models.UUIDField(verbose_name='人员标识')),
                ('person_name', models.CharField(max_length=60, verbose_name='姓名')),
                ('org_name', models.CharField(max_length=120, verbose_name='派出单位')),
                ('active', models.BooleanField(default=True, verbose_name='在岗')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendants', to='service_centre.place', verbose_name='服务场所')),
            ],
            options={
                'verbose_name': '进驻人员',
                'constraints': [models.UniqueConstraint(fields=('place', 'person_id'), name='service_centre_attendant_once')],
            },
        ),
    ]

"""签发证书、撤销列表、时间戳、长期保存、印章申请: new tables and columns; states of certificates checked for new rows."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


DROP = """-- squawk-ignore ban-drop-constraint
alter table trust_certificate drop constraint trust_certificate_revoked"""
ADD = """
alter table trust_certificate add constraint trust_certificate_revoked check (
    (status = 'revoked' and revoked_at is not null) or (status = 'active' and revoked_at is null)) not valid
"""


class Migration(migrations.Migration):

    dependencies = [
        ('trust', '0002_uses_are_kept'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealApplication',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('org_id', models.UUIDField(verbose_name='单位标识')),
                ('org_name', models.CharField(max_length=200, verbose_name='单位名称')),
                ('kind', models.CharField(choices=[('official', '公章'), ('approval', '行政审批专用章')], max_length=20, verbose_name='印章种类')),
                ('reason', models.CharField(max_length=200, verbose_name='申请理由')),
                ('applicant_id', models.UUIDField(verbose_name='申请人标识')),
                ('applicant_name', models.CharField(max_length=80, verbose_name='申请人')),
                ('status', models.CharField(choices=[('waiting', '待审批'), ('approved', '已批准'), ('refused', '未批准')], default='waiting', max_length=20, verbose_name='状态')),
                ('decided_by_id', models.UUIDField(null=True, verbose_name='审批人标识')),
                ('decided_by_name', models.CharField(blank=True, max_length=80, verbose_name='审批人')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='审批时间')),
                ('decision_reason', models.CharField(blank=True, max_length=200, verbose_name='审批意见')),
                ('seal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.seal', verbose_name='电子印章')),
            ],
            options={
                'verbose_name': '电子印章申请',
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'waiting')), fields=('tenant', 'org_id', 'kind'), name='trust_application_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by_id__isnull', True), ('status', 'waiting')), models.Q(models.Q(('status', 'waiting'), _negated=True), ('decided_by_id__isnull', False)), _connector='OR'), name='trust_application_decided'), models.CheckConstraint(condition=models.Q(('decided_by_id__isnull', True), models.Q(('decided_by_id', models.F('applicant_id')), _negated=True), _connector='OR'), name='trust_application_two_persons')],
            },
        ),
        migrations.CreateModel(
            name='RevocationList',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('number', models.PositiveBigIntegerField(verbose_name='列表编号')),
                ('this_update', models.DateTimeField(verbose_name='签发时间')),
                ('next_update', models.DateTimeField(verbose_name='下次签发时间')),
                ('der', models.BinaryField(verbose_name='列表内容')),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.certificate', verbose_name='签发证书')),
            ],
            options={
                'verbose_name': '证书撤销列表',
                'indexes': [models.Index(fields=['issuer', '-this_update'], name='trust_list_newest')],
                'constraints': [models.UniqueConstraint(fields=('issuer', 'this_update', 'number'), name='trust_list_once')],
            },
        ),
        migrations.CreateModel(
            name='TimestampRecord',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('digest_algorithm', models.CharField(max_length=10, verbose_name='摘要算法')),
                ('digest', models.CharField(max_length=128, verbose_name='摘要')),
                ('stamped_at', models.DateTimeField(verbose_name='时间戳时间')),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.certificate', verbose_name='时间戳证书')),
            ],
            options={
                'verbose_name': '时间戳签发记录',
                'indexes': [models.Index(fields=['digest'], name='trust_timestamp_digest')],
            },
        ),
        migrations.CreateModel(
            name='Preservation',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('digest', models.CharField(max_length=64, verbose_name='文件 SM3 摘要')),
                ('level', models.CharField(choices=[('B', '基本签名'), ('T', '带时间戳'), ('LT', '带时间戳和验证资料'), ('LTA', '长期保存')], max_length=3, verbose_name='证明等级')),
                ('wanted', models.CharField(choices=[('B', '基本签名'), ('T', '带时间戳'), ('LT', '带时间戳和验证资料'), ('LTA', '长期保存')], max_length=3, verbose_name='要求的证明等级')),
                ('renew_at', models.DateTimeField(null=True, verbose_name='续加时间')),
                ('is_current', models.BooleanField(default=True, verbose_name='最新')),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='失败次数')),
                ('use', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.sealuse', verbose_name='用印记录')),
            ],
            options={
                'verbose_name': '长期保存记录',
                'indexes': [models.Index(condition=models.Q(('is_current', True)), fields=['renew_at'], name='trust_preservation_due'), models.Index(fields=['digest'], name='trust_preservation_digest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('use',), name='trust_preservation_current')],
            },
        ),
        migrations.AddField(
            model_name='certificate',
            name='fingerprint',
            field=models.CharField(db_default='', default='', max_length=64, verbose_name='证书指纹'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='person_id',
            field=models.UUIDField(null=True, verbose_name='人员标识'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='revocation_reason',
            field=models.CharField(blank=True, choices=[('key_compromise', '私钥失密'), ('ca_compromise', '签发机构私钥失密'), ('affiliation_changed', '持有人或单位变更'), ('superseded', '证书已更换'), ('cessation_of_operation', '停止使用'), ('certificate_hold', '暂停使用'), ('privilege_withdrawn', '收回权限')], db_default='', default='', max_length=30, verbose_name='吊销原因'),
        ),
        migrations.AlterField(
            model_name='certificate',
            name='role',
            field=models.CharField(choices=[('root', '根证书'), ('issuing', '签发证书'), ('seal', '印章证书'), ('maker', '制章证书'), ('timestamp', '时间戳证书'), ('responder', '状态查询证书'), ('person', '人员证书')], max_length=20, verbose_name='用途'),
        ),
        migrations.AlterField(
            model_name='certificate',
            name='status',
            field=models.CharField(choices=[('active', '有效'), ('held', '暂停使用'), ('retired', '已换发'), ('revoked', '已吊销')], default='active', max_length=20, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='seal',
            name='status',
            field=models.CharField(choices=[('active', '在用'), ('suspended', '停用'), ('revoked', '注销'), ('destroyed', '销毁')], default='active', max_length=20, verbose_name='状态'),
        ),
        # the wider list below takes its place in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP], [ADD])],
            state_operations=[
                migrations.RemoveConstraint(model_name='certificate', name='trust_certificate_revoked'),
            ],
        ),
        AddConstraintNotValid(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', False), ('status__in', ('revoked', 'held'))), models.Q(('revoked_at__isnull', True), ('status__in', ('active', 'retired'))), _connector='OR'), name='trust_certificate_revoked'),
        ),
    ]

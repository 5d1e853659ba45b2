"""Guards, resets, certificates, recoveries, applications, guardians and merged records; what agents may do."""

import django.contrib.postgres.fields
import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.conf import settings
from django.db import migrations, models


_ADD = """
alter table identity_person add column merged_into_id uuid null;
alter table identity_person add constraint identity_person_merged_into_fk
    foreign key (merged_into_id) references identity_person (id) deferrable initially deferred not valid
"""
_DROP = "alter table identity_person drop column merged_into_id"


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0004_administrators_apart'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountCertificate',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('fingerprint', models.CharField(max_length=64, verbose_name='证书指纹')),
                ('serial', models.CharField(max_length=64, verbose_name='序列号')),
                ('subject', models.CharField(max_length=300, verbose_name='主体')),
                ('issuer', models.CharField(max_length=300, verbose_name='颁发者')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='解除时间')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to=settings.AUTH_USER_MODEL, verbose_name='账户')),
            ],
            options={
                'verbose_name': '登录证书',
                'indexes': [models.Index(fields=['account'], name='identity_certificate_account')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('tenant', 'fingerprint'), name='identity_certificate_once'), models.CheckConstraint(condition=models.Q(('fingerprint__regex', '^[0-9a-f]{64}$')), name='identity_certificate_fingerprint')],
            },
        ),
        migrations.CreateModel(
            name='FactorReset',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                ('code', models.CharField(blank=True, default='', max_length=128, verbose_name='开通码散列')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='有效期至')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='factor_resets', to=settings.AUTH_USER_MODEL, verbose_name='账户')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person', verbose_name='确认人')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person', verbose_name='申请人')),
            ],
            options={
                'verbose_name': '第二因素重置',
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('requested_by')), _negated=True), _connector='OR'), name='identity_factor_reset_two_persons'), models.CheckConstraint(condition=models.Q(('code', ''), models.Q(('confirmed_at__isnull', False), ('expires_at__isnull', False)), _connector='OR'), name='identity_factor_reset_confirmed'), models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('account',), name='identity_factor_reset_once')],
            },
        ),
        migrations.CreateModel(
            name='Guardianship',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('evidence', models.CharField(choices=[('household_register', '户口簿'), ('birth_certificate', '出生医学证明'), ('adoption', '收养登记证'), ('notarised', '监护公证书'), ('appointed', '居（村）民委员会或民政部门指定'), ('judgment', '人民法院判决书')], max_length=20, verbose_name='证明材料')),
                ('evidence_number', models.CharField(blank=True, default='', max_length=60, verbose_name='材料编号')),
                ('valid_from', models.DateField(verbose_name='起始日期')),
                ('valid_until', models.DateField(verbose_name='截止日期')),
                ('assurance', models.CharField(choices=[('declared', '本人申报，未经核验'), ('verified', '已经核验')], default='declared', max_length=10, verbose_name='核验程度')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='终止时间')),
                ('ended_reason', models.CharField(blank=True, default='', max_length=300, verbose_name='终止原因')),
                ('guardian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wards', to='identity.person', verbose_name='监护人')),
                ('ward', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guardians', to='identity.person', verbose_name='被监护人')),
            ],
            options={
                'verbose_name': '监护关系',
                'indexes': [models.Index(fields=['ward'], name='identity_guardianship_ward')],
                'constraints': [models.CheckConstraint(condition=models.Q(('evidence__in', ['household_register', 'birth_certificate', 'adoption', 'notarised', 'appointed', 'judgment']), ('assurance__in', ['declared', 'verified'])), name='identity_guardianship_words'), models.CheckConstraint(condition=models.Q(('valid_until__gte', models.F('valid_from'))), name='identity_guardianship_period'), models.CheckConstraint(condition=models.Q(('guardian', models.F('ward')), _negated=True), name='identity_guardianship_two_persons'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('guardian', 'ward'), name='identity_guardianship_once')],
            },
        ),
        migrations.CreateModel(
            name='PasswordRecovery',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('code', models.CharField(max_length=128, verbose_name='验证码散列')),
                ('expires_at', models.DateTimeField(verbose_name='有效期至')),
                ('wrong_codes', models.PositiveSmallIntegerField(default=0, verbose_name='输错次数')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='password_recoveries', to=settings.AUTH_USER_MODEL, verbose_name='账户')),
            ],
            options={
                'verbose_name': '找回密码',
                'indexes': [models.Index(fields=['account', '-created_at'], name='identity_recovery_account')],
            },
        ),
        migrations.CreateModel(
            name='PersonMerge',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('evidence', models.CharField(max_length=300, verbose_name='依据')),
                ('state', models.CharField(choices=[('pending', '待确认'), ('done', '已合并'), ('refused', '未通过'), ('undone', '已撤销')], default='pending', max_length=10, verbose_name='状态')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='合并时间')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
                ('account_was_active', models.BooleanField(default=False, verbose_name='并入账户原为启用')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person', verbose_name='确认人')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person', verbose_name='保留')),
                ('merged', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person', verbose_name='并入')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person', verbose_name='申请人')),
            ],
            options={
                'verbose_name': '重复账户合并',
                'constraints': [models.CheckConstraint(condition=models.Q(('kept', models.F('merged')), _negated=True), name='identity_merge_two_records'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'done', 'refused', 'undone'])), name='identity_merge_words'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('requested_by')), _negated=True), _connector='OR'), name='identity_merge_two_persons'), models.UniqueConstraint(condition=models.Q(('state__in', ['pending', 'done'])), fields=('merged',), name='identity_merge_once')],
            },
        ),
        migrations.CreateModel(
            name='RelyingParty',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('name', models.CharField(max_length=100, verbose_name='应用名称')),
                ('client_id', models.CharField(max_length=40, unique=True, verbose_name='应用标识')),
                ('redirect_uris', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), size=None, verbose_name='登录返回地址')),
                ('leaving_uris', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, db_default=[], default=list, size=None, verbose_name='退出返回地址')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='可取得的信息')),
                ('confidential', models.BooleanField(default=True, verbose_name='能保存密钥')),
                ('purpose', models.CharField(max_length=300, verbose_name='用途')),
                ('state', models.CharField(choices=[('pending', '待批准'), ('approved', '已接入'), ('refused', '未批准'), ('disabled', '已停用')], default='pending', max_length=10, verbose_name='状态')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='审批时间')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person', verbose_name='审批人')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organisation', verbose_name='建设单位')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person', verbose_name='登记人')),
            ],
            options={
                'verbose_name': '接入应用',
                'indexes': [models.Index(fields=['tenant', 'state'], name='identity_party_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'approved', 'refused', 'disabled'])), name='identity_party_words'), models.CheckConstraint(condition=models.Q(('state', 'pending'), ('decided_at__isnull', False), _connector='OR'), name='identity_party_decided'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('requested_by')), _negated=True), _connector='OR'), name='identity_party_two_persons'), models.CheckConstraint(condition=models.Q(('redirect_uris__len__gt', 0)), name='identity_party_redirects')],
            },
        ),
        migrations.CreateModel(
            name='SignInGuard',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('kind', models.CharField(choices=[('source', '来源地址'), ('name', '输入的账号')], max_length=10, verbose_name='对象')),
                ('key', models.CharField(max_length=64, verbose_name='地址或账号摘要')),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='失败次数')),
                ('counted_from', models.DateTimeField(verbose_name='计数起点')),
                ('locked_until', models.DateTimeField(blank=True, null=True, verbose_name='锁定至')),
            ],
            options={
                'verbose_name': '登录限制',
                'indexes': [models.Index(fields=['counted_from'], name='identity_guard_age')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'kind', 'key'), name='identity_guard_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['source', 'name'])), name='identity_guard_words')],
            },
        ),
        migrations.CreateModel(
            name='PartySubject',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('subject', models.CharField(max_length=43, verbose_name='标识')),
                ('choice', models.CharField(blank=True, default='', max_length=60, verbose_name='登录时的身份')),
                ('last_used_at', models.DateTimeField(verbose_name='最近登录')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='party_subjects', to=settings.AUTH_USER_MODEL, verbose_name='账户')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subjects', to='identity.relyingparty', verbose_name='接入应用')),
            ],
            options={
                'verbose_name': '应用内标识',
                'indexes': [models.Index(fields=['account'], name='identity_party_subject_account')],
                'constraints': [models.UniqueConstraint(fields=('party', 'account'), name='identity_party_subject_once'), models.UniqueConstraint(fields=('party', 'subject'), name='identity_party_subject_unique')],
            },
        ),
        migrations.AddField(
            model_name='agency',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='法定代表人确认时间'),
        ),
        migrations.AddField(
            model_name='agency',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='终止时间'),
        ),
        migrations.AddField(
            model_name='agency',
            name='item_codes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, db_default=[], default=list, size=None, verbose_name='授权事项'),
        ),
        migrations.AddField(
            model_name='agency',
            name='letter_number',
            field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='授权委托书编号'),
        ),
        # the key is checked for new rows at once, for the rows of before in 0008
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_ADD, _DROP)],
            state_operations=[
                migrations.AddField(
                    model_name='person',
                    name='merged_into',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_records', to='identity.person', verbose_name='已并入'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='signin',
            name='outcome',
            field=models.CharField(choices=[('signed_in', '登录成功'), ('wrong_password', '密码错误'), ('wrong_code', '动态口令错误'), ('certificate', '证书登录成功'), ('wrong_certificate', '证书验证失败'), ('single_sign_on', '单点登录到接入应用')], max_length=20, verbose_name='结果'),
        ),
    ]

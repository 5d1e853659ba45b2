"""Orders to pay, payments, refunds, reconciliation, and the book of the simulated gateway."""

import django.db.models.deletion
import django.db.models.expressions
import zhengtong.capabilities.payments.models.gateway
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
            name='FeeOrder',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('number', models.CharField(max_length=40, verbose_name='缴费单号')),
                ('subject_kind', models.CharField(max_length=40, verbose_name='所属对象类型')),
                ('subject_id', models.CharField(max_length=64, verbose_name='所属对象标识')),
                ('title', models.CharField(max_length=200, verbose_name='缴费事由')),
                ('item_code', models.CharField(blank=True, max_length=64, verbose_name='事项编码')),
                ('payee_org_id', models.UUIDField(verbose_name='收费单位标识')),
                ('payee_org_name', models.CharField(max_length=120, verbose_name='收费单位')),
                ('payer_kind', models.CharField(choices=[('person', '个人'), ('legal', '法人')], max_length=8, verbose_name='缴费人类别')),
                ('payer_person_id', models.UUIDField(verbose_name='缴费人标识')),
                ('payer_legal_id', models.UUIDField(null=True, verbose_name='缴费法人标识')),
                ('payer_ward_id', models.UUIDField(null=True, verbose_name='被监护人标识')),
                ('payer_name', models.CharField(max_length=120, verbose_name='缴费人')),
                ('total_fen', models.BigIntegerField(verbose_name='应缴金额（分）')),
                ('paid_fen', models.BigIntegerField(default=0, verbose_name='已缴金额（分）')),
                ('refunded_fen', models.BigIntegerField(default=0, verbose_name='已退金额（分）')),
                ('state', models.CharField(choices=[('open', '待缴费'), ('paid', '已缴费'), ('partly', '部分退费'), ('refunded', '已退费'), ('cancelled', '已作废'), ('expired', '已过期')], default='open', max_length=10, verbose_name='状态')),
                ('pay_first', models.BooleanField(default=False, verbose_name='缴费后才作决定')),
                ('expires_at', models.DateTimeField(verbose_name='缴费截止')),
                ('raised_by_id', models.UUIDField(null=True, verbose_name='开具人标识')),
                ('raised_by', models.CharField(max_length=60, verbose_name='开具人')),
                ('raised_by_org', models.CharField(blank=True, max_length=120, verbose_name='开具单位')),
                ('command_key', models.CharField(max_length=80, verbose_name='防重复标识')),
                ('paid_at', models.DateTimeField(null=True, verbose_name='缴费时间')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='作废或者过期时间')),
                ('close_reason', models.CharField(blank=True, max_length=300, verbose_name='作废原因')),
            ],
            options={
                'verbose_name': '缴费单',
                'indexes': [models.Index(fields=['tenant', 'subject_kind', 'subject_id'], name='payments_order_subject'), models.Index(fields=['tenant', 'payer_person_id', '-created_at'], name='payments_order_mine'), models.Index(fields=['tenant', 'payer_legal_id', '-created_at'], name='payments_order_legal'), models.Index(fields=['tenant', 'payee_org_id', '-created_at'], name='payments_order_desk'), models.Index(condition=models.Q(('state', 'open')), fields=['expires_at'], name='payments_order_due')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'number'), name='payments_order_number_once'), models.UniqueConstraint(fields=('tenant', 'subject_kind', 'subject_id', 'payee_org_id', 'command_key'), name='payments_order_raised_once'), models.CheckConstraint(condition=models.Q(('paid_fen__gte', 0), ('refunded_fen__gte', 0), ('refunded_fen__lte', models.F('paid_fen')), ('total_fen__gt', 0)), name='payments_order_amounts'), models.CheckConstraint(condition=models.Q(models.Q(('paid_at__isnull', True), ('paid_fen', 0), ('state__in', ['open', 'cancelled', 'expired'])), models.Q(('paid_at__isnull', False), ('paid_fen', models.F('total_fen')), ('refunded_fen', 0), ('state', 'paid')), models.Q(('paid_at__isnull', False), ('paid_fen', models.F('total_fen')), ('refunded_fen__gt', 0), ('refunded_fen__lt', models.F('total_fen')), ('state', 'partly')), models.Q(('paid_at__isnull', False), ('paid_fen', models.F('total_fen')), ('refunded_fen', models.F('total_fen')), ('state', 'refunded')), _connector='OR'), name='payments_order_state'), models.CheckConstraint(condition=models.Q(models.Q(('payer_kind', 'person'), ('payer_legal_id__isnull', True)), models.Q(('payer_kind', 'legal'), ('payer_legal_id__isnull', False)), _connector='OR'), name='payments_order_payer'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state__in', ['cancelled', 'expired'])), ('state__in', ['open', 'paid', 'partly', 'refunded']), _connector='OR'), name='payments_order_closed')],
            },
        ),
        migrations.CreateModel(
            name='FeeLine',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('no', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('name', models.CharField(max_length=200, verbose_name='收费项目')),
                ('standard', models.CharField(blank=True, max_length=200, verbose_name='收费标准')),
                ('basis', models.CharField(max_length=300, verbose_name='收费依据')),
                ('unit', models.CharField(blank=True, max_length=40, verbose_name='计费单位')),
                ('unit_fen', models.BigIntegerField(verbose_name='单价（分）')),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=10, verbose_name='数量')),
                ('gross_fen', models.BigIntegerField(verbose_name='应收（分）')),
                ('reduction_fen', models.BigIntegerField(default=0, verbose_name='减免（分）')),
                ('reduction_basis', models.CharField(blank=True, max_length=300, verbose_name='减免依据')),
                ('amount_fen', models.BigIntegerField(verbose_name='实收（分）')),
                ('refunded_fen', models.BigIntegerField(default=0, verbose_name='已退（分）')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.feeorder', verbose_name='缴费单')),
            ],
            options={
                'verbose_name': '缴费项目',
                'ordering': ('no',),
            },
        ),
        migrations.CreateModel(
            name='GatewayCallback',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('gateway', models.CharField(max_length=40, verbose_name='支付渠道')),
                ('nonce', models.CharField(max_length=64, verbose_name='随机串')),
                ('payment_no', models.CharField(max_length=60, verbose_name='支付单号')),
                ('gateway_no', models.CharField(max_length=80, verbose_name='渠道交易号')),
                ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                ('outcome', models.CharField(max_length=20, verbose_name='处理结果')),
            ],
            options={
                'verbose_name': '支付回调',
                'indexes': [models.Index(fields=['payment_no'], name='payments_callback_of')],
                'constraints': [models.UniqueConstraint(fields=('gateway', 'nonce'), name='payments_callback_once')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('no', models.CharField(max_length=60, unique=True, verbose_name='支付单号')),
                ('gateway', models.CharField(max_length=40, verbose_name='支付渠道')),
                ('gateway_no', models.CharField(max_length=80, null=True, verbose_name='渠道交易号')),
                ('amount_fen', models.BigIntegerField(verbose_name='应付金额（分）')),
                ('received_fen', models.BigIntegerField(null=True, verbose_name='到账金额（分）')),
                ('state', models.CharField(choices=[('started', '等待支付结果'), ('succeeded', '已到账'), ('failed', '支付失败'), ('lapsed', '没有完成')], default='started', max_length=10, verbose_name='状态')),
                ('uncredited', models.CharField(blank=True, choices=[('', '计入缴费单'), ('double', '重复缴费'), ('amount', '金额与缴费单不符'), ('closed', '缴费单已作废或者过期')], default='', max_length=8, verbose_name='未计入原因')),
                ('redirect_url', models.CharField(blank=True, max_length=500, verbose_name='支付地址')),
                ('qr_text', models.CharField(blank=True, max_length=500, verbose_name='扫码内容')),
                ('started_by_id', models.UUIDField(null=True, verbose_name='发起人标识')),
                ('paid_at', models.DateTimeField(null=True, verbose_name='到账时间')),
                ('next_query_at', models.DateTimeField(null=True, verbose_name='下次查询时间')),
                ('queries', models.PositiveIntegerField(default=0, verbose_name='查询次数')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='payments.feeorder', verbose_name='缴费单')),
            ],
            options={
                'verbose_name': '缴款',
            },
        ),
        migrations.CreateModel(
            name='PaymentCounter',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('tenant', models.CharField(max_length=12, verbose_name='租户')),
                ('series', models.CharField(max_length=1, verbose_name='种类')),
                ('day', models.DateField(verbose_name='日期')),
                ('last', models.PositiveIntegerField(verbose_name='最后序号')),
            ],
            options={
                'verbose_name': '缴费编号计数',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'series', 'day'), name='payments_counter_once')],
            },
        ),
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('gateway', models.CharField(max_length=40, verbose_name='支付渠道')),
                ('day', models.DateField(verbose_name='账期')),
                ('entries', models.PositiveIntegerField(verbose_name='核对笔数')),
                ('paid_fen', models.BigIntegerField(verbose_name='收款（分）')),
                ('refunded_fen', models.BigIntegerField(verbose_name='退款（分）')),
                ('checked_at', models.DateTimeField(verbose_name='核对时间')),
            ],
            options={
                'verbose_name': '对账',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'gateway', 'day'), name='payments_reconciled_once')],
            },
        ),
        migrations.CreateModel(
            name='ReconciliationDifference',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('kind', models.CharField(choices=[('only_gateway', '渠道有、我方没有'), ('only_ours', '我方有、渠道没有'), ('amount', '金额不一致')], max_length=12, verbose_name='差异种类')),
                ('flow', models.CharField(choices=[('payment', '缴费'), ('refund', '退款')], max_length=8, verbose_name='收支')),
                ('no', models.CharField(max_length=60, verbose_name='支付单号')),
                ('gateway_no', models.CharField(blank=True, max_length=80, verbose_name='渠道交易号')),
                ('ours_fen', models.BigIntegerField(null=True, verbose_name='我方金额（分）')),
                ('theirs_fen', models.BigIntegerField(null=True, verbose_name='渠道金额（分）')),
                ('payee_org_id', models.UUIDField(null=True, verbose_name='收费单位标识')),
                ('settled_by', models.CharField(blank=True, max_length=60, verbose_name='处理人')),
                ('settled_note', models.CharField(blank=True, max_length=300, verbose_name='处理说明')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='处理时间')),
                ('reconciliation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='payments.reconciliation', verbose_name='对账')),
            ],
            options={
                'verbose_name': '对账差异',
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='退费单号')),
                ('kind', models.CharField(choices=[('asked', '申请退费'), ('proposed', '撤回或者没有受理，系统建议退费'), ('returned', '不应收取，系统退回')], max_length=10, verbose_name='种类')),
                ('state', models.CharField(choices=[('proposed', '建议退费，待经办人确认'), ('asked', '待审批'), ('rejected', '审批不同意'), ('approved', '已批准，等待退款'), ('sent', '支付渠道处理中'), ('done', '已退款'), ('failed', '支付渠道拒绝，需要处理'), ('dropped', '不退费')], max_length=10, verbose_name='状态')),
                ('amount_fen', models.BigIntegerField(verbose_name='退费金额（分）')),
                ('reason', models.CharField(max_length=300, verbose_name='退费原因')),
                ('asked_by_id', models.UUIDField(null=True, verbose_name='申请人标识')),
                ('asked_by', models.CharField(blank=True, max_length=60, verbose_name='退费申请人')),
                ('decided_by_id', models.UUIDField(null=True, verbose_name='审批人标识')),
                ('decided_by', models.CharField(blank=True, max_length=60, verbose_name='退费审批人')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='审批时间')),
                ('decision_note', models.CharField(blank=True, max_length=300, verbose_name='审批意见')),
                ('gateway_no', models.CharField(blank=True, max_length=80, verbose_name='渠道退款号')),
                ('next_try_at', models.DateTimeField(null=True, verbose_name='下次处理时间')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='处理次数')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='渠道说明')),
                ('done_at', models.DateTimeField(null=True, verbose_name='退款时间')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.feeorder', verbose_name='缴费单')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.payment', verbose_name='缴款')),
            ],
            options={
                'verbose_name': '退费',
            },
        ),
        migrations.CreateModel(
            name='RefundLine',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('amount_fen', models.BigIntegerField(verbose_name='退费金额（分）')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.feeline', verbose_name='缴费项目')),
                ('refund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.refund', verbose_name='退费')),
            ],
            options={
                'verbose_name': '退费项目',
            },
        ),
        migrations.CreateModel(
            name='SimulatedCharge',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('token', models.CharField(default=zhengtong.capabilities.payments.models.gateway._token, max_length=40, unique=True, verbose_name='页面标识')),
                ('payment_no', models.CharField(max_length=60, verbose_name='支付单号')),
                ('gateway_no', models.CharField(max_length=80, unique=True, verbose_name='交易号')),
                ('amount_fen', models.BigIntegerField(verbose_name='应付金额（分）')),
                ('received_fen', models.BigIntegerField(default=0, verbose_name='实付金额（分）')),
                ('title', models.CharField(max_length=200, verbose_name='事由')),
                ('payee', models.CharField(max_length=120, verbose_name='收款单位')),
                ('return_url', models.CharField(max_length=500, verbose_name='返回地址')),
                ('notify_url', models.CharField(max_length=500, verbose_name='通知地址')),
                ('expires_at', models.DateTimeField(verbose_name='截止时间')),
                ('state', models.CharField(choices=[('waiting', '等待支付'), ('paid', '支付成功'), ('declined', '支付失败')], default='waiting', max_length=10, verbose_name='状态')),
                ('paid_at', models.DateTimeField(null=True, verbose_name='支付时间')),
                ('notify_left', models.PositiveSmallIntegerField(default=0, verbose_name='待发通知次数')),
                ('notify_at', models.DateTimeField(null=True, verbose_name='下次通知时间')),
                ('notify_tries', models.PositiveSmallIntegerField(default=0, verbose_name='通知失败次数')),
                ('refund_mode', models.CharField(choices=[('at_once', '立即退回'), ('slow', '处理中，一分钟后退回'), ('refused', '拒绝退款')], default='at_once', max_length=10, verbose_name='退款方式')),
            ],
            options={
                'verbose_name': '模拟交易',
                'indexes': [models.Index(fields=['payment_no'], name='payments_simulated_no'), models.Index(condition=models.Q(('notify_left__gt', 0)), fields=['notify_at'], name='payments_simulated_due')],
            },
        ),
        migrations.CreateModel(
            name='SimulatedRefund',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('refund_no', models.CharField(max_length=40, unique=True, verbose_name='退费单号')),
                ('gateway_no', models.CharField(max_length=80, unique=True, verbose_name='退款号')),
                ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                ('refused', models.BooleanField(default=False, verbose_name='已拒绝')),
                ('done_at', models.DateTimeField(null=True, verbose_name='退回时间')),
                ('charge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.simulatedcharge', verbose_name='模拟交易')),
            ],
            options={
                'verbose_name': '模拟退款',
            },
        ),
        migrations.AddConstraint(
            model_name='feeline',
            constraint=models.UniqueConstraint(fields=('order', 'no'), name='payments_line_once'),
        ),
        migrations.AddConstraint(
            model_name='feeline',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen', django.db.models.expressions.CombinedExpression(models.F('gross_fen'), '-', models.F('reduction_fen'))), ('amount_fen__gte', 0), ('quantity__gt', 0), ('reduction_fen__gte', 0), ('refunded_fen__gte', 0), ('refunded_fen__lte', models.F('amount_fen')), ('unit_fen__gte', 0)), name='payments_line_amounts'),
        ),
        migrations.AddConstraint(
            model_name='feeline',
            constraint=models.CheckConstraint(condition=models.Q(('reduction_fen', 0), models.Q(('reduction_basis', ''), _negated=True), _connector='OR'), name='payments_line_reduction_basis'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('state', 'started')), fields=['next_query_at'], name='payments_to_query'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['tenant', 'gateway', 'paid_at'], name='payments_paid_on'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(fields=('gateway', 'gateway_no'), name='payments_transaction_once'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'succeeded'), ('uncredited', '')), fields=('order',), name='payments_order_paid_once'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'started')), fields=('order', 'gateway'), name='payments_one_under_way'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), models.Q(models.Q(('gateway_no__isnull', False), ('paid_at__isnull', False), ('received_fen__isnull', False), ('state', 'succeeded')), models.Q(('received_fen__isnull', True), ('state__in', ['started', 'failed', 'lapsed']), ('uncredited', '')), _connector='OR')), name='payments_payment_whole'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('received_fen__isnull', True), ('received_fen', models.F('amount_fen')), models.Q(('uncredited', ''), _negated=True), _connector='OR'), name='payments_credited_is_exact'),
        ),
        migrations.AddConstraint(
            model_name='reconciliationdifference',
            constraint=models.UniqueConstraint(fields=('reconciliation', 'flow', 'no', 'gateway_no'), name='payments_difference_once'),
        ),
        migrations.AddConstraint(
            model_name='reconciliationdifference',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_note', '')), models.Q(('settled_at__isnull', False), models.Q(('settled_note', ''), _negated=True)), _connector='OR'), name='payments_difference_settled'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(condition=models.Q(('state__in', ['approved', 'sent'])), fields=['next_try_at'], name='payments_refund_to_do'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(fields=['tenant', 'state', 'created_at'], name='payments_refund_list'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='payments_refund_amount'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by_id__isnull', True), ('decided_by_id__isnull', True), ('state', 'dropped'), models.Q(('asked_by_id', models.F('decided_by_id')), _negated=True), _connector='OR'), name='payments_refund_two_people'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', False), _connector='OR'), name='payments_refund_done_at'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'returned'), ('state__in', ['proposed', 'asked', 'rejected', 'dropped']), models.Q(('asked_by_id__isnull', False), ('decided_by_id__isnull', False)), _connector='OR'), name='payments_refund_approved'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('kind', 'returned'), _negated=True), ('state__in', ['proposed', 'asked', 'approved', 'sent', 'failed'])), fields=('order',), name='payments_one_refund_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'returned')), fields=('payment',), name='payments_returned_once'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.UniqueConstraint(fields=('refund', 'line'), name='payments_refund_line_once'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='payments_refund_line_amount'),
        ),
    ]

"""Mails become deliveries: one row per channel, in the table that is there already; templates, choices, parts."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids

DROP = """-- squawk-ignore ban-drop-constraint
alter table notify_mail drop constraint notify_mail_sent_at"""
ADD = """
alter table notify_mail add constraint notify_mail_sent_at
check ((state = 'sent' and sent_at is not null) or (state <> 'sent' and sent_at is null)) not valid
"""
# rows without a message are codes; the processes of before write none, and have ended before the new ones write any
FREE = """-- squawk-ignore ban-drop-not-null
alter table notify_mail alter column message_id drop not null"""
BOUND = "alter table notify_mail alter column message_id set not null"


def row_fields() -> list:
    return [
        (
            "id",
            models.UUIDField(
                default=zhengtong.kernel.ids.new_id,
                editable=False,
                primary_key=True,
                serialize=False,
                verbose_name="标识",
            ),
        ),
        ("tenant", zhengtong.kernel.fields.TenantField(max_length=12, verbose_name="租户")),
        (
            "created_at",
            models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name="创建时间"),
        ),
    ]


CHANNELS = [("mail", "邮件"), ("sms", "短信")]


class Migration(migrations.Migration):
    dependencies = [("notify", "0001_initial")]

    operations = [
        # the table keeps its name: a running town goes on writing into it
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel(old_name="Mail", new_name="Delivery"),
                migrations.AlterModelTable(name="delivery", table="notify_mail"),
                migrations.AlterModelOptions(name="delivery", options={"verbose_name": "通知投递"}),
            ],
        ),
        # the rules of more states take the place of the former one in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP, FREE], [BOUND, ADD])],
            state_operations=[
                migrations.RemoveConstraint(model_name="delivery", name="notify_mail_sent_at"),
                migrations.AlterField(
                    model_name="delivery",
                    name="message",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="notify.sitemessage",
                        verbose_name="消息",
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "待发送"),
                    ("sending", "正在发送"),
                    ("sent", "已交网关"),
                    ("delivered", "已送达"),
                    ("retry", "等待重发"),
                    ("given_up", "未送达"),
                    ("no_address", "没有号码"),
                    ("told", "已另行告知"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddField(
            model_name="delivery", name="person_id", field=models.UUIDField(null=True, verbose_name="收信人标识")
        ),
        migrations.AddField(
            model_name="delivery",
            name="channel",
            field=models.CharField(
                choices=CHANNELS, db_default="mail", default="mail", max_length=10, verbose_name="方式"
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="text",
            field=zhengtong.kernel.fields.EncryptedTextField(
                blank=True, db_default="", default="", verbose_name="短信内容"
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="urgent",
            field=models.BooleanField(db_default=False, default=False, verbose_name="不受免打扰时段限制"),
        ),
        migrations.AddField(
            model_name="delivery",
            name="not_before",
            field=models.DateTimeField(null=True, verbose_name="最早发送时间"),
        ),
        migrations.AddField(
            model_name="delivery",
            name="give_up_at",
            field=models.DateTimeField(null=True, verbose_name="停止重发时间"),
        ),
        migrations.AddField(
            model_name="delivery", name="taken_until", field=models.DateTimeField(null=True, verbose_name="占用至")
        ),
        migrations.AddField(
            model_name="delivery", name="delivered_at", field=models.DateTimeField(null=True, verbose_name="送达时间")
        ),
        migrations.AddField(
            model_name="delivery",
            name="told_how",
            field=models.CharField(
                blank=True,
                choices=[("phone", "电话"), ("in_person", "当面"), ("post", "邮寄"), ("other", "其他")],
                db_default="",
                default="",
                max_length=10,
                verbose_name="另行告知方式",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="told_note",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=300, verbose_name="另行告知情况"
            ),
        ),
        migrations.AddField(
            model_name="delivery", name="told_by_id", field=models.UUIDField(null=True, verbose_name="告知人标识")
        ),
        migrations.AddField(
            model_name="delivery",
            name="told_by_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="告知人"),
        ),
        migrations.AddField(
            model_name="delivery", name="told_at", field=models.DateTimeField(null=True, verbose_name="告知时间")
        ),
        migrations.AddField(
            model_name="sitemessage",
            name="kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="消息种类"),
        ),
        AddConstraintNotValid(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["sent", "delivered"]), _negated=True),
                    ("sent_at__isnull", False),
                    _connector="OR",
                ),
                name="notify_delivery_sent_at",
            ),
        ),
        AddConstraintNotValid(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "delivered"), _negated=True), ("delivered_at__isnull", False), _connector="OR"
                ),
                name="notify_delivery_delivered_at",
            ),
        ),
        AddConstraintNotValid(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "told"), _negated=True), ("told_at__isnull", False), _connector="OR"
                ),
                name="notify_delivery_told_at",
            ),
        ),
        migrations.CreateModel(
            name="ShortMessagePart",
            fields=[
                *row_fields(),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待提交"),
                            ("submitted", "等待网关应答"),
                            ("accepted", "网关已接收"),
                            ("delivered", "已送达"),
                            ("failed", "失败"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("gateway_message_id", models.CharField(blank=True, max_length=16, verbose_name="网关消息标识")),
                ("report", models.CharField(blank=True, max_length=40, verbose_name="状态报告")),
                ("changed_at", models.DateTimeField(verbose_name="更新时间")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="notify.delivery",
                        verbose_name="投递",
                    ),
                ),
            ],
            options={
                "verbose_name": "短信分段",
                "constraints": [
                    models.UniqueConstraint(fields=("delivery", "number"), name="notify_part_once"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("gateway_message_id", ""), _negated=True),
                        fields=["gateway_message_id"],
                        name="notify_part_gateway_id",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageTemplate",
            fields=[
                *row_fields(),
                ("kind", models.CharField(max_length=60, verbose_name="消息种类")),
                ("code", models.CharField(blank=True, max_length=50, verbose_name="事项编码")),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="标题")),
                ("body", models.TextField(blank=True, verbose_name="内容")),
                ("sms", models.CharField(blank=True, max_length=500, verbose_name="短信")),
                ("built_in", models.BooleanField(default=False, verbose_name="恢复默认")),
                ("changed_by_id", models.UUIDField(verbose_name="修改人标识")),
                ("changed_by_name", models.CharField(max_length=60, verbose_name="修改人")),
                ("reason", models.CharField(max_length=300, verbose_name="修改理由")),
            ],
            options={
                "verbose_name": "消息模板",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "kind", "code", "version"), name="notify_template_version"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChannelChoice",
            fields=[
                *row_fields(),
                ("person_id", models.UUIDField(verbose_name="本人标识")),
                ("mail", models.BooleanField(default=True, verbose_name="邮件")),
                ("sms", models.BooleanField(default=True, verbose_name="短信")),
                ("changed_at", models.DateTimeField(verbose_name="选择时间")),
            ],
            options={
                "verbose_name": "通知方式",
                "constraints": [models.UniqueConstraint(fields=("tenant", "person_id"), name="notify_choice_once")],
            },
        ),
        migrations.CreateModel(
            name="ChannelStatus",
            fields=[
                *row_fields(),
                ("channel", models.CharField(choices=CHANNELS, max_length=10, verbose_name="方式")),
                ("ok", models.BooleanField(verbose_name="正常")),
                ("since", models.DateTimeField(verbose_name="自何时")),
                ("detail", models.CharField(blank=True, max_length=300, verbose_name="情况")),
            ],
            options={
                "verbose_name": "通道状态",
                "constraints": [models.UniqueConstraint(fields=("tenant", "channel"), name="notify_status_once")],
            },
        ),
    ]

"""Papers that towns pass up to county units, and the delivery of paper licences."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_initial"),
        ("service_hall", "0014_corrections"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
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
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("electronic", "只要电子证照"),
                            ("window", "到办理单位窗口领取"),
                            ("township", "到乡镇便民服务中心领取"),
                            ("post", "邮寄"),
                        ],
                        max_length=12,
                        verbose_name="领取方式",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待办理结果"),
                            ("to_prepare", "等待交付"),
                            ("on_way", "在送往领取点的路上"),
                            ("at_place", "已到领取点，等待领取"),
                            ("posted", "已交寄"),
                            ("done", "已送达"),
                            ("returned", "没有送达，已退回"),
                            ("not_needed", "不需要送达"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="送达状态",
                    ),
                ),
                ("place_org_id", models.UUIDField(null=True, verbose_name="领取点标识")),
                ("place_name", models.CharField(blank=True, default="", max_length=120, verbose_name="领取点")),
                (
                    "recipient",
                    zhengtong.kernel.fields.EncryptedTextField(blank=True, default="", verbose_name="收件人"),
                ),
                ("phone", zhengtong.kernel.fields.EncryptedTextField(blank=True, default="", verbose_name="收件电话")),
                (
                    "address",
                    zhengtong.kernel.fields.EncryptedTextField(blank=True, default="", verbose_name="收件地址"),
                ),
                (
                    "collect_code",
                    zhengtong.kernel.fields.EncryptedTextField(blank=True, default="", verbose_name="领取码"),
                ),
                ("carrier", models.CharField(blank=True, default="", max_length=40, verbose_name="寄递企业")),
                ("tracking_no", models.CharField(blank=True, default="", max_length=60, verbose_name="寄递单号")),
                (
                    "collected_by",
                    zhengtong.kernel.fields.EncryptedTextField(blank=True, default="", verbose_name="领取人"),
                ),
                (
                    "proof",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("id_card", "居民身份证原件"),
                            ("temporary", "临时居民身份证原件"),
                            ("electronic", "电子居民身份证"),
                            ("household", "户口簿原件"),
                            ("passport", "护照原件"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="核对的证件",
                    ),
                ),
                ("moved_at", models.DateTimeField(verbose_name="最近进展时间")),
                ("reminders", models.PositiveSmallIntegerField(default=0, verbose_name="提醒次数")),
                ("reminded_at", models.DateTimeField(null=True, verbose_name="最近提醒时间")),
                ("done_at", models.DateTimeField(null=True, verbose_name="送达时间")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivery",
                        to="service_hall.application",
                        verbose_name="申请",
                    ),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.storedfile",
                        verbose_name="领取签名",
                    ),
                ),
            ],
            options={
                "verbose_name": "证照送达",
            },
        ),
        migrations.CreateModel(
            name="DeliveryEvent",
            fields=[
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
                ("at", models.DateTimeField(verbose_name="时间")),
                ("words", models.CharField(max_length=200, verbose_name="进展")),
                ("source", models.CharField(max_length=120, verbose_name="来源")),
                ("key", models.CharField(blank=True, default="", max_length=80, verbose_name="来源编号")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="service_hall.delivery",
                        verbose_name="证照送达",
                    ),
                ),
            ],
            options={
                "verbose_name": "送达进展",
            },
        ),
        migrations.CreateModel(
            name="PassedBatch",
            fields=[
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
                ("number", models.CharField(max_length=40, verbose_name="清单编号")),
                ("from_org_id", models.UUIDField(verbose_name="递交单位标识")),
                ("from_org_name", models.CharField(max_length=120, verbose_name="递交单位")),
                ("to_org_id", models.UUIDField(verbose_name="接收单位标识")),
                ("to_org_name", models.CharField(max_length=120, verbose_name="接收单位")),
                ("sent_by_id", models.UUIDField(verbose_name="递交人标识")),
                ("sent_by", models.CharField(max_length=60, verbose_name="递交人")),
                ("received_by", models.CharField(blank=True, default="", max_length=60, verbose_name="签收人")),
                ("received_at", models.DateTimeField(null=True, verbose_name="签收时间")),
                (
                    "signature",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.storedfile",
                        verbose_name="签收人签名",
                    ),
                ),
            ],
            options={
                "verbose_name": "递交清单",
            },
        ),
        migrations.CreateModel(
            name="PassedPapers",
            fields=[
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
                ("pieces", models.PositiveSmallIntegerField(verbose_name="份数")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "已上报，等待签收"),
                            ("received", "县级单位已签收"),
                            ("missing", "清单上有，没有收到"),
                            ("returned", "已退回乡镇"),
                        ],
                        default="sent",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="核对时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passed_papers",
                        to="service_hall.application",
                        verbose_name="申请",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="service_hall.passedbatch",
                        verbose_name="递交清单",
                    ),
                ),
            ],
            options={
                "verbose_name": "递交材料",
            },
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["tenant", "state", "moved_at"], name="service_hall_deliveries"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["tenant", "place_org_id"], name="service_hall_delivery_place"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("way", "post"), _negated=True),
                    models.Q(
                        models.Q(("recipient", ""), _negated=True),
                        models.Q(("phone", ""), _negated=True),
                        models.Q(("address", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="service_hall_post_has_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("way__in", ["window", "township"]), _negated=True),
                    ("place_org_id__isnull", False),
                    _connector="OR",
                ),
                name="service_hall_pick_up_has_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", False), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("done_at__isnull", True)),
                    _connector="OR",
                ),
                name="service_hall_delivery_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "posted"), _negated=True),
                    models.Q(models.Q(("carrier", ""), _negated=True), models.Q(("tracking_no", ""), _negated=True)),
                    _connector="OR",
                ),
                name="service_hall_posted_has_number",
            ),
        ),
        migrations.AddIndex(
            model_name="deliveryevent",
            index=models.Index(fields=["delivery", "at"], name="service_hall_delivery_events"),
        ),
        migrations.AddConstraint(
            model_name="deliveryevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("delivery", "key"),
                name="service_hall_carrier_event_once",
            ),
        ),
        migrations.AddIndex(
            model_name="passedbatch",
            index=models.Index(fields=["tenant", "to_org_id", "-created_at"], name="service_hall_batches_to"),
        ),
        migrations.AddIndex(
            model_name="passedbatch",
            index=models.Index(fields=["tenant", "from_org_id", "-created_at"], name="service_hall_batches_from"),
        ),
        migrations.AddConstraint(
            model_name="passedbatch",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="service_hall_batch_number_once"),
        ),
        migrations.AddConstraint(
            model_name="passedbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("received_at__isnull", True), ("received_by", "")),
                    models.Q(("received_at__isnull", False), models.Q(("received_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="service_hall_batch_received_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="passedbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_org_id", models.F("to_org_id")), _negated=True),
                name="service_hall_batch_two_units",
            ),
        ),
        migrations.AddIndex(
            model_name="passedpapers",
            index=models.Index(fields=["application", "-created_at"], name="service_hall_papers_of"),
        ),
        migrations.AddConstraint(
            model_name="passedpapers",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["sent", "received"])),
                fields=("application",),
                name="service_hall_papers_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="passedpapers",
            constraint=models.CheckConstraint(condition=models.Q(("pieces__gte", 1)), name="service_hall_papers_some"),
        ),
        migrations.AddConstraint(
            model_name="passedpapers",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="service_hall_papers_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="passedpapers",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["missing", "returned"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="service_hall_papers_why",
            ),
        ),
    ]

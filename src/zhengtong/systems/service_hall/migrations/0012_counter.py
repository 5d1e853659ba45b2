"""Counters: where an application was taken in, who typed it with which consent, originals that were seen."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_initial"),
        ("service_hall", "0011_similar_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="channel",
            field=models.CharField(
                choices=[
                    ("online", "网上申请"),
                    ("counter", "县窗口代录"),
                    ("township", "乡镇便民服务中心代录"),
                    ("village", "村（社区）代办点代录"),
                ],
                db_default="online",
                default="online",
                max_length=10,
                verbose_name="受理渠道",
            ),
        ),
        migrations.CreateModel(
            name="OriginalSeen",
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
                ("seen_by_id", models.UUIDField(verbose_name="核对人标识")),
                ("seen_by", models.CharField(max_length=60, verbose_name="核对人")),
                ("org_name", models.CharField(max_length=120, verbose_name="核对单位")),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="original_seen",
                        to="service_hall.materialfile",
                        verbose_name="申请材料",
                    ),
                ),
            ],
            options={
                "verbose_name": "核对原件",
            },
        ),
        migrations.CreateModel(
            name="Sitting",
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
                    "purpose",
                    models.CharField(
                        choices=[("apply", "代录申请"), ("supplement", "代交补正")],
                        max_length=10,
                        verbose_name="代录事由",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("online", "网上申请"),
                            ("counter", "县窗口代录"),
                            ("township", "乡镇便民服务中心代录"),
                            ("village", "村（社区）代办点代录"),
                        ],
                        max_length=10,
                        verbose_name="受理渠道",
                    ),
                ),
                ("official_id", models.UUIDField(verbose_name="代录人标识")),
                ("official_name", models.CharField(max_length=60, verbose_name="代录人")),
                ("org_id", models.UUIDField(verbose_name="代录单位标识")),
                ("org_name", models.CharField(max_length=120, verbose_name="代录单位")),
                (
                    "proof",
                    models.CharField(
                        choices=[
                            ("id_card", "居民身份证原件"),
                            ("temporary", "临时居民身份证原件"),
                            ("electronic", "电子居民身份证"),
                            ("household", "户口簿原件"),
                            ("passport", "护照原件"),
                        ],
                        max_length=12,
                        verbose_name="核对的身份证件",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "正在代录"), ("done", "已提交"), ("dropped", "已放弃")],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "consent_kind",
                    models.CharField(
                        blank=True,
                        choices=[("drawn", "在签字板上手写签名"), ("paper", "在打印件上签名（拍照或扫描）")],
                        default="",
                        max_length=8,
                        verbose_name="同意方式",
                    ),
                ),
                ("consent_text", models.TextField(blank=True, default="", verbose_name="向本人宣读的内容")),
                (
                    "consent_digest",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="同意时的内容摘要"),
                ),
                ("consent_at", models.DateTimeField(null=True, verbose_name="同意时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sittings",
                        to="service_hall.application",
                        verbose_name="申请",
                    ),
                ),
                (
                    "consent_file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.storedfile",
                        verbose_name="签名",
                    ),
                ),
            ],
            options={
                "verbose_name": "窗口代录",
            },
        ),
        migrations.AddIndex(
            model_name="sitting",
            index=models.Index(fields=["tenant", "official_id", "-created_at"], name="service_hall_sittings_of"),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("application",), name="service_hall_one_open_sitting"
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True), ("consent_at__isnull", False), _connector="OR"
                ),
                name="service_hall_sitting_with_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consent_at__isnull", True), ("consent_digest", ""), ("consent_file__isnull", True)),
                    models.Q(
                        ("consent_at__isnull", False),
                        ("consent_file__isnull", False),
                        models.Q(("consent_digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="service_hall_consent_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="service_hall_sitting_closed",
            ),
        ),
    ]

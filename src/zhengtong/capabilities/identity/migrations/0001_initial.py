"""Persons, legal persons and accounts."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids


class Migration(migrations.Migration):
    """First tables; the account is here because other apps' tables point at it."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
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
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                (
                    "citizen_number",
                    zhengtong.kernel.fields.EncryptedTextField(blank=True, default="", verbose_name="公民身份号码"),
                ),
                (
                    "citizen_number_index",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="公民身份号码索引"),
                ),
                ("phone", zhengtong.kernel.fields.EncryptedTextField(blank=True, default="", verbose_name="手机号")),
                ("phone_index", models.CharField(blank=True, default="", max_length=64, verbose_name="手机号索引")),
                (
                    "kind",
                    models.CharField(
                        choices=[("citizen", "群众"), ("staff", "工作人员")],
                        default="citizen",
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "assurance",
                    models.CharField(
                        choices=[("declared", "本人申报，未经核验"), ("verified", "已经核验")],
                        default="declared",
                        max_length=10,
                        verbose_name="核验程度",
                    ),
                ),
            ],
            options={
                "verbose_name": "自然人",
                "indexes": [
                    models.Index(
                        condition=models.Q(("phone_index", ""), _negated=True),
                        fields=["tenant", "phone_index"],
                        name="identity_person_phone",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("citizen_number_index", ""), _negated=True),
                        fields=("tenant", "citizen_number_index"),
                        name="identity_person_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("citizen_number", ""), ("citizen_number_index", "")),
                            models.Q(
                                models.Q(("citizen_number", ""), _negated=True),
                                models.Q(("citizen_number_index", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="identity_person_number_indexed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["citizen", "staff"]), ("assurance__in", ["declared", "verified"])
                        ),
                        name="identity_person_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalPerson",
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
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("uscc", models.CharField(max_length=18, verbose_name="统一社会信用代码")),
                ("representative_name", models.CharField(max_length=50, verbose_name="法定代表人姓名")),
                (
                    "assurance",
                    models.CharField(
                        choices=[("declared", "本人申报，未经核验"), ("verified", "已经核验")],
                        default="declared",
                        max_length=10,
                        verbose_name="核验程度",
                    ),
                ),
                (
                    "representative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.person",
                        verbose_name="法定代表人",
                    ),
                ),
            ],
            options={"verbose_name": "法人"},
        ),
        migrations.CreateModel(
            name="Consent",
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
                ("notice", models.CharField(max_length=20, verbose_name="告知书版本")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="identity.person",
                        verbose_name="自然人",
                    ),
                ),
            ],
            options={"verbose_name": "同意记录"},
        ),
        migrations.CreateModel(
            name="Agency",
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
                    "role",
                    models.CharField(
                        choices=[("legal_representative", "法定代表人"), ("agent", "经办人")],
                        max_length=20,
                        verbose_name="身份",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="起始日期")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="截止日期")),
                (
                    "assurance",
                    models.CharField(
                        choices=[("declared", "本人申报，未经核验"), ("verified", "已经核验")],
                        default="declared",
                        max_length=10,
                        verbose_name="核验程度",
                    ),
                ),
                (
                    "legal_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agencies",
                        to="identity.legalperson",
                        verbose_name="法人",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agencies",
                        to="identity.person",
                        verbose_name="自然人",
                    ),
                ),
            ],
            options={"verbose_name": "授权委托"},
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
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
                ("username", models.CharField(max_length=40, unique=True, verbose_name="用户名")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("must_change_password", models.BooleanField(default=False, verbose_name="须修改密码")),
                ("password_changed_at", models.DateTimeField(blank=True, null=True, verbose_name="密码修改时间")),
                ("failed_sign_ins", models.PositiveSmallIntegerField(default=0, verbose_name="连续失败次数")),
                ("locked_until", models.DateTimeField(blank=True, null=True, verbose_name="锁定至")),
                ("totp_step", models.BigIntegerField(default=0, verbose_name="已用动态口令时间步")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account",
                        to="identity.person",
                        verbose_name="人员",
                    ),
                ),
            ],
            options={"verbose_name": "账户"},
        ),
        migrations.CreateModel(
            name="SignIn",
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
                    "outcome",
                    models.CharField(
                        choices=[
                            ("signed_in", "登录成功"),
                            ("wrong_password", "密码错误"),
                            ("wrong_code", "动态口令错误"),
                        ],
                        max_length=20,
                        verbose_name="结果",
                    ),
                ),
                ("address", models.CharField(blank=True, default="", max_length=45, verbose_name="网络地址")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账户",
                    ),
                ),
            ],
            options={"verbose_name": "登录记录"},
        ),
        migrations.CreateModel(
            name="FormerPassword",
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
                ("password", models.CharField(max_length=128, verbose_name="密码散列")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_passwords",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账户",
                    ),
                ),
            ],
            options={
                "verbose_name": "曾用密码",
                "indexes": [models.Index(fields=["account", "-created_at"], name="identity_former_account")],
            },
        ),
    ]

"""Guardianships decided and contested, recoveries by source, sign-ons bound to a session, administrators disabled by two."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

_ADD_DECIDED = """
alter table identity_guardianship add column decided_by_id uuid null;
alter table identity_guardianship add constraint identity_guardianship_decided_by_fk
    foreign key (decided_by_id) references identity_person (id) deferrable initially deferred not valid
"""
_DROP_DECIDED = "alter table identity_guardianship drop column decided_by_id"

_DROP_FORM = """-- squawk-ignore ban-drop-constraint
alter table identity_rolerequest drop constraint identity_role_request_form"""
_ADD_FORM = """
alter table identity_rolerequest add constraint identity_role_request_form check (
    (kind = 'appoint' and person_id is not null and valid_from is not null and role = '')
    or (kind in ('grant', 'revoke') and person_id is null and not role = '')) not valid
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0015_catalogue_roles_checked")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_ADD_DECIDED, _DROP_DECIDED)],
            state_operations=[
                migrations.AddField(
                    model_name="guardianship",
                    name="decided_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.person",
                        verbose_name="核验人",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="guardianship",
            name="decided_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="核验时间"),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="contested_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="异议时间"),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="contested_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=300, verbose_name="异议理由"),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="refused",
            field=models.BooleanField(db_default=False, default=False, verbose_name="核验未通过"),
        ),
        AddConstraintNotValid(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("refused", False),
                    models.Q(("ended_at__isnull", False), models.Q(("ended_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="identity_guardianship_refused",
            ),
        ),
        AddConstraintNotValid(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contested_at__isnull", True),
                    models.Q(("contested_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="identity_guardianship_contested",
            ),
        ),
        migrations.AddField(
            model_name="passwordrecovery",
            name="known_source",
            field=models.BooleanField(db_default=False, default=False, verbose_name="近期登录过的地址"),
        ),
        migrations.AddField(
            model_name="passwordrecovery",
            name="source",
            field=models.CharField(blank=True, db_default="", default="", max_length=45, verbose_name="网络地址"),
        ),
        migrations.AddField(
            model_name="relyingparty",
            name="refreshes",
            field=models.BooleanField(db_default=False, default=False, verbose_name="可以续期"),
        ),
        migrations.AlterField(
            model_name="rolerequest",
            name="kind",
            field=models.CharField(
                choices=[
                    ("appoint", "任职"),
                    ("grant", "授予角色"),
                    ("revoke", "收回角色"),
                    ("disable", "停用管理员账户"),
                ],
                max_length=10,
                verbose_name="类别",
            ),
        ),
        # the wider form below takes its place in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([_DROP_FORM], [_ADD_FORM])],
            state_operations=[
                migrations.RemoveConstraint(model_name="rolerequest", name="identity_role_request_form"),
            ],
        ),
        AddConstraintNotValid(
            model_name="rolerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "appoint"), ("person__isnull", False), ("role", ""), ("valid_from__isnull", False)
                    ),
                    models.Q(("kind", "disable"), ("person__isnull", False), ("role", "")),
                    models.Q(
                        ("kind__in", ["grant", "revoke"]),
                        ("person__isnull", True),
                        models.Q(("role", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="identity_role_request_form",
            ),
        ),
        migrations.CreateModel(
            name="SignOn",
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
                ("session_id", models.BigIntegerField(verbose_name="本平台登录")),
                ("expires_at", models.DateTimeField(verbose_name="有效期至")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ons",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账户",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ons",
                        to="identity.relyingparty",
                        verbose_name="接入应用",
                    ),
                ),
            ],
            options={
                "verbose_name": "应用登录",
                "indexes": [
                    models.Index(fields=["session_id"], name="identity_sign_on_session"),
                    models.Index(fields=["expires_at"], name="identity_sign_on_age"),
                ],
            },
        ),
    ]

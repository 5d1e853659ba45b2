"""The five operating roles, the reach of a role, and when an account was opened again; checked for new rows."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

DROP = """-- squawk-ignore ban-drop-constraint
alter table identity_postrole drop constraint identity_post_role_words"""
ADD = """
alter table identity_postrole add constraint identity_post_role_words check (role in (
    'audit_admin', 'clerk', 'leader', 'process_admin', 'reviewer', 'sec_admin', 'supervisor', 'sys_admin')) not valid
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0009_administration")]

    operations = [
        # the wider list below takes its place in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([DROP], [ADD]),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="postrole", name="identity_post_role_words"),
            ],
        ),
        migrations.AddField(
            model_name="account",
            name="enabled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="最近启用时间"),
        ),
        migrations.AddField(
            model_name="postrole",
            name="scope",
            field=models.CharField(
                blank=True,
                choices=[("own", "本人经办"), ("unit", "本单位"), ("subtree", "本单位及下级"), ("county", "全县")],
                db_default="",
                default="",
                max_length=10,
                verbose_name="数据范围",
            ),
        ),
        migrations.AlterField(
            model_name="postrole",
            name="role",
            field=models.CharField(
                choices=[
                    ("citizen", "个人"),
                    ("agent", "法人代理人"),
                    ("clerk", "经办人"),
                    ("reviewer", "审查人"),
                    ("leader", "审批负责人"),
                    ("supervisor", "监察员"),
                    ("sys_admin", "系统管理员"),
                    ("sec_admin", "安全管理员"),
                    ("audit_admin", "审计管理员"),
                    ("process_admin", "流程管理员"),
                    ("host_operator", "主机操作员"),
                    ("network_operator", "网络操作员"),
                    ("database_operator", "数据库操作员"),
                    ("application_operator", "应用操作员"),
                    ("security_operator", "安全操作员"),
                ],
                max_length=20,
                verbose_name="角色",
            ),
        ),
        AddConstraintNotValid(
            model_name="postrole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "application_operator",
                            "audit_admin",
                            "clerk",
                            "database_operator",
                            "host_operator",
                            "leader",
                            "network_operator",
                            "process_admin",
                            "reviewer",
                            "sec_admin",
                            "security_operator",
                            "supervisor",
                            "sys_admin",
                        ],
                    )
                ),
                name="identity_post_role_words",
            ),
        ),
        AddConstraintNotValid(
            model_name="postrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["", "own", "unit", "subtree", "county"])),
                name="identity_post_role_scope",
            ),
        ),
    ]

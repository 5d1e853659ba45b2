"""The roles of who keeps the sites: editors, who signs for them, who keeps the group."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

DROP = """-- squawk-ignore ban-drop-constraint
alter table identity_postrole drop constraint identity_post_role_words"""
ADD = """
alter table identity_postrole add constraint identity_post_role_words check (role in (
    'application_operator', 'audit_admin', 'clerk', 'counter', 'database_operator', 'hall_manager',
    'host_operator', 'item_admin', 'item_editor', 'leader', 'legal_reviewer', 'network_operator', 'process_admin',
    'reviewer', 'sec_admin', 'security_operator', 'supervisor', 'sys_admin')) not valid
"""


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0024_party_agreements'),
    ]

    operations = [
        # the wider list below takes its place in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP], [ADD])],
            state_operations=[migrations.RemoveConstraint(model_name='postrole', name='identity_post_role_words')],
        ),
        migrations.AlterField(
            model_name='postrole',
            name='role',
            field=models.CharField(choices=[('citizen', '个人'), ('agent', '法人代理人'), ('clerk', '经办人'), ('counter', '窗口收件员'), ('hall_manager', '政务大厅管理员'), ('reviewer', '审查人'), ('leader', '审批负责人'), ('supervisor', '监察员'), ('sys_admin', '系统管理员'), ('sec_admin', '安全管理员'), ('audit_admin', '审计管理员'), ('process_admin', '流程管理员'), ('item_editor', '事项编制人'), ('legal_reviewer', '合法性审核人'), ('item_admin', '权力清单管理员'), ('site_editor', '网站编辑'), ('site_publisher', '网站签发人'), ('site_admin', '网站群管理员'), ('host_operator', '主机操作员'), ('network_operator', '网络操作员'), ('database_operator', '数据库操作员'), ('application_operator', '应用操作员'), ('security_operator', '安全操作员')], max_length=20, verbose_name='角色'),
        ),
        migrations.AlterField(
            model_name='rolerequest',
            name='role',
            field=models.CharField(blank=True, choices=[('citizen', '个人'), ('agent', '法人代理人'), ('clerk', '经办人'), ('counter', '窗口收件员'), ('hall_manager', '政务大厅管理员'), ('reviewer', '审查人'), ('leader', '审批负责人'), ('supervisor', '监察员'), ('sys_admin', '系统管理员'), ('sec_admin', '安全管理员'), ('audit_admin', '审计管理员'), ('process_admin', '流程管理员'), ('item_editor', '事项编制人'), ('legal_reviewer', '合法性审核人'), ('item_admin', '权力清单管理员'), ('site_editor', '网站编辑'), ('site_publisher', '网站签发人'), ('site_admin', '网站群管理员'), ('host_operator', '主机操作员'), ('network_operator', '网络操作员'), ('database_operator', '数据库操作员'), ('application_operator', '应用操作员'), ('security_operator', '安全操作员')], default='', max_length=20, verbose_name='角色'),
        ),
        AddConstraintNotValid(
            model_name='postrole',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['application_operator', 'audit_admin', 'clerk', 'counter', 'database_operator', 'hall_manager', 'host_operator', 'item_admin', 'item_editor', 'leader', 'legal_reviewer', 'network_operator', 'process_admin', 'reviewer', 'sec_admin', 'security_operator', 'site_admin', 'site_editor', 'site_publisher', 'supervisor', 'sys_admin'])), name='identity_post_role_words'),
        ),
    ]

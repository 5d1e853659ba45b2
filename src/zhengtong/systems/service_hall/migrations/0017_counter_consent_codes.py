"""Consent at a counter also by a code sent to the person's telephone, with no signature to keep."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


DROP = """-- squawk-ignore ban-drop-constraint
alter table service_hall_sitting drop constraint service_hall_consent_whole"""
ADD = """
alter table service_hall_sitting add constraint service_hall_consent_whole check (
    (consent_at is null and consent_file_id is null and consent_digest = '')
    or (consent_at is not null and consent_file_id is not null and not consent_digest = '')) not valid
"""


class Migration(migrations.Migration):

    dependencies = [
        ('service_hall', '0016_figures'),
    ]

    operations = [
        # the wider one below takes its place in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP], [ADD])],
            state_operations=[
                migrations.RemoveConstraint(model_name='sitting', name='service_hall_consent_whole'),
            ],
        ),
        migrations.AddField(
            model_name='sitting',
            name='consent_phone',
            field=models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='验证码发到的号码'),
        ),
        migrations.AlterField(
            model_name='sitting',
            name='consent_kind',
            field=models.CharField(blank=True, choices=[('drawn', '在签字板上手写签名'), ('paper', '在打印件上签名（拍照或扫描）'), ('code', '凭发到本人手机的验证码同意')], default='', max_length=8, verbose_name='同意方式'),
        ),
        AddConstraintNotValid(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('consent_at__isnull', True), ('consent_digest', ''), ('consent_file__isnull', True)), models.Q(('consent_at__isnull', False), ('consent_file__isnull', False), models.Q(('consent_digest', ''), _negated=True)), models.Q(('consent_at__isnull', False), ('consent_file__isnull', True), ('consent_kind', 'code'), models.Q(('consent_digest', ''), _negated=True), models.Q(('consent_phone', ''), _negated=True)), _connector='OR'), name='service_hall_consent_whole'),
        ),
    ]

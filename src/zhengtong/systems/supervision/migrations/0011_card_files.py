"""Papers that units hand in with their words about a card; kept as they came."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0010_monthly_reports'),
    ]

    operations = [
        migrations.CreateModel(
            name='CardFile',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('no', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('file_id', models.UUIDField(verbose_name='文件标识')),
                ('name', models.CharField(max_length=200, verbose_name='文件名称')),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='supervision.cardact', verbose_name='亮牌处理记录')),
            ],
            options={
                'verbose_name': '亮牌附件',
                'constraints': [models.UniqueConstraint(fields=('act', 'no'), name='supervision_card_file_no_once')],
            },
        ),
        # the same refusal as for the words themselves
        migrations.RunSQL(
            "create trigger supervision_card_file_is_kept before update or delete on supervision_cardfile"
            " for each row execute function supervision_act_is_kept()",
            "drop trigger supervision_card_file_is_kept on supervision_cardfile",
        ),
    ]

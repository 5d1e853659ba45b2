"""What inspection found may stand in the history of a card."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0012_paths'),
    ]

    operations = [
        migrations.AlterField(
            model_name='cardact',
            name='kind',
            field=models.CharField(choices=[('explain', '说明'), ('appeal', '申诉'), ('rectify', '整改报告'), ('confirm', '认定'), ('cancel', '撤销'), ('close', '销号'), ('clear', '自动销号'), ('raise', '人工亮牌'), ('send_back', '复查不通过，退回整改'), ('transfer', '转督查'), ('propose', '发出监察建议书'), ('reply', '回复监察建议书'), ('account', '责任追究'), ('mark', '依据已变'), ('keep', '维持'), ('overdue', '逾期'), ('inspect', '督查结果')], max_length=10, verbose_name='操作'),
        ),
    ]

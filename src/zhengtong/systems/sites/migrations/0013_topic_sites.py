"""Sites about a topic; blocks of pages stand in no migration any more, for a new module changes no table."""

import wagtail.fields
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

DROP = """-- squawk-ignore ban-drop-constraint
alter table sites_governmentsite drop constraint sites_kind_words"""
ADD = """
alter table sites_governmentsite add constraint sites_kind_words check (
    kind in ('portal', 'department', 'township', 'institution')) not valid
"""


class Migration(migrations.Migration):
    dependencies = [("sites", "0012_old_sites"), ("wagtailcore", "0098_apitoken")]

    operations = [
        migrations.AlterField("articlepage", "body", wagtail.fields.StreamField([], verbose_name="正文")),
        migrations.AlterField("columnpage", "modules", wagtail.fields.StreamField([], blank=True, verbose_name="模块")),
        migrations.AlterField("homepage", "modules", wagtail.fields.StreamField([], blank=True, verbose_name="模块")),
        migrations.AlterField(
            model_name="governmentsite",
            name="kind",
            field=models.CharField(
                choices=[
                    ("portal", "门户网站"),
                    ("department", "部门网站"),
                    ("township", "乡镇（街道）网站"),
                    ("institution", "单位网站"),
                    ("topic", "专题网站"),
                ],
                max_length=12,
                verbose_name="类别",
            ),
        ),
        # the wider list below takes its place in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP], [ADD])],
            state_operations=[migrations.RemoveConstraint(model_name="governmentsite", name="sites_kind_words")],
        ),
        AddConstraintNotValid(
            model_name="governmentsite",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["portal", "department", "township", "institution", "topic"])),
                name="sites_kind_words",
            ),
        ),
    ]

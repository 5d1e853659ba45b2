"""Sites, and their pages in the tree of Wagtail."""

import django.core.validators
import django.db.models.deletion
import wagtail.fields
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
import zhengtong.systems.sites.models.pages
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CountyPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, unique=True, verbose_name='租户')),
            ],
            options={
                'verbose_name': '县域',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='GovernmentSite',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('code', models.CharField(max_length=40, verbose_name='网站标识')),
                ('name', models.CharField(max_length=100, verbose_name='网站名称')),
                ('kind', models.CharField(choices=[('portal', '门户网站'), ('department', '部门网站'), ('township', '乡镇（街道）网站'), ('institution', '单位网站')], max_length=12, verbose_name='类别')),
                ('state', models.CharField(choices=[('open', '开通'), ('closed', '关停')], default='open', max_length=8, verbose_name='状态')),
                ('org_id', models.UUIDField(verbose_name='主办单位标识')),
                ('org_code', models.CharField(max_length=20, verbose_name='主办单位代码')),
                ('org_name', models.CharField(max_length=100, verbose_name='主办单位')),
                ('host', models.CharField(blank=True, default='', max_length=253, verbose_name='域名')),
                ('theme', models.CharField(choices=[('red', '朱红'), ('blue', '黛蓝'), ('green', '松绿'), ('teal', '湖青'), ('brown', '赭石'), ('ink', '墨灰')], default='red', max_length=8, verbose_name='主题')),
                ('identity_code', models.CharField(blank=True, default='', max_length=10, verbose_name='政府网站标识码')),
                ('icp', models.CharField(blank=True, default='', max_length=60, verbose_name='ICP 备案号')),
                ('police_filing', models.CharField(blank=True, default='', max_length=60, verbose_name='公安备案号')),
                ('phone', models.CharField(blank=True, default='', max_length=60, verbose_name='联系电话')),
                ('address', models.CharField(blank=True, default='', max_length=120, verbose_name='地址')),
                ('collection', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.collection', verbose_name='文件夹')),
                ('home', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='主页')),
            ],
            options={
                'verbose_name': '网站',
            },
        ),
        migrations.CreateModel(
            name='ColumnPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('kind', models.CharField(choices=[('news', '新闻动态'), ('notices', '通知公告'), ('policies', '政策文件'), ('disclosure', '政府信息公开'), ('about', '机构职能'), ('services', '政务服务'), ('interaction', '互动交流'), ('special', '专题专栏')], default='news', max_length=12, verbose_name='栏目类别')),
                ('intro', models.CharField(blank=True, max_length=200, verbose_name='栏目说明')),
                ('modules', wagtail.fields.StreamField([('news', 5), ('services', 8), ('about', 11), ('entrances', 13), ('site_list', 16), ('links', 22), ('text', 25), ('notice', 29), ('figures', 37), ('contact', 40)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': '标题', 'max_length': 30, 'required': False}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('open', '无框，标题下划线'), ('boxed', '加框'), ('banded', '通栏标题带')], 'label': '外框'}), 2: ('wagtail.blocks.CharBlock', (), {'help_text': '取哪个栏目的文章；不填取全站最新的文章', 'label': '栏目标识', 'max_length': 40, 'required': False, 'validators': [django.core.validators.RegexValidator('^[a-z0-9-]*$', '栏目标识只含小写字母、数字和连字符。')]}), 3: ('wagtail.blocks.IntegerBlock', (), {'default': 7, 'label': '条数', 'max_value': 20, 'min_value': 1}), 4: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('dated', '标题加日期'), ('lead', '头条加列表'), ('summaries', '标题加摘要'), ('cards', '卡片'), ('numbered', '编号列表'), ('two_columns', '双栏列表')], 'label': '版式'}), 5: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('column', 2), ('number', 3), ('layout', 4)]], {}), 6: ('wagtail.blocks.IntegerBlock', (), {'default': 8, 'label': '条数', 'max_value': 24, 'min_value': 1}), 7: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('tiles', '磁贴'), ('list', '列表'), ('two_columns', '双栏列表')], 'label': '版式'}), 8: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('number', 6), ('layout', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'default': 'about', 'label': '栏目标识', 'max_length': 40, 'validators': [django.core.validators.RegexValidator('^[a-z0-9-]*$', '栏目标识只含小写字母、数字和连字符。')]}), 10: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('plain', '正文'), ('aside', '左标题右正文')], 'label': '版式'}), 11: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('column', 9), ('layout', 10)]], {}), 12: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('tiles', '磁贴'), ('list', '列表'), ('line', '横排')], 'label': '版式'}), 13: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('layout', 12)]], {}), 14: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('portal', '门户网站'), ('department', '部门网站'), ('township', '乡镇（街道）网站'), ('institution', '单位网站')], 'label': '哪些网站'}), 15: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('columns', '多栏'), ('list', '列表'), ('line', '横排')], 'label': '版式'}), 16: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('kind', 14), ('layout', 15)]], {}), 17: ('wagtail.blocks.CharBlock', (), {'label': '名称', 'max_length': 40}), 18: ('wagtail.blocks.URLBlock', (), {'label': '地址', 'max_length': 300}), 19: ('wagtail.blocks.StructBlock', [[('words', 17), ('address', 18)]], {}), 20: ('wagtail.blocks.ListBlock', (19,), {'label': '链接', 'max_num': 40}), 21: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('columns', '多栏'), ('list', '列表'), ('line', '横排'), ('tiles', '磁贴')], 'label': '版式'}), 22: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('links', 20), ('layout', 21)]], {}), 23: ('wagtail.blocks.RichTextBlock', (), {'features': ['h2', 'h3', 'bold', 'italic', 'ol', 'ul', 'hr', 'link'], 'label': '正文'}), 24: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('plain', '通栏'), ('aside', '左标题右正文'), ('two_columns', '双栏')], 'label': '版式'}), 25: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('text', 23), ('layout', 24)]], {}), 26: ('wagtail.blocks.CharBlock', (), {'label': '内容', 'max_length': 120}), 27: ('wagtail.blocks.URLBlock', (), {'label': '链接', 'max_length': 300, 'required': False}), 28: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('line', '一行'), ('panel', '提示框'), ('serious', '重要提示')], 'label': '版式'}), 29: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('words', 26), ('address', 27), ('layout', 28)]], {}), 30: ('wagtail.blocks.CharBlock', (), {'label': '数据时间', 'max_length': 30}), 31: ('wagtail.blocks.CharBlock', (), {'label': '名称', 'max_length': 30}), 32: ('wagtail.blocks.DecimalBlock', (), {'decimal_places': 4, 'label': '数值', 'max_digits': 16}), 33: ('wagtail.blocks.CharBlock', (), {'label': '单位', 'max_length': 10, 'required': False}), 34: ('wagtail.blocks.StructBlock', [[('words', 31), ('number', 32), ('unit', 33)]], {}), 35: ('wagtail.blocks.ListBlock', (34,), {'label': '数据', 'max_num': 12}), 36: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('tiles', '磁贴'), ('table', '表格'), ('bars', '条形图'), ('line', '横排')], 'label': '版式'}), 37: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('at', 30), ('figures', 35), ('layout', 36)]], {}), 38: ('wagtail.blocks.CharBlock', (), {'label': '办公时间', 'max_length': 60, 'required': False}), 39: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('plain', '列表'), ('table', '表格'), ('line', '横排')], 'label': '版式'}), 40: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('hours', 38), ('layout', 39)]], {})}, verbose_name='模块')),
                ('site', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sites.governmentsite', verbose_name='所属网站')),
            ],
            options={
                'verbose_name': '栏目',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ArticlePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('published_on', models.DateField(default=zhengtong.systems.sites.models.pages.today, verbose_name='发布日期')),
                ('source', models.CharField(max_length=100, verbose_name='来源')),
                ('author', models.CharField(blank=True, max_length=40, verbose_name='作者')),
                ('summary', models.CharField(blank=True, max_length=200, verbose_name='摘要')),
                ('keywords', models.CharField(blank=True, max_length=100, verbose_name='关键词')),
                ('body', wagtail.fields.StreamField([('text', 0), ('quote', 3), ('question', 6)], block_lookup={0: ('wagtail.blocks.RichTextBlock', (), {'features': ['h2', 'h3', 'bold', 'italic', 'ol', 'ul', 'hr', 'link'], 'icon': 'pilcrow', 'label': '正文'}), 1: ('wagtail.blocks.TextBlock', (), {'label': '引文', 'max_length': 2000}), 2: ('wagtail.blocks.CharBlock', (), {'label': '出处', 'max_length': 100, 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('text', 1), ('origin', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': '问', 'max_length': 200}), 5: ('wagtail.blocks.RichTextBlock', (), {'features': ['h2', 'h3', 'bold', 'italic', 'ol', 'ul', 'hr', 'link'], 'label': '答'}), 6: ('wagtail.blocks.StructBlock', [[('question', 4), ('answer', 5)]], {})}, verbose_name='正文')),
                ('site', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sites.governmentsite', verbose_name='所属网站')),
            ],
            options={
                'verbose_name': '文章',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('modules', wagtail.fields.StreamField([('news', 5), ('services', 8), ('about', 11), ('entrances', 13), ('site_list', 16), ('links', 22), ('text', 25), ('notice', 29), ('figures', 37), ('contact', 40)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': '标题', 'max_length': 30, 'required': False}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('open', '无框，标题下划线'), ('boxed', '加框'), ('banded', '通栏标题带')], 'label': '外框'}), 2: ('wagtail.blocks.CharBlock', (), {'help_text': '取哪个栏目的文章；不填取全站最新的文章', 'label': '栏目标识', 'max_length': 40, 'required': False, 'validators': [django.core.validators.RegexValidator('^[a-z0-9-]*$', '栏目标识只含小写字母、数字和连字符。')]}), 3: ('wagtail.blocks.IntegerBlock', (), {'default': 7, 'label': '条数', 'max_value': 20, 'min_value': 1}), 4: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('dated', '标题加日期'), ('lead', '头条加列表'), ('summaries', '标题加摘要'), ('cards', '卡片'), ('numbered', '编号列表'), ('two_columns', '双栏列表')], 'label': '版式'}), 5: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('column', 2), ('number', 3), ('layout', 4)]], {}), 6: ('wagtail.blocks.IntegerBlock', (), {'default': 8, 'label': '条数', 'max_value': 24, 'min_value': 1}), 7: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('tiles', '磁贴'), ('list', '列表'), ('two_columns', '双栏列表')], 'label': '版式'}), 8: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('number', 6), ('layout', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'default': 'about', 'label': '栏目标识', 'max_length': 40, 'validators': [django.core.validators.RegexValidator('^[a-z0-9-]*$', '栏目标识只含小写字母、数字和连字符。')]}), 10: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('plain', '正文'), ('aside', '左标题右正文')], 'label': '版式'}), 11: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('column', 9), ('layout', 10)]], {}), 12: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('tiles', '磁贴'), ('list', '列表'), ('line', '横排')], 'label': '版式'}), 13: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('layout', 12)]], {}), 14: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('portal', '门户网站'), ('department', '部门网站'), ('township', '乡镇（街道）网站'), ('institution', '单位网站')], 'label': '哪些网站'}), 15: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('columns', '多栏'), ('list', '列表'), ('line', '横排')], 'label': '版式'}), 16: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('kind', 14), ('layout', 15)]], {}), 17: ('wagtail.blocks.CharBlock', (), {'label': '名称', 'max_length': 40}), 18: ('wagtail.blocks.URLBlock', (), {'label': '地址', 'max_length': 300}), 19: ('wagtail.blocks.StructBlock', [[('words', 17), ('address', 18)]], {}), 20: ('wagtail.blocks.ListBlock', (19,), {'label': '链接', 'max_num': 40}), 21: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('columns', '多栏'), ('list', '列表'), ('line', '横排'), ('tiles', '磁贴')], 'label': '版式'}), 22: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('links', 20), ('layout', 21)]], {}), 23: ('wagtail.blocks.RichTextBlock', (), {'features': ['h2', 'h3', 'bold', 'italic', 'ol', 'ul', 'hr', 'link'], 'label': '正文'}), 24: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('plain', '通栏'), ('aside', '左标题右正文'), ('two_columns', '双栏')], 'label': '版式'}), 25: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('text', 23), ('layout', 24)]], {}), 26: ('wagtail.blocks.CharBlock', (), {'label': '内容', 'max_length': 120}), 27: ('wagtail.blocks.URLBlock', (), {'label': '链接', 'max_length': 300, 'required': False}), 28: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('line', '一行'), ('panel', '提示框'), ('serious', '重要提示')], 'label': '版式'}), 29: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('words', 26), ('address', 27), ('layout', 28)]], {}), 30: ('wagtail.blocks.CharBlock', (), {'label': '数据时间', 'max_length': 30}), 31: ('wagtail.blocks.CharBlock', (), {'label': '名称', 'max_length': 30}), 32: ('wagtail.blocks.DecimalBlock', (), {'decimal_places': 4, 'label': '数值', 'max_digits': 16}), 33: ('wagtail.blocks.CharBlock', (), {'label': '单位', 'max_length': 10, 'required': False}), 34: ('wagtail.blocks.StructBlock', [[('words', 31), ('number', 32), ('unit', 33)]], {}), 35: ('wagtail.blocks.ListBlock', (34,), {'label': '数据', 'max_num': 12}), 36: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('tiles', '磁贴'), ('table', '表格'), ('bars', '条形图'), ('line', '横排')], 'label': '版式'}), 37: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('at', 30), ('figures', 35), ('layout', 36)]], {}), 38: ('wagtail.blocks.CharBlock', (), {'label': '办公时间', 'max_length': 60, 'required': False}), 39: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('plain', '列表'), ('table', '表格'), ('line', '横排')], 'label': '版式'}), 40: ('wagtail.blocks.StructBlock', [[('heading', 0), ('frame', 1), ('hours', 38), ('layout', 39)]], {})}, verbose_name='模块')),
                ('site', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sites.governmentsite', verbose_name='所属网站')),
            ],
            options={
                'verbose_name': '网站主页',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.AddIndex(
            model_name='governmentsite',
            index=models.Index(fields=['tenant', 'kind', 'code'], name='sites_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='governmentsite',
            constraint=models.UniqueConstraint(fields=('tenant', 'code'), name='sites_code_once'),
        ),
        migrations.AddConstraint(
            model_name='governmentsite',
            constraint=models.UniqueConstraint(condition=models.Q(('host', ''), _negated=True), fields=('host',), name='sites_host_once'),
        ),
        migrations.AddConstraint(
            model_name='governmentsite',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'portal')), fields=('tenant',), name='sites_one_portal_a_county'),
        ),
        migrations.AddConstraint(
            model_name='governmentsite',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('kind', 'portal'), _negated=True), ('state', 'open')), fields=('tenant', 'org_id'), name='sites_one_site_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='governmentsite',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')), name='sites_code_words'),
        ),
        migrations.AddConstraint(
            model_name='governmentsite',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['portal', 'department', 'township', 'institution'])), name='sites_kind_words'),
        ),
        migrations.AddConstraint(
            model_name='governmentsite',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed'])), name='sites_state_words'),
        ),
        migrations.AddConstraint(
            model_name='governmentsite',
            constraint=models.CheckConstraint(condition=models.Q(('theme__in', ['red', 'blue', 'green', 'teal', 'brown', 'ink'])), name='sites_theme_words'),
        ),
        migrations.AddConstraint(
            model_name='columnpage',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['news', 'notices', 'policies', 'disclosure', 'about', 'services', 'interaction', 'special'])), name='sites_column_kind'),
        ),
        migrations.AddIndex(
            model_name='articlepage',
            index=models.Index(fields=['site', '-published_on'], name='sites_article_newest'),
        ),
    ]

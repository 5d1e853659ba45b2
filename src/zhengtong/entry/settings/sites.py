"""The site group: what of Wagtail is on, and what stays off because the platform has its own."""

from zhengtong.entry.settings.environment import flag, variable

WAGTAIL_SITE_NAME = "网站群内容管理"
WAGTAILADMIN_BASE_URL = variable(
    "ZHENGTONG_SITES_BASE_URL",
    group="门户",
    help="网站群的对外访问地址；留空同 ZHENGTONG_BASE_URL",
    default="",
)

# titles are looked through by the database: Wagtail's own index rewrites itself at each save of a Chinese title
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "modelsearch.backends.database.fallback", "AUTO_UPDATE": False},
}

# publishing runs through our services with a second person, the ledger and the search of the whole house
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILREDIRECTS_AUTO_CREATE = False

# people, passwords and pictures of people are identity's; nothing asks hosts outside
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"

WAGTAIL_DATE_FORMAT = "%Y-%m-%d"
WAGTAIL_DATETIME_FORMAT = "%Y-%m-%d %H:%M"

ZHENGTONG_SITES_SHELF = variable(
    "ZHENGTONG_SITES_SHELF",
    group="门户",
    help="已发布网页的目录，可由 nginx 直接发送；留空为状态目录下的 pages",
    default="",
)
#: MB of pages a web process holds in memory
ZHENGTONG_SITES_SHELF_MEMORY = int(
    variable("ZHENGTONG_SITES_SHELF_MEMORY", group="门户", help="每个网站进程在内存里保留多少 MB 网页", default="16")
)
ZHENGTONG_SITES_RENEW_MINUTES = int(
    variable(
        "ZHENGTONG_SITES_RENEW_MINUTES",
        group="门户",
        help="网页至少多少分钟重新生成一次：办事、统计等模块的内容来自其他系统",
        default="10",
    )
)
ZHENGTONG_SITES_ASK_OUTSIDE = flag(
    "ZHENGTONG_SITES_ASK_OUTSIDE",
    group="门户",
    help="设为 1 时网站监测打开网页里的站外网址，看是否断链；服务器要能访问互联网，内网部署保持 0，站外网址不判断",
    default=False,
)
ZHENGTONG_SITES_OLD_DATABASES = variable(
    "ZHENGTONG_SITES_OLD_DATABASES",
    group="门户",
    help="迁移旧网站时可以读取的 PostgreSQL 数据库，写成 名称=连接地址，空格隔开；只读查询，口令只留在环境里",
    default="",
)
# pictures and documents come in through the one door of files; forms, sizes and addresses are ours
WAGTAILIMAGES_IMAGE_MODEL = "sites.SitePicture"
WAGTAILDOCS_DOCUMENT_MODEL = "sites.SiteDocument"
WAGTAILIMAGES_IMAGE_FORM_BASE = "zhengtong.systems.sites.web.files.PictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "zhengtong.systems.sites.web.files.DocumentForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png"]

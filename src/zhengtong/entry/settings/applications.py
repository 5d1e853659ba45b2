"""Apps, middleware, templates and static files."""

from pathlib import Path

from zhengtong.entry.settings.environment import variable

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "django_htmx",
    "procrastinate.contrib.django",
    "wagtail.contrib.redirects",
    "zhengtong.systems.sites.apps.ProfilesConfig",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "zhengtong.kernel",
    "zhengtong.kernel.ui",
    "zhengtong.capabilities.ledger",
    "zhengtong.capabilities.identity",
    "zhengtong.capabilities.notify",
    "zhengtong.capabilities.search",
    "zhengtong.capabilities.trust",
    "zhengtong.capabilities.documents",
    "zhengtong.capabilities.payments",
    "zhengtong.capabilities.ratings",
    "zhengtong.capabilities.forms",
    "zhengtong.capabilities.cases",
    "zhengtong.capabilities.catalogue",
    "zhengtong.capabilities.exchange",
    "zhengtong.systems.service_hall",
    "zhengtong.systems.service_centre",
    "zhengtong.systems.supervision",
    "zhengtong.systems.complaints",
    "zhengtong.systems.inspections",
    "zhengtong.systems.sites",
    "zhengtong.systems.disclosure",
    "zhengtong.systems.opinions",
    "zhengtong.entry",
]

MIDDLEWARE = [
    "zhengtong.entry.observing.requests.RequestLogMiddleware",
    "zhengtong.kernel.refusals.HeadersMiddleware",
    "zhengtong.systems.sites.web.hosted.SiteHostMiddleware",
    "zhengtong.entry.transport.TransportMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zhengtong.entry.upkeep.gate.MaintenanceMiddleware",
    "zhengtong.kernel.refusals.RefusalMiddleware",
    "zhengtong.kernel.requests.RequestLimitMiddleware",
    "zhengtong.systems.sites.web.old_addresses.OldAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhengtong.capabilities.identity.web.middleware.ActorMiddleware",
    "zhengtong.entry.upkeep.gate.MaintenanceGateMiddleware",
    "zhengtong.capabilities.identity.web.middleware.SignInGateMiddleware",
    "zhengtong.entry.errors.MethodMiddleware",
    "zhengtong.kernel.policy.PolicyMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # where our pages stand in for some of Wagtail's own
        "DIRS": [Path(__file__).parents[2] / "systems" / "sites" / "overrides"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhengtong.entry.context.site",
            ],
        },
    }
]

# what is said to a person stays on the server: a cookie of its own would carry it through every later request
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

STATIC_URL = "static/"
STATIC_ROOT = (
    variable(
        "ZHENGTONG_STATIC_ROOT",
        group="运行",
        help="静态文件的收集目录，由 nginx 直接发送；留空由网站进程发送",
        default="",
    )
    or None
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

PROCRASTINATE_ON_APP_READY = "zhengtong.kernel.jobs.use"

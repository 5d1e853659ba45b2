"""The settings of every process; subjects have files of their own."""

from zhengtong.entry.settings.applications import *
from zhengtong.entry.settings.database import APP_ROLE, DATABASES
from zhengtong.entry.settings.environment import flag, variable
from zhengtong.entry.settings.logging import LOGGING
from zhengtong.entry.settings.security import *

ZHENGTONG_DB_APP_ROLE = APP_ROLE
ZHENGTONG_VAR = variable("ZHENGTONG_VAR", group="运行", help="状态目录：数据库、文件、密钥都在里面", default="var")
ZHENGTONG_DEMO = flag("ZHENGTONG_DEMO", group="运行", help="演示模式：装入演示县数据、允许开发测试证书", default=False)
ZHENGTONG_TENANT = variable(
    "ZHENGTONG_TENANT", group="运行", help="本站默认租户的行政区划代码（6 位）", default="980723"
)
ZHENGTONG_BASE_URL = variable(
    "ZHENGTONG_BASE_URL", group="运行", help="对外访问地址，写入二维码和邮件", default="http://127.0.0.1:8000"
)
ZHENGTONG_FONT_DIR = variable(
    "ZHENGTONG_FONT_DIR", group="运行", help="单位自有授权字体的目录，多个用冒号分隔；优先于自带字体", default=""
)
ZHENGTONG_CERTIFICATE_AUTHORITY = variable(
    "ZHENGTONG_CERTIFICATE_AUTHORITY",
    group="运行",
    help="签发证书的机构：file 为依法设立的签发机构（证书以文件导入），development 仅限演示；留空同 development",
    default="",
)
ZHENGTONG_KEY_PROVIDER = variable(
    "ZHENGTONG_KEY_PROVIDER",
    group="密钥",
    help="密码机驱动：无参数函数或类的 Python 路径，返回 KeyHolder；留空用状态目录中的加密密钥文件",
    default="",
)
ZHENGTONG_CHECKPOINT_ALGORITHM = variable(
    "ZHENGTONG_CHECKPOINT_ALGORITHM",
    group="运行",
    help="账本检查点的签名算法：SM2、ECDSA-P256 或 RSA-3072；留空用账本自带的 ECDSA 密钥",
    default="",
)
_CLOCK_FILE = variable(
    "ZHENGTONG_CLOCK_FILE", group="运行", help="演示时钟文件；只在演示模式下读取，生产环境留空", default=""
)
ZHENGTONG_CLOCK_FILE = _CLOCK_FILE if ZHENGTONG_DEMO else ""
ZHENGTONG_SITE = {
    "portal_name": variable("ZHENGTONG_PORTAL_NAME", group="门户", help="门户名称", default="青禾县人民政府"),
    "sponsor": variable("ZHENGTONG_SPONSOR", group="门户", help="主办单位", default="青禾县人民政府办公室"),
    "organiser": variable("ZHENGTONG_ORGANISER", group="门户", help="承办单位", default="青禾县数据局"),
    "identity_code": variable("ZHENGTONG_IDENTITY_CODE", group="门户", help="政府网站标识码", default=""),
    "icp": variable("ZHENGTONG_ICP", group="门户", help="ICP 备案号", default=""),
    "police_filing": variable("ZHENGTONG_POLICE_FILING", group="门户", help="公安备案号", default=""),
    "contact_phone": variable("ZHENGTONG_CONTACT_PHONE", group="门户", help="联系电话", default="12345"),
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "zhengtong.entry.urls"
WSGI_APPLICATION = "zhengtong.entry.wsgi.application"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

EMAIL_HOST = variable("ZHENGTONG_SMTP_HOST", group="通知", help="发信服务器；留空则邮件写入状态目录 mail/", default="")
EMAIL_PORT = int(variable("ZHENGTONG_SMTP_PORT", group="通知", help="发信服务器端口", default="25"))
EMAIL_HOST_USER = variable("ZHENGTONG_SMTP_USER", group="通知", help="发信用户名", default="")
EMAIL_HOST_PASSWORD = variable("ZHENGTONG_SMTP_PASSWORD", group="通知", help="发信密码", default="")
EMAIL_USE_TLS = flag("ZHENGTONG_SMTP_TLS", group="通知", help="发信使用 STARTTLS", default=False)
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = f"{ZHENGTONG_VAR}/mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = variable("ZHENGTONG_MAIL_FROM", group="通知", help="发件人地址", default="noreply@qinghe.example")

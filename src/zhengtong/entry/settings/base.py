"""The settings of every process; subjects have files of their own."""

from zhengtong.entry.runtime.database_address import on_this_machine
from zhengtong.entry.settings.applications import *
from zhengtong.entry.settings.database import APP_ROLE, DATABASES
from zhengtong.entry.settings.environment import flag, variable
from zhengtong.entry.settings.logging import LOGGING, ZHENGTONG_LOG
from zhengtong.entry.settings.security import *
from zhengtong.entry.settings.sites import *

ZHENGTONG_DB_APP_ROLE = APP_ROLE
ZHENGTONG_VAR = variable("ZHENGTONG_VAR", group="运行", help="状态目录：数据库、文件、密钥都在里面", default="var")
ZHENGTONG_DEMO = flag("ZHENGTONG_DEMO", group="运行", help="演示模式：装入演示县数据、允许开发测试证书", default=False)
ZHENGTONG_BACKUP_TO = variable(
    "ZHENGTONG_BACKUP_TO", group="备份", help="备份目录，最好在另一块磁盘；留空为状态目录下的 backups", default=""
)
ZHENGTONG_BACKUP_KEEP = int(
    variable("ZHENGTONG_BACKUP_KEEP", group="备份", help="保留最近几份备份；通过演练的最近一份总是保留", default="14")
)
ZHENGTONG_BACKUP_AT = variable(
    "ZHENGTONG_BACKUP_AT",
    group="备份",
    help="每天几点自动备份（时:分），每周接着演练一次恢复；off 为不自动备份；演示模式不自动备份",
    default="02:00",
)
variable(
    "ZHENGTONG_BACKUP_KEY",
    group="备份",
    help="备份密钥（64 位十六进制）；留空用状态目录 secrets/backup_key，第一次备份时生成",
    default="",
)
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
_GATEWAY = variable(
    "ZHENGTONG_SIMULATED_GATEWAY",
    group="运行",
    help="模拟支付渠道（不扣款，任何人都能“支付成功”）：1 提供，0 不提供，留空只在演示模式提供；生产环境不得打开",
    default="",
)
ZHENGTONG_SIMULATED_GATEWAY = _GATEWAY == "1" if _GATEWAY else ZHENGTONG_DEMO
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
ZHENGTONG_DEMO_CASES = int(
    variable(
        "ZHENGTONG_DEMO_CASES",
        group="运行",
        help="演示县首次启动时生成的办件数；0 不生成，也没有来件",
        default="200",
    )
)
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
FORM_RENDERER = "zhengtong.kernel.ui.form_renderer.FormRenderer"

EMAIL_HOST = variable("ZHENGTONG_SMTP_HOST", group="通知", help="发信服务器；留空则邮件写入状态目录 mail/", default="")
EMAIL_PORT = int(variable("ZHENGTONG_SMTP_PORT", group="通知", help="发信服务器端口", default="25"))
EMAIL_HOST_USER = variable("ZHENGTONG_SMTP_USER", group="通知", help="发信用户名", default="")
EMAIL_HOST_PASSWORD = variable("ZHENGTONG_SMTP_PASSWORD", group="通知", help="发信密码", default="")
EMAIL_USE_TLS = flag("ZHENGTONG_SMTP_TLS", group="通知", help="发信使用 STARTTLS", default=False)
EMAIL_USE_SSL = flag(
    "ZHENGTONG_SMTP_SSL", group="通知", help="发信一开始就使用 TLS（端口一般为 465），不与 STARTTLS 同用", default=False
)
if EMAIL_HOST_PASSWORD and not (EMAIL_USE_TLS or EMAIL_USE_SSL or on_this_machine(EMAIL_HOST)):
    raise SystemExit("发信密码不能明文传送：请设 ZHENGTONG_SMTP_TLS=1 或者 ZHENGTONG_SMTP_SSL=1。")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = f"{ZHENGTONG_VAR}/mail"
EMAIL_TIMEOUT = int(
    variable("ZHENGTONG_SMTP_TIMEOUT", group="通知", help="等待发信服务器应答的时间（秒）", default="20")
)
DEFAULT_FROM_EMAIL = variable("ZHENGTONG_MAIL_FROM", group="通知", help="发件人地址", default="noreply@qinghe.example")
ZHENGTONG_SMS_HOST = variable(
    "ZHENGTONG_SMS_HOST",
    group="通知",
    help="短信网关（CMPP）地址；留空不发短信，演示模式下用内置模拟网关，短信写入状态目录 sms/",
    default="",
)
ZHENGTONG_SMS_PORT = int(variable("ZHENGTONG_SMS_PORT", group="通知", help="短信网关端口", default="7890"))
ZHENGTONG_SMS_VERSION = variable(
    "ZHENGTONG_SMS_VERSION", group="通知", help="短信网关的 CMPP 版本：2.0 或 3.0", default="3.0"
)
ZHENGTONG_SMS_SOURCE = variable(
    "ZHENGTONG_SMS_SOURCE", group="通知", help="短信网关分配的企业代码（6 位，登录账号）", default=""
)
ZHENGTONG_SMS_SECRET = variable("ZHENGTONG_SMS_SECRET", group="通知", help="短信网关登录口令", default="")
ZHENGTONG_SMS_SENDER = variable("ZHENGTONG_SMS_SENDER", group="通知", help="短信接入号，即收信人看到的号码", default="")
ZHENGTONG_SMS_SERVICE = variable("ZHENGTONG_SMS_SERVICE", group="通知", help="短信业务代码", default="")
ZHENGTONG_SMS_SIGNATURE = variable(
    "ZHENGTONG_SMS_SIGNATURE",
    group="通知",
    help="短信签名，写在开头的【】里，须与运营商报备的一致；由网关加签名的留空",
    default="青禾县政务服务",
)
ZHENGTONG_SMS_WINDOW = int(
    variable("ZHENGTONG_SMS_WINDOW", group="通知", help="未收到应答时最多连续提交的短信条数（滑动窗口）", default="16")
)
ZHENGTONG_COURIER_NAME = variable(
    "ZHENGTONG_COURIER_NAME", group="送达", help="向本平台回报寄递进展的寄递企业名称", default="寄递企业"
)
ZHENGTONG_COURIER_SECRET = variable(
    "ZHENGTONG_COURIER_SECRET",
    group="送达",
    help="与寄递企业约定的签名密钥（至少 32 个字符）；留空不接收回报，送达进展照面单登记",
    default="",
)
ZHENGTONG_UPPER_URL = variable(
    "ZHENGTONG_UPPER_URL",
    group="上报",
    help="上级平台接收上报包的地址（https://）；留空不上报，演示模式下用内置模拟平台，收到的写入状态目录 upper/",
    default="",
)
ZHENGTONG_UPPER_CERTIFICATE = variable(
    "ZHENGTONG_UPPER_CERTIFICATE",
    group="上报",
    help="上级平台签名证书的文件（PEM，换证书时可以新旧两张都放）；设置地址以后必填",
    default="",
)
ZHENGTONG_UPPER_CA = variable(
    "ZHENGTONG_UPPER_CA", group="上报", help="上级平台 TLS 证书的根证书文件；留空用系统的根证书", default=""
)
ZHENGTONG_UPPER_TIMEOUT = float(
    variable("ZHENGTONG_UPPER_TIMEOUT", group="上报", help="等待上级平台应答的时间（秒）", default="20")
)
ZHENGTONG_UPPER_WAY = "http" if ZHENGTONG_UPPER_URL else "simulated" if ZHENGTONG_DEMO else ""
ZHENGTONG_SMS_GATEWAY = "cmpp" if ZHENGTONG_SMS_HOST else "simulated" if ZHENGTONG_DEMO else ""

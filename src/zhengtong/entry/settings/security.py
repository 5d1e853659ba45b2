"""Keys, cookies, headers and sign-in; secure by default."""

from zhengtong.entry.settings.environment import flag, listed, variable

SECRET_KEY = variable("ZHENGTONG_SECRET_KEY", group="密钥", help="会话签名密钥（随机 50 字符以上）", default=None)
ZHENGTONG_FIELD_KEY = variable(
    "ZHENGTONG_FIELD_KEY", group="密钥", help="个人信息字段加密主密钥（64 位十六进制）", default=None
)
ZHENGTONG_KEYSTORE_PASSPHRASE = variable(
    "ZHENGTONG_KEYSTORE_PASSPHRASE", group="密钥", help="签名密钥库口令", default=None
)

ALLOWED_HOSTS = listed(
    "ZHENGTONG_ALLOWED_HOSTS", group="安全", help="允许的主机名，逗号分隔", default="127.0.0.1,localhost,[::1]"
)
HTTPS = flag("ZHENGTONG_HTTPS", group="安全", help="站点经 HTTPS 访问（生产环境必须为 1）", default=False)

# with the prefix a browser takes these cookies over HTTPS from this very host only
_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_PREFIX}sessionid", f"{_PREFIX}csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS  # whoever comes by plain HTTP past the proxy is led to HTTPS before anything is read
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "zhengtong.entry.errors.csrf_failure"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# sign-in: identity's own account model, pages and second factor on top of django-allauth
AUTH_USER_MODEL = "identity.Account"
# user names are unique in a county, and our backend looks for accounts of this installation's county only
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["zhengtong.capabilities.identity.web.sign_in.AccountBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "zhengtong.capabilities.identity.web.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# an account is locked in the database; the address limits only slow down a machine that tries many names
ACCOUNT_RATE_LIMITS = {"login": None, "reauthenticate": None, "login_failed": "120/m/ip", "signup": "30/m/ip"}
ACCOUNT_FORMS = {
    "login": "zhengtong.capabilities.identity.web.forms.SignInForm",
    "reauthenticate": "zhengtong.capabilities.identity.web.forms.PasswordAgainForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
MFA_ADAPTER = "zhengtong.capabilities.identity.web.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "zhengtong.capabilities.identity.web.forms.CodeForm",
    "reauthenticate": "zhengtong.capabilities.identity.web.forms.CodeAgainForm",
    "activate_totp": "zhengtong.capabilities.identity.web.forms.EnrolForm",
    "add_webauthn": "zhengtong.capabilities.identity.web.forms.NewPasskeyForm",
    "authenticate_webauthn": "zhengtong.capabilities.identity.web.forms.PasskeyForm",
    "reauthenticate_webauthn": "zhengtong.capabilities.identity.web.forms.PasskeyAgainForm",
}
# browsers give passkeys to secure origins and to localhost only; allauth asks for https unless told otherwise
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# single sign-on for other applications (OpenID Connect); the signing key lies in the key store
IDP_OIDC_ADAPTER = "zhengtong.capabilities.identity.web.oidc_adapter.SingleSignOnAdapter"
IDP_OIDC_ID_TOKEN_EXPIRES_IN = 300
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 900
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]

# codes of single sign-on and counted attempts must be the same in every process, so they lie in the database
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "identity_cache",
        "TIMEOUT": 300,
        # beyond Django's 300 entries codes and counted attempts would be thrown away while they still count
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# a certificate the reverse proxy has checked (mutual TLS); empty: not offered
ZHENGTONG_CERTIFICATE_HEADER = variable(
    "ZHENGTONG_CERTIFICATE_HEADER",
    group="安全",
    help="反向代理传来客户端证书的请求头，如 X-Client-Certificate（nginx 的 $ssl_client_escaped_cert）；留空不启用",
    default="",
)
ZHENGTONG_TRUSTED_PROXIES = listed(
    "ZHENGTONG_TRUSTED_PROXIES",
    group="安全",
    help="可信反向代理的地址，逗号分隔；只接受来自这些地址的客户端证书请求头",
    default="127.0.0.1,::1",
)

ZHENGTONG_METRICS_TOKEN = variable(
    "ZHENGTONG_METRICS_TOKEN",
    group="监控",
    help="读取 /metrics 的口令，监控系统以 Authorization: Bearer 送来；设置以后不再看来源地址",
    default="",
)
ZHENGTONG_METRICS_FROM = listed(
    "ZHENGTONG_METRICS_FROM",
    group="监控",
    help="没有口令时允许直接读取 /metrics 的地址，逗号分隔；经反向代理来的一律拒绝；两项都留空则不开放",
    default="",
)
ZHENGTONG_TLS_CERTIFICATE = variable(
    "ZHENGTONG_TLS_CERTIFICATE",
    group="监控",
    help="反向代理所用 TLS 证书的文件（PEM，本机可读）；填写以后运行状况页在到期前 30 日提醒",
    default="",
)
ZHENGTONG_CLAMD = variable(
    "ZHENGTONG_CLAMD",
    group="安全",
    help="病毒检查服务 clamd：套接字路径或 主机:端口；设置后上传的文件先经检查，服务不应答时不收文件；留空不检查",
    default="",
)

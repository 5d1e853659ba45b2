"""Keys, cookies, headers and sign-in; secure by default."""

from zhengtong.entry.settings.environment import flag, variable

SECRET_KEY = variable("ZHENGTONG_SECRET_KEY", group="密钥", help="会话签名密钥（随机 50 字符以上）", default=None)
ZHENGTONG_FIELD_KEY = variable(
    "ZHENGTONG_FIELD_KEY", group="密钥", help="个人信息字段加密主密钥（64 位十六进制）", default=None
)
ZHENGTONG_KEYSTORE_PASSPHRASE = variable(
    "ZHENGTONG_KEYSTORE_PASSPHRASE", group="密钥", help="签名密钥库口令", default=None
)

ALLOWED_HOSTS = variable(
    "ZHENGTONG_ALLOWED_HOSTS", group="安全", help="允许的主机名，逗号分隔", default="127.0.0.1,localhost,[::1]"
).split(",")
HTTPS = flag("ZHENGTONG_HTTPS", group="安全", help="站点经 HTTPS 访问（生产环境必须为 1）", default=False)

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "zhengtong.entry.errors.csrf_failure"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# sign-in: identity's own account model, pages and second factor on top of django-allauth
AUTH_USER_MODEL = "identity.Account"
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
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "zhengtong.capabilities.identity.web.forms.CodeForm",
    "reauthenticate": "zhengtong.capabilities.identity.web.forms.CodeAgainForm",
    "activate_totp": "zhengtong.capabilities.identity.web.forms.EnrolForm",
}

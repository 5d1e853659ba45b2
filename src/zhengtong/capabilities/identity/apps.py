"""身份认证与授权 as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class IdentityConfig(SystemConfig):
    """People, organisations, posts, accounts and sign-in."""

    name = "zhengtong.capabilities.identity"
    label = "identity"
    verbose_name = "统一身份认证系统"
    aliases = ("身份认证与授权", "电子身份认证", "授权管理", "用户管理", "单点登录")
    plan_refs = ("Q-26", "P-14", "J-52")
    home_url = "/accounts/"

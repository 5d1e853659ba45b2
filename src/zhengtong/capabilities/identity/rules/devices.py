"""What a browser calls itself, in words a person knows."""

from collections.abc import Sequence

_SYSTEMS = (
    ("HarmonyOS", "鸿蒙设备"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Android", "安卓设备"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("UOS", "统信电脑"),
    ("Kylin", "麒麟电脑"),
    ("Linux", "Linux 电脑"),
)
# the order matters: most browsers also call themselves Chrome or Safari
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("AlipayClient", "支付宝"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("360", "360 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_name(user_agent: str) -> str:
    """``Windows 电脑，Edge``; 未知设备 when the browser says nothing known."""
    found = [_first(_SYSTEMS, user_agent), _first(_BROWSERS, user_agent)]
    return "，".join(filter(None, found)) or "未知设备"


def _first(table: Sequence[tuple[str, str]], text: str) -> str:
    return next((name for sign, name in table if sign in text), "")

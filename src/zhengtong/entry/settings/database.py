"""Connection to PostgreSQL: the application role for web and worker, the owner role for migrations only."""

import urllib.parse
from typing import Any

from zhengtong.entry.runtime.database_address import checked_address
from zhengtong.entry.settings.environment import variable

DATABASE_URL = variable(
    "DATABASE_URL",
    group="数据库",
    help="应用角色的连接地址，如 postgresql://zt_app@/zhengtong?host=/run/postgresql",
    default=None,
)
DATABASE_OWNER_URL = (
    variable(
        "DATABASE_OWNER_URL",
        group="数据库",
        help="属主角色的连接地址，只在升级表结构时使用；留空则同 DATABASE_URL",
        default="",
    )
    or DATABASE_URL
)
DATABASE_ROLE = variable(
    "ZHENGTONG_DB_ROLE", group="数据库", help="本进程使用的角色：app 或 owner（仅迁移）", default="app"
)


def parse(url: str) -> dict[str, Any]:
    """Django's connection settings of a ``postgresql://user:password@host:port/name?host=/socket`` address."""
    parts = urllib.parse.urlsplit(checked_address(url))
    query = dict(urllib.parse.parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": urllib.parse.unquote(parts.path.lstrip("/")),
        "USER": urllib.parse.unquote(parts.username or ""),
        "PASSWORD": urllib.parse.unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(query.pop("port", None) or parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"prepare_threshold": 5, "server_side_binding": True, **query},
    }


DATABASES = {"default": parse(DATABASE_OWNER_URL if DATABASE_ROLE == "owner" else DATABASE_URL)}
APP_ROLE = urllib.parse.urlsplit(DATABASE_URL).username or ""

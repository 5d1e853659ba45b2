"""``zhengtong nginx``: the configuration with which nginx sends published pages itself and passes on the rest."""

import argparse
import sys
from pathlib import Path

HELP = "打印 nginx 配置：已发布的网页和静态文件由 nginx 直接发送，其余转给平台"
DESCRIPTION = "按当前设置生成，存为 /etc/nginx/conf.d/zhengtong.conf；设置改变以后重新生成。"
NEEDS_DJANGO = True

_PAGES = """\
# by `zhengtong nginx`; make it anew when settings change
map $http_cookie $zt_variant { default standard; "~(^|; )%(cookie)s=1(;|$)" large; }
map $request_method:$args $zt_county { default none; "GET:" %(tenant)s; }

server {
    %(listen)s
    server_name %(names)s;
    server_tokens off;
    client_max_body_size 260m;

    location ~ ^/gov/([a-z0-9_-]+)/((?:[A-Za-z0-9_-]+/)*)$ {
        root %(pages)s;
        default_type text/html;
        charset utf-8;
        gzip_static on;
        etag on;
%(page_headers)s
        try_files /$zt_county/$1/now/$zt_variant/$2index.html @platform;
    }

    location ~ ^/gov/([a-z0-9_-]+)/((?:[A-Za-z0-9_-]+/)*)((?:rss|atom|sitemap(?:-[0-9]+)?)[.]xml)$ {
        root %(pages)s;
        types { }
        default_type "application/xml; charset=utf-8";
        gzip_static on;
        etag on;
%(page_headers)s
        try_files /$zt_county/$1/now/standard/$2$3 @platform;
    }
%(static)s
    location / { try_files /none @platform; }

    location @platform {
        proxy_pass http://%(upstream)s;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Request-ID $request_id;
        proxy_hide_header Server;
    }
}
"""
_STATIC = """
    location /static/ {
        alias %(root)s/;
        gzip_static on;
        add_header Cache-Control "public, max-age=3600" always;
        add_header X-Content-Type-Options nosniff always;
        add_header Content-Security-Policy "default-src 'none'; frame-ancestors 'none'" always;
    }
"""
_TLS = """\
listen 443 ssl http2;
    ssl_certificate     %(certificate)s;
    ssl_certificate_key %(key)s;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers on;
    ssl_session_tickets off;"""
_PLAIN_TO_TLS = """\
server { listen 80; server_name %(names)s; return 301 https://$host$request_uri; }
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--upstream", metavar="地址", default="127.0.0.1:8000", help="平台网站服务的地址")
    parser.add_argument("--listen", metavar="地址", default="80", help="不用 HTTPS 时监听的地址或端口")
    parser.add_argument("--certificate", metavar="文件", default="/etc/ssl/zhengtong.pem", help="证书")
    parser.add_argument("--key", metavar="文件", default="/etc/ssl/zhengtong.key", help="证书的私钥，权限 0600")


def handle(args: argparse.Namespace) -> int:
    """0; the configuration goes to the standard output."""
    sys.stdout.write(configuration(args.upstream, args.listen, args.certificate, args.key))
    return 0


def configuration(upstream: str, listen: str = "80", certificate: str = "", key: str = "") -> str:
    """The text for nginx 1.22 or later, by the settings of this installation."""
    from django.conf import settings

    from zhengtong.kernel.cookies import host_cookie
    from zhengtong.kernel.ui.views import LARGE_PRINT_COOKIE
    from zhengtong.systems.sites import api as sites

    hosts = [host.replace("*", "_").removeprefix(".") for host in settings.ALLOWED_HOSTS]
    names = " ".join(hosts) or "_"
    secure = settings.SECURE_SSL_REDIRECT
    text = _PAGES % {
        "cookie": host_cookie(LARGE_PRINT_COOKIE),
        "listen": _TLS % {"certificate": certificate, "key": key} if secure else f"listen {listen};",
        "names": names,
        "pages": sites.shelf_folder().resolve(),
        "tenant": settings.ZHENGTONG_TENANT,
        "page_headers": "\n".join(f'        add_header {name} "{text}" always;' for name, text in page_headers()),
        "static": _STATIC % {"root": Path(settings.STATIC_ROOT).resolve()} if settings.STATIC_ROOT else "",
        "upstream": upstream,
    }
    return text + (_PLAIN_TO_TLS % {"names": names} if secure else "")


def page_headers() -> list[tuple[str, str]]:
    """What the platform itself sends with a published page."""
    from django.conf import settings

    from zhengtong.kernel.refusals import DEVICES, content_policy

    headers = [
        ("Cache-Control", "no-cache"),
        ("Vary", "Cookie"),
        ("Content-Security-Policy", content_policy()),
        ("Permissions-Policy", DEVICES),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
    ]
    if settings.SECURE_HSTS_SECONDS:
        headers.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"))
    return headers

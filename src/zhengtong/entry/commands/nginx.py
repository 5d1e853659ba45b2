"""``zhengtong nginx``: the configuration with which nginx sends published pages itself and passes on the rest."""

import argparse
import sys
from pathlib import Path

HELP = "打印 nginx 配置：已发布的网页和静态文件由 nginx 直接发送，其余转给平台"
DESCRIPTION = "按当前设置和各网站的域名生成，存为 /etc/nginx/conf.d/zhengtong.conf；设置或域名改变以后重新生成。"
NEEDS_DJANGO = True

_MAPS = """\
# by `zhengtong nginx`; make it anew when settings or hosts of sites change
map $http_cookie $zt_variant { default standard; "~(^|; )%(cookie)s=1(;|$)" large; }
map $request_method:$args $zt_county { default none; "GET:" %(tenant)s; }
"""
_SERVER = """
server {
    %(listen)s
    server_name %(names)s;
    server_tokens off;
    client_max_body_size 260m;

    location ~ ^%(prefix)s((?:[A-Za-z0-9_-]+/)*)$ {
        root %(pages)s;
        default_type text/html;
        charset utf-8;
        gzip_static on;
        etag on;
%(page_headers)s
        try_files /$zt_county/%(now)s/$zt_variant/%(rest)sindex.html @platform;
    }

    location ~ ^%(prefix)s((?:[A-Za-z0-9_-]+/)*)((?:rss|atom|sitemap(?:-[0-9]+)?)[.]xml)$ {
        root %(pages)s;
        types { }
        default_type "application/xml; charset=utf-8";
        gzip_static on;
        etag on;
%(page_headers)s
        try_files /$zt_county/%(now)s/standard/%(rest)s%(file)s @platform;
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
    parser.add_argument(
        "--host-certificates",
        metavar="目录",
        default="/etc/ssl/zhengtong",
        help="各网站域名的证书：域名.pem 和 域名.key；没有的域名用 --certificate 的证书",
    )


def handle(args: argparse.Namespace) -> int:
    """0; the configuration goes to the standard output."""
    sys.stdout.write(configuration(args.upstream, args.listen, args.certificate, args.key, args.host_certificates))
    return 0


def configuration(
    upstream: str, listen: str = "80", certificate: str = "", key: str = "", host_certificates: str = ""
) -> str:
    """The text for nginx 1.22 or later, by the settings of this installation and the hosts of its sites."""
    from django.conf import settings

    from zhengtong.systems.sites import api as sites

    led = sites.hosts(settings.ZHENGTONG_TENANT)
    theirs = {one.host for one in led}
    hosts = [host.replace("*", "_").removeprefix(".") for host in settings.ALLOWED_HOSTS if host not in theirs]
    names = " ".join(hosts) or "_"
    secure = settings.SECURE_SSL_REDIRECT
    found = [_MAPS % {"cookie": _large_print_cookie(), "tenant": settings.ZHENGTONG_TENANT}]
    plain = f"listen {listen};"
    where = {"prefix": "/gov/([a-z0-9_-]+)/", "now": "$1/now", "rest": "$2", "file": "$3"}
    listening = _TLS % {"certificate": certificate, "key": key} if secure else plain
    found.append(_server(listening, names, page_headers(), upstream, where))
    for one in led:
        # what only leads on stands on no shelf
        code = one.code if one.own else "-"
        where = {"prefix": "/", "now": f"{code}/now/at/{one.host}", "rest": "$1", "file": "$2"}
        own = Path(host_certificates) / f"{one.host}.pem"
        pair = (str(own), str(own.with_suffix(".key"))) if host_certificates and own.exists() else (certificate, key)
        listening = _TLS % {"certificate": pair[0], "key": pair[1]} if secure else plain
        found.append(_server(listening, one.host, page_headers(forms=sites.main_address()), upstream, where))
    if secure:
        found.append(_PLAIN_TO_TLS % {"names": " ".join([*hosts, *sorted(theirs)]) or "_"})
    return "".join(found)


def page_headers(*, forms: str = "") -> list[tuple[str, str]]:
    """What the platform itself sends with a published page; ``forms`` is where its forms go besides its own host."""
    from django.conf import settings

    from zhengtong.kernel.refusals import DEVICES, content_policy

    headers = [
        ("Cache-Control", "no-cache"),
        ("Vary", "Cookie"),
        ("Content-Security-Policy", content_policy(forms=forms)),
        ("Permissions-Policy", DEVICES),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
    ]
    if settings.SECURE_HSTS_SECONDS:
        headers.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"))
    return headers


def _server(listen: str, names: str, headers: list[tuple[str, str]], upstream: str, where: dict[str, str]) -> str:
    from django.conf import settings

    from zhengtong.systems.sites import api as sites

    return _SERVER % {
        **where,
        "listen": listen,
        "names": names,
        "pages": sites.shelf_folder().resolve(),
        "page_headers": "\n".join(f'        add_header {name} "{text}" always;' for name, text in headers),
        "static": _STATIC % {"root": Path(settings.STATIC_ROOT).resolve()} if settings.STATIC_ROOT else "",
        "upstream": upstream,
    }


def _large_print_cookie() -> str:
    from zhengtong.kernel.cookies import host_cookie
    from zhengtong.kernel.ui.views import LARGE_PRINT_COOKIE

    return host_cookie(LARGE_PRINT_COOKIE)

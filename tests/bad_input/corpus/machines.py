"""What programs post: JSON of wrong shapes, wrong signatures, half characters; the open interface, single sign-on."""

from tests.bad_input.corpus.case import Case

_HALF = '{"address": "\\ud800甲"}'
_SAID = "浏览器发来的内容无法识别，没有自动保存；填写的内容仍在页面上"
_AUTOSAVE = {
    "not-json": (b"{", _SAID),
    "list": (b"[]", _SAID),
    "text": (b'"x"', _SAID),
    "number": (b"1e309", _SAID),
    "nan": (b'{"address": NaN}', _SAID),
    "list-for-text": (b'{"address": ["a"]}', _SAID),
    "object-for-text": (b'{"address": {"a": "b"}}', _SAID),
    "nothing-for-text": (b'{"address": null}', _SAID),
    "deep": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, _SAID),
    "broken-utf-8": (b'{"address": "\xff\xfe"}', _SAID),
    "utf-16": ('{"address": 1}'.encode("utf-16"), _SAID),
    "300-kb": (b'{"address": "' + b"x" * 300_000 + b'"}', _SAID),
}
_KEPT = {
    "duplicate-keys": b'{"address": "one", "address": "two"}',
    "half-a-character": _HALF.encode(),
    "nul": b'{"address": "a\\u0000b"}',
    "field-that-is-not": b'{"nothing": "x", "__proto__": "y"}',
    "empty": b"{}",
    "rare-characters": '{"address": "𠮷𪚥👨‍👩‍👧"}'.encode(),
}
_SIGNED = ("courier", "gateway", "evaluator", "cosignature")
_BODIES = {
    "empty": b"",
    "not-json": b"{",
    "list": b"[]",
    "deep": b"[" * 5_000,
    "broken-utf-8": b"\xff\xfe\xfd",
    "half-a-character": b'{"a": "\\ud800"}',
    "20-kb": b"x" * 20_000,
}
_SSO = {
    "token-nothing": ("POST", "/sso/token", b"", 400),
    "token-wrong-client": (
        "POST",
        "/sso/token",
        b"grant_type=authorization_code&client_id=a&client_secret=b&code=c",
        401,
    ),
    "token-nul": ("POST", "/sso/token", b"grant_type=authorization_code&client_id=a%00&code=c%00", 0),
    "token-json": ("POST", "/sso/token", b'{"grant_type": 1}', 400),
    "token-huge": ("POST", "/sso/token", b"grant_type=refresh_token&refresh_token=" + b"9" * 100_000, 0),
    "userinfo-no-token": ("GET", "/sso/userinfo", b"", 401),
    "revoke-nothing": ("POST", "/sso/revoke", b"", 0),
    "revoke-nul": ("POST", "/sso/revoke", b"token=%00&client_id=%00", 0),
    "authorize-unknown-client": (
        "GET",
        "/sso/authorize?client_id=nobody&response_type=code&redirect_uri=http://evil.example/",
        b"",
        0,
    ),
    "authorize-nul": ("GET", "/sso/authorize?client_id=%00&redirect_uri=%00", b"", 0),
    "logout-elsewhere": ("GET", "/sso/logout?post_logout_redirect_uri=http://evil.example/&id_token_hint=x", b"", 0),
    "ocsp-nonsense": ("POST", "/trust/ocsp/", b"\x30\x82\xff\xff", 0),
    "discovery-by-post": ("POST", "/.well-known/openid-configuration", b"x", 405),
}
_OPEN = {
    "page-negative": "/api/items?page=-1",
    "page-words": "/api/items?page=zehn",
    "page-huge": "/api/items?page=" + "9" * 40,
    "size-zero": "/api/items?size=0",
    "type-too-long": "/api/items?power_type=" + "x" * 400,
    "department-nul": "/api/items?department=%00",
}

MACHINES = (
    *(Case(f"autosave-{name}", "autosave", {"body": body}, said) for name, (body, said) in _AUTOSAVE.items()),
    *(
        Case(f"autosave-{name}", "autosave", {"body": body}, "saved_at", status=200, taken=True)
        for name, body in _KEPT.items()
    ),
    *(Case(f"{door}-{name}", door, {"body": body}, "", status=0) for door in _SIGNED for name, body in _BODIES.items()),
    *(
        Case(f"sso-{name}", "raw", {"method": method, "path": path, "body": body}, "", status=status)
        for name, (method, path, body, status) in _SSO.items()
    ),
    *(
        Case(f"open-{name}", "raw", {"method": "GET", "path": path}, "参数不对", status=422)
        for name, path in _OPEN.items()
    ),
    Case("open-unknown-item", "raw", {"method": "GET", "path": "/api/items/none"}, "没有", status=404),
    Case(
        "courier-signed-by-another",
        "courier",
        {"body": b"{}", "secret": "another secret of thirty-two signs"},
        "refused",
        status=400,
    ),
    Case("courier-signed-but-a-list", "courier", {"body": b"[]", "secret": ""}, "refused", status=400),
    Case(
        "courier-signed-half-a-character",
        "courier",
        {"body": b'{"number": "\\ud800", "step": "\\u0000"}', "secret": ""},
        "",
        status=0,
    ),
    Case(
        "courier-signed-wrong-types",
        "courier",
        {"body": b'{"number": ["a"], "step": {"b": 1}, "at": 5}', "secret": ""},
        "refused",
        status=400,
    ),
)

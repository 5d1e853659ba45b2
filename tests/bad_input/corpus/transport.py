"""Requests no browser sends: methods, lengths, types, signs in addresses, questions, cookies and headers."""

from tests.bad_input.corpus.case import Case

_UNREADABLE = "浏览器发来的内容无法识别，这一次没有办理。请返回上一页再试一次"
_BOUNDARY = "multipart/form-data; boundary=b"
_PART = b'--b\r\nContent-Disposition: form-data; name="n%d"\r\n\r\nx\r\n'
_FILE = b'--b\r\nContent-Disposition: form-data; name="f%d"; filename="a.pdf"\r\n\r\nx\r\n'
_FORM = "application/x-www-form-urlencoded"
_LOGIN = "/accounts/login/"
#: what counts how often something is searched for
_COUNTED = ("search_searchedword", "search_searchmark")


def _posted(body: bytes, kind: str = _FORM, **more: object) -> dict[str, object]:
    return {"method": "POST", "path": _LOGIN, "body": body, "type": kind, **more}


TRANSPORT = (
    Case(
        "post-10000-parts",
        "raw",
        _posted(b"".join(_PART % n for n in range(10_000)) + b"--b--\r\n", _BOUNDARY),
        _UNREADABLE,
        400,
    ),
    Case(
        "post-500-files",
        "raw",
        _posted(b"".join(_FILE % n for n in range(500)) + b"--b--\r\n", _BOUNDARY),
        _UNREADABLE,
        400,
    ),
    Case("post-10000-fields", "raw", _posted(b"&".join(b"a%d=1" % n for n in range(10_000))), _UNREADABLE, 400),
    Case("post-6-mb-of-text", "raw", _posted(b"a=" + b"x" * 6_000_000), _UNREADABLE, 400),
    Case("post-without-boundary", "raw", _posted(b"x", "multipart/form-data"), _UNREADABLE, 400),
    Case("post-boundary-of-signs", "raw", _posted(b"x", "multipart/form-data; boundary=\xff"), _UNREADABLE, 400),
    Case("post-cut-off", "raw", _posted(_PART % 1 + b"--b\r\nContent-Disp", _BOUNDARY), "", 0),
    Case(
        "post-base64-part",
        "raw",
        _posted(
            b'--b\r\nContent-Disposition: form-data; name="login"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--b--\r\n",
            _BOUNDARY,
        ),
        "",
        0,
    ),
    Case(
        "post-charset-utf-16", "raw", _posted("login=a".encode("utf-16"), f"{_FORM}; charset=utf-16"), _UNREADABLE, 400
    ),
    Case("post-charset-hex", "raw", _posted(b"login=a", f"{_FORM}; charset=hex"), "请", 0),
    Case("post-charset-unknown", "raw", _posted(b"login=a", f"{_FORM}; charset=klingon"), "请", 0),
    Case("post-parts-charset-hex", "raw", _posted(_PART % 1 + b"--b--\r\n", f"{_BOUNDARY}; charset=hex"), "", 0),
    Case("post-broken-utf-8", "raw", _posted(b"login=%ff%fe&password=%c3%28"), "请", 0),
    Case("post-as-json", "raw", _posted(b'{"login": "a"}', "application/json"), "", 0),
    Case("post-as-text", "raw", _posted(b"login=a", "text/plain"), "", 0),
    Case("post-same-field-twice", "raw", _posted(b"login=a&login=b&password=x"), "请", 0),
    Case("post-length-is-no-number", "raw", _posted(b"a=1", length="ten"), "内容太大", 413),
    Case("post-length-negative", "raw", _posted(b"a=1", length="-1"), "内容太大", 413),
    Case(
        "post-2-gb-announced",
        "raw",
        _posted(b"", _BOUNDARY, length=str(2 << 30)),
        "内容太大，没有接收，也没有保存",
        413,
    ),
    Case(
        "post-2-gb-announced-to-material",
        "material-length",
        {"length": str(2 << 30)},
        "请压缩或者分几次上传，已经保存的内容都还在",
        413,
    ),
    Case(
        "post-2-gb-announced-to-complaint",
        "raw",
        {"method": "POST", "path": "/complaints/new/", "type": _BOUNDARY, "length": str(2 << 30)},
        "内容太大",
        413,
    ),
    Case(
        "question-charset-hex",
        "server",
        {"method": "GET", "path": "/search/?q=a", "type": "text/html; charset=hex"},
        "",
        0,
    ),
    Case("question-broken-utf-8", "raw", {"method": "GET", "path": "/search/?q=%ff%fe%c3%28"}, "", 200),
    Case("question-nul", "raw", {"method": "GET", "path": "/search/?q=a%00b"}, "", 200, leaves=_COUNTED),
    Case(
        "question-2000-parameters",
        "raw",
        {"method": "GET", "path": "/search/?" + "&".join(f"a{n}=1" for n in range(2000))},
        _UNREADABLE,
        400,
    ),
    Case("question-60-kb", "raw", {"method": "GET", "path": "/search/?q=" + "x" * 60_000}, "", 0),
    Case("question-page-minus-1", "raw", {"method": "GET", "path": "/search/?q=a&page=-1"}, "", 200),
    Case("question-page-huge", "raw", {"method": "GET", "path": "/items/powers/?page=" + "9" * 40}, "", 200),
    Case("question-sort-drop", "raw", {"method": "GET", "path": "/items/?sort=name;drop table x&order=;drop"}, "", 200),
    Case("address-nul", "raw", {"method": "GET", "path": "/items/%00/"}, "没有找到", 404),
    Case("address-broken-utf-8", "raw", {"method": "GET", "path": "/items/%ff%fe/"}, "没有", 404),
    Case("address-dots", "raw", {"method": "GET", "path": "/items/..%2f..%2fetc%2fpasswd/"}, "没有找到", 404),
    Case("address-3000-characters", "raw", {"method": "GET", "path": "/" + "x" * 3000}, "没有找到这个页面", 404),
    Case(
        "address-key-is-no-key", "raw", {"method": "GET", "path": "/services/applications/1/"}, "没有找到这个页面", 404
    ),
    Case("address-another-protocol", "raw", {"method": "GET", "path": "//evil.example/%2e%2e"}, "", 404),
    Case(
        "cookie-broken",
        "raw",
        {"method": "GET", "path": "/", "headers": {"HTTP_COOKIE": "sessionid=\xff\xfe; csrftoken=\x01; ;;=;"}},
        "",
        200,
    ),
    Case(
        "cookie-session-forged",
        "raw",
        {"method": "GET", "path": "/services/", "headers": {"HTTP_COOKIE": "sessionid=" + "x" * 5000}},
        "",
        0,
    ),
    Case(
        "cookie-session-nul",
        "raw",
        {"method": "GET", "path": "/services/", "headers": {"HTTP_COOKIE": "sessionid=a\0b"}},
        "",
        0,
    ),
    Case(
        "cookie-messages-forged",
        "raw",
        {"method": "GET", "path": "/", "headers": {"HTTP_COOKIE": "messages=W1tdXQ:forged"}},
        "",
        200,
    ),
    Case(
        "header-host-foreign",
        "raw",
        {"method": "GET", "path": "/", "headers": {"HTTP_HOST": "evil.example"}, "strict": True},
        _UNREADABLE,
        400,
    ),
    Case(
        "header-host-broken",
        "raw",
        {"method": "GET", "path": "/", "headers": {"HTTP_HOST": "a b\x01"}, "strict": True},
        _UNREADABLE,
        400,
    ),
    Case(
        "header-accept-broken",
        "raw",
        {"method": "GET", "path": "/services/desk/batch/", "headers": {"HTTP_ACCEPT": ";;q=x,\xff"}},
        "",
        0,
    ),
    Case(
        "header-referer-broken",
        "raw",
        {"method": "GET", "path": "/accounts/logout/", "headers": {"HTTP_REFERER": "http://[bad"}},
        "",
        405,
    ),
    Case(
        "header-forwarded",
        "raw",
        {"method": "GET", "path": "/", "headers": {"HTTP_X_FORWARDED_FOR": "x, ', \xff"}},
        "",
        200,
    ),
    Case(
        "header-since-broken",
        "raw",
        {"method": "GET", "path": "/", "headers": {"HTTP_IF_MODIFIED_SINCE": "yesterday", "HTTP_RANGE": "bytes=9-1"}},
        "",
        200,
    ),
    Case(
        "header-language-broken",
        "raw",
        {"method": "GET", "path": "/", "headers": {"HTTP_ACCEPT_LANGUAGE": "x" * 9000}},
        "",
        200,
    ),
    Case(
        "next-elsewhere",
        "raw",
        {"method": "GET", "path": "/accounts/login/?next=https://evil.example/%00"},
        "登录",
        200,
        never=("evil.example/\0",),
    ),
    Case(
        "method-get-of-a-form",
        "raw",
        {"method": "GET", "path": "/accounts/logout/"},
        "这个页面不能直接打开或者刷新",
        405,
    ),
    Case("csrf-missing", "csrf", {"token": ""}, "页面打开的时间太长，为了安全没有提交", 403),
    Case("csrf-forged", "csrf", {"token": "x" * 64}, "页面打开的时间太长，为了安全没有提交", 403),
    Case(
        "csrf-from-elsewhere",
        "csrf",
        {"token": "own", "origin": "https://evil.example"},
        "为了安全没有提交",
        403,
        never=("写了很久的文字",),
    ),
    Case(
        "csrf-old-page-of-ours",
        "csrf",
        {"token": "x" * 64, "origin": "http://testserver"},
        "填写的内容都在这个页面上",
        403,
        keeps=("写了很久的文字",),
    ),
)

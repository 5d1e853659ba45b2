"""What the source may not do: run text, put statements or markup together, trust a file, call where a user says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.fitness.tree import SOURCE, files, named, product_modules, project, syntax

#: our own engines draw and escape what is marked safe here
MARKED_SAFE = {
    "src/zhengtong/capabilities/cases/web/words.py",
    "src/zhengtong/capabilities/catalogue/web/authoring_route.py",
    "src/zhengtong/capabilities/catalogue/web/guide.py",
    "src/zhengtong/capabilities/catalogue/web/reports.py",
    "src/zhengtong/capabilities/payments/web/payer.py",
    "src/zhengtong/entry/portal/views.py",
    "src/zhengtong/kernel/ui/qr.py",
    "src/zhengtong/systems/service_hall/web/desk_case.py",
    "src/zhengtong/systems/service_hall/web/own.py",
    "src/zhengtong/systems/sites/models/files.py",
    "src/zhengtong/systems/sites/templatetags/site_reach.py",
    "src/zhengtong/systems/sites/web/migrating.py",
    "src/zhengtong/systems/supervision/web/path_words.py",
}
#: blocks other apps rendered from templates of theirs (kernel.pages)
SAFE_IN_TEMPLATES = {"block", "act"}
#: statements joined of parts, none of which anybody typed
JOINED_STATEMENTS = {
    "src/zhengtong/capabilities/cases/selectors/monitor.py": "the statement of a query set, and a constant",
    "src/zhengtong/entry/runtime/preparation.py": "the name of a table, a constant",
    "src/zhengtong/kernel/many.py": "names of tables and columns, from the models",
    "src/zhengtong/kernel/storage.py": "one of two constants",
    "src/zhengtong/kernel/outbox_rows.py": "one of two constants",
    "src/zhengtong/kernel/series.py": "the name of a table, from the model",
    "src/zhengtong/kernel/transactions.py": "one of two constants",
    "src/zhengtong/systems/sites/services/editions.py": "one of two constants",
    "src/zhengtong/systems/supervision/selectors/log.py": "constants",
}
_UNSAFE_READERS = {"pickle", "cPickle", "dill", "shelve", "marshal", "yaml", "jsonpickle"}


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """(dotted name of what is called, the call)."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def _everywhere() -> Iterator[tuple[Path, str, ast.Call]]:
    for path in product_modules():
        for name, call in _calls(path):
            yield path, name, call


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _texts(*suffixes: str) -> dict[str, str]:
    """Our own files of a kind, without those of vendors."""
    return {named(path): path.read_text(encoding="utf-8") for path in files(*suffixes) if SOURCE in path.parents}


def _typed(node: ast.AST) -> bool:
    """True for a text put together from others: f-string with parts, ``+``, ``%`` or ``format``."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, (ast.Add, ast.Mod))
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".format")


def test_nothing_is_run_that_was_text() -> None:
    assert [(named(p), name) for p, name, _call in _everywhere() if name in {"eval", "exec", "__import__"}] == []


def test_no_shell_is_asked() -> None:
    found = [
        (named(path), name)
        for path, name, call in _everywhere()
        if name in {"os.system", "os.popen", "subprocess.getoutput", "pty.spawn"}
        or any(word.arg == "shell" for word in call.keywords)
    ]

    assert found == []


def test_statements_are_fixed_texts() -> None:
    """Values are parameters everywhere; the few statements joined of parts are listed with what the parts are."""
    joined = set()
    for path, name, call in _everywhere():
        if not name.endswith((".execute", ".executemany")) or not call.args or not _typed(call.args[0]):
            continue
        if "sql.SQL(" not in ast.unparse(call.args[0]):  # the driver quotes names
            joined.add(named(path))

    assert joined == set(JOINED_STATEMENTS)
    assert {
        named(p) for p, name, call in _everywhere() if name.endswith(("RawSQL", ".extra")) and _typed(call.args[0])
    } == (set())


def test_what_is_marked_safe_is_listed() -> None:
    marked = set()
    for path, name, call in _everywhere():
        if name in {"mark_safe", "SafeString", "format_html", "format_html_join"} and call.args:
            constant = isinstance(call.args[0], ast.Constant)
            if not constant and not (name == "format_html_join" and "SafeString" in ast.unparse(call.args[0])):
                marked.add(named(path))

    assert marked == MARKED_SAFE
    said = {
        (name, variable)
        for name, text in _texts(".html").items()
        for variable in re.findall(r"\{\{\s*(\w[\w.]*)\s*\|\s*safe", text)
    }
    assert {variable for _name, variable in said} == SAFE_IN_TEMPLATES


def test_no_template_turns_escaping_off() -> None:
    assert [name for name, text in _texts(".html").items() if re.search(r"autoescape\s+off|\|safeseq", text)] == []


def test_no_template_is_made_of_text() -> None:
    made = [
        (named(path), name)
        for path, name, _call in _everywhere()
        if name in {"Template", "engines.from_string", "from_string"}
        or name.endswith((".from_string", "string.Template"))
    ]

    assert made == []


def test_formats_are_fixed_texts() -> None:
    """``.format`` on a text that a person may have written could read attributes of objects."""
    found = [
        (named(path), ast.unparse(call.func))
        for path, name, call in _everywhere()
        if name.endswith(".format_map")
        or (
            (isinstance(call.func, ast.Attribute) and call.func.attr == "format" and call.keywords)
            and not isinstance(call.func.value, ast.Constant)
            and not re.fullmatch(r"_?[A-Z_]+(\[\w+\])?", ast.unparse(call.func.value))
            and "/entry/demo/" not in named(path)
        )
    ]

    assert found == []


def test_patterns_from_text_are_escaped() -> None:
    found = []
    for path, name, call in _everywhere():
        if name in {f"re.{act}" for act in ("compile", "match", "search", "fullmatch", "sub", "split", "findall")}:
            pattern = call.args[0]
            if _typed(pattern) and "re.escape" not in ast.unparse(pattern):
                parts = {node.id for node in ast.walk(pattern) if isinstance(node, ast.Name)}
                if any(not re.fullmatch(r"_?[A-Z][A-Z_0-9]*", part) for part in parts):
                    found.append((named(path), ast.unparse(pattern)))

    assert found == [
        ("src/zhengtong/capabilities/catalogue/engine/values.py", "f'(?:行政)?(?:{words})'"),  # words of the standard
        (
            "src/zhengtong/capabilities/catalogue/web/authoring_rows.py",
            "f'{kind.attribute}-([0-9]{{1,4}})-'",
        ),  # a field
    ]


def test_no_path_into_xml_is_put_together() -> None:
    found = [
        (named(path), ast.unparse(call))
        for path, name, call in _everywhere()
        if name.endswith(".xpath") and call.args and _typed(call.args[0])
    ]

    assert found == []


def test_xml_is_read_without_entities() -> None:
    readers = {}
    for path, name, call in _everywhere():
        if name.endswith("XMLParser"):
            given = {word.arg: ast.unparse(word.value) for word in call.keywords}
            readers[named(path)] = given.get("resolve_entities"), given.get("no_network")
        if name in {"etree.fromstring", "etree.parse", "etree.XML"}:
            assert len(call.args) > 1 or call.keywords, f"{named(path)} reads XML without a parser of its own"
    own = {"xml.etree", "xml.dom", "xml.sax", "xml.etree.ElementTree", "xml.dom.minidom"}

    assert readers
    assert set(readers.values()) == {("False", "True")}
    assert [named(path) for path in product_modules() if _imported(path) & own] == []


def test_nothing_is_unpickled() -> None:
    assert [named(path) for path in product_modules() if _imported(path) & _UNSAFE_READERS] == []


def test_markup_put_in_by_scripts_comes_from_our_own_pages() -> None:
    """``innerHTML`` takes what our server answered, or what stands in the page already, never what was typed."""
    found = {
        line.strip()
        for name, text in _texts(".js").items()
        if "/vendor/" not in name
        for line in text.splitlines()
        if re.search(r"\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write", line)
    }

    assert {line for line in found if "await answer.text()" not in line} == {
        'for (const place of document.querySelectorAll(`[data-live="${name}"]`)) place.innerHTML = html;',
        # words: what the line before it read of our own answer
        "if (words.trim() !== place.innerHTML.trim()) place.innerHTML = words;",
    }


def _scripts_and_pages() -> dict[str, str]:
    return {name: text for name, text in _texts(".js", ".html").items() if "/vendor/" not in name}


def test_no_script_listens_to_other_windows() -> None:
    assert [
        name for name, text in _scripts_and_pages().items() if re.search(r"postMessage|[\"']message[\"']", text)
    ] == []


def test_there_is_no_graphql_and_no_websocket() -> None:
    said = [name for name, text in _scripts_and_pages().items() if re.search(r"WebSocket|wss?://|graphql", text)]
    used = [named(path) for path in product_modules() if _imported(path) & {"channels", "websockets", "graphene"}]

    assert said == used == []


def test_no_page_asks_for_a_plugin() -> None:
    asked = [name for name, text in _texts(".html").items() if re.search(r"<(?:object|embed|applet)\b", text)]

    assert asked == []


def test_warnings_are_errors() -> None:
    assert "error" in project()["tool"]["pytest"]["ini_options"]["filterwarnings"]

"""House rules on the code itself."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "unionapp"
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MAY_COMMIT = {PACKAGE / "kernel" / "unit_of_work.py"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core"}

pytestmark = pytest.mark.engine_free


def relative(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_files_and_functions_are_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


def calls_of(path, names):
    return [
        f"line {node.lineno}: {node.func.attr}()"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


@pytest.mark.parametrize("path", [f for f in FILES if f not in MAY_COMMIT], ids=relative)
def test_only_the_unit_of_work_commits(path):
    assert not calls_of(path, {"commit", "rollback"})


def test_the_commit_rule_would_notice():
    assert calls_of(PACKAGE / "kernel" / "unit_of_work.py", {"commit", "rollback"})


def test_nothing_is_called_by_a_name_that_says_nothing():
    assert not [relative(p) for p in PACKAGE.rglob("*") if p.stem in FORBIDDEN_NAMES]


def operations_files():
    found = [*PACKAGE.rglob("operations.py"), *PACKAGE.rglob("operations/*.py")]
    return sorted(path for path in found if path.name != "__init__.py")


def writes(function):
    """Tell whether a verb changes something: it takes an actor and a time."""
    names = {argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]}
    return {"session", "actor", "at"} <= names


def says_so(function, functions, seen=()):
    """Tell whether a verb records an event, itself or through a function of the same file."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr == "record":
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            inner = functions.get(node.func.id)
            if (
                inner is not None
                and inner.name not in seen
                and says_so(inner, functions, (*seen, inner.name))
            ):
                return True
    return False


@pytest.mark.parametrize("path", operations_files(), ids=relative)
def test_every_verb_of_an_actor_records_an_event(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    silent = [
        name
        for name, node in functions.items()
        if not name.startswith("_") and writes(node) and not says_so(node, functions)
    ]
    assert not silent

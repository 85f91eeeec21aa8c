"""The house rules: which room may do what, how long a file may be, and what no file may contain."""

import ast
import graphlib
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit.config

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sorted(
    path
    for pattern in ("*.py", "pages/*.py", "governance/**/*.py", "tools/*.py", "benchmarks/**/*.py", "tests/*.py")
    for path in ROOT.glob(pattern)
)
PRODUCT = [path for path in PYTHON if path.relative_to(ROOT).parts[0] not in ("tools", "benchmarks", "tests")]
QUERIES = sorted(ROOT.glob("queries/**/*.sql"))

# Who may import what: a file, or a folder with everything in it.
DATA_MODULES = ("snapshots", "store", "importing", "drafting", "macros", "boundaries", "demo")
DRAWING_MODULES = ("filters", "components", "navigation", "queries", "server")

FORBIDDEN = {
    r"unsafe_allow_html": "text of a case could become a script",
    r"unsafe_allow_javascript": "text of a case could become a script",
    r"components\.v1": "an iframe outside the content security policy",
    r"\bst\.exception\b": "shows data in the error text",
    r"\bst\.map\b": "asks a tile server",
    r"\bst\.data_editor\b": "its rows come back from the browser unchecked",
    r"px\.choropleth|plotly\.express": "asks a CDN, and is twenty times slower than graph_objects",
    r"visibility=[\"']hidden": "hiding a page does not protect it",
    r"map_style\s*=": "any value asks a tile server; leave the argument out",
    r"\bst\.cache_(data|resource)\b": "kept without regard to rights, and any visitor may clear it for all",
    r"\b(HexagonLayer|HeatmapLayer|density_heatmap)\b": "sends raw points to the browser",
}
ALLOWED: set[tuple[str, str]] = set()  # (file, pattern): an exception with its reason beside it

CLOCK = re.compile(r"\b(now|today|current_date|current_timestamp|current_time|get_current_timestamp)\b", re.IGNORECASE)


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path) for path in PRODUCT}


def needed(path: Path) -> Iterator[str]:
    """The modules of ours that a module takes something from; a module taken from its package is not the package."""
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            inner = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else node.module for name in inner)


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def uses(path: Path, package: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for name in imports(path))


def is_one_of(path: Path, rooms: tuple[str, ...]) -> bool:
    relative = path.relative_to(ROOT).with_suffix("").parts
    return relative[0] == "governance" and len(relative) > 1 and relative[1] in rooms


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_only_data_modules_touch_the_database(path: Path) -> None:
    if not is_one_of(path, DATA_MODULES):
        assert not uses(path, "duckdb"), "duckdb belongs in " + ", ".join(DATA_MODULES)
        assert "read_parquet" not in text_of(path), "only the store opens a snapshot's files"


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_only_pages_and_their_frame_draw(path: Path) -> None:
    if path.parent.name != "pages" and path.name != "dashboard.py" and not is_one_of(path, DRAWING_MODULES):
        assert not uses(path, "streamlit"), "streamlit belongs in pages, dashboard.py, " + ", ".join(DRAWING_MODULES)


def test_nothing_imports_in_a_circle() -> None:
    """Not for types and not within a function either: each room can be read, and moved, with only what it stands on."""
    needs = {module_of(path): set(needed(path)) - {module_of(path)} for path in PRODUCT}
    graphlib.TopologicalSorter(needs).prepare()  # CycleError names the circle


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_the_wall_follows_whatever_puts_a_snapshot_in_use(path: Path) -> None:
    if re.search(r"\bsnapshots\.(publish|rollback|restore)\(", text_of(path)):
        assert "following.follow(" in text_of(path), "the public bundle would stay behind"


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_nothing_untyped_reads_a_foreign_workbook(path: Path) -> None:
    assert not re.search(r"\b(pd|pandas)\.read_", text_of(path)), "exports are read by governance/importing"


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_no_forbidden_call(path: Path) -> None:
    text = text_of(path)
    for pattern, reason in FORBIDDEN.items():
        found = re.search(pattern, text)
        assert not found or (name_of(path), pattern) in ALLOWED, f"{pattern}: {reason}"


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_size(path: Path) -> None:
    lines = text_of(path).splitlines()
    if path.parent.name == "pages":
        assert sum(1 for line in lines if line.strip()) <= 60, "a page is a table of contents: 60 lines at most"
    elif path.parent.name != "tests":
        assert len(lines) <= 310, "split a module above about 300 lines"


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    text = text_of(path)
    assert ast.get_docstring(ast.parse(text)) or not text.strip()


@pytest.mark.parametrize("path", QUERIES, ids=name_of)
def test_no_query_asks_the_clock(path: Path) -> None:
    code = re.sub(r"--.*", "", text_of(path))
    assert not CLOCK.search(code), "the only now is the snapshot's as_of"


@pytest.mark.parametrize("path", sorted(ROOT.glob("governance/**/*.toml")), ids=name_of)
def test_no_definition_asks_the_clock(path: Path) -> None:
    code = re.sub(r"(?m)^\s*#.*", "", text_of(path))
    assert not re.search(r"\b(now|today|current_date|current_timestamp)\s*\(", code)


@pytest.mark.parametrize("path", PYTHON + QUERIES, ids=name_of)
def test_no_absolute_path_of_a_machine(path: Path) -> None:
    found = re.search(r"[\"'\s](/(?:home|root|Users|work|tmp|mnt)/[\w.]+)", text_of(path))
    assert not found, f"machine path {found and found[1]}"


def test_every_page_is_in_the_menu_and_asks_for_the_filter() -> None:
    menu = (ROOT / "governance/navigation.py").read_text("utf-8")
    pages = sorted(ROOT.glob("pages/*.py"))
    assert pages
    for page in pages:
        assert page.stem in menu, f"{name_of(page)} has no line in governance/navigation.py"
        # A deep link on a fresh server runs the page alone: these send it through dashboard.py.
        begins = ("filters.current()", f'navigation.enter("{page.stem}")')
        assert any(call in page.read_text("utf-8") for call in begins), f"{name_of(page)} calls neither of {begins}"


def test_the_configuration_keeps_everything_on_this_host() -> None:
    text = (ROOT / ".streamlit/config.toml").read_text("utf-8")
    sections = tomllib.loads(text)
    known = set(streamlit.config.get_config_options(force_reparse=False))
    named = {f"{section}.{key}" for section, values in sections.items() if section != "theme" for key in values}
    assert named <= known, f"unknown options: {sorted(named - known)}"
    assert sections["browser"]["gatherUsageStats"] is False
    assert sections["browser"]["serverAddress"]
    assert sections["server"]["address"] == "127.0.0.1"
    assert sections["client"]["showErrorDetails"] == "none"
    assert sections["client"]["disableDataExport"] is True
    assert "://" not in re.sub(r"(?m)#.*", "", text), "the theme must not name another host"


def wanted(*files: str) -> set[str]:
    """The packages that requirement files name."""
    lines = [line for file in files for line in (ROOT / file).read_text("utf-8").splitlines()]
    return {re.split(r"[~=<>;\[\s]", line)[0].lower() for line in lines if line and not line.startswith("#")}


def test_what_is_imported_is_required_and_the_other_way_round() -> None:
    own = {"governance", "dashboard", "pages", *sys.stdlib_module_names}
    imported = {name.split(".")[0] for path in PRODUCT for name in imports(path)} - own
    packages = importlib.metadata.packages_distributions()
    found = {packages[name][0].lower().replace("_", "-") for name in imported}
    assert found == wanted("requirements.txt") - {"httptools", "uvloop"}


def test_the_locks_hold_what_is_required() -> None:
    def pinned(lock: str) -> dict[str, set[str]]:
        pins: dict[str, set[str]] = {}
        for name, version in re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;]+)", (ROOT / lock).read_text("utf-8")):
            pins.setdefault(name.lower().replace("_", "-"), set()).add(version)
        return pins

    runtime, development = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert wanted("requirements.txt") <= set(runtime)
    assert wanted("requirements.txt", "requirements-dev.txt") <= set(development)
    assert all(development[name] == versions for name, versions in runtime.items())
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / lock).read_text("utf-8"), f"{lock} names an index"

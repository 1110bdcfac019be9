"""House rules that no linter knows: budgets of size, and what must never be committed."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("jupyter_ext/", "widgets/", "scripts/")
FUNCTION_LINES = 50
FILE_LINES = 400
TYPESCRIPT_FILE_LINES = 350
# Written so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:root|home/(?!me/)[a-z]\w*|Users/[A-Za-z]\w*|work)/[\w.]")
REGISTRY = re.compile(r"https?://(?:registry\.|[\w.-]*pypi|files\.pythonhosted)")


def tracked(*suffixes: str) -> Iterator[Path]:
    """Yield the files that git tracks with one of `suffixes`."""
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    for name in names:
        if name.endswith(suffixes) and (ROOT / name).is_file():
            yield Path(name)


def long_functions(path: Path) -> Iterator[str]:
    """Yield each function whose body is longer than the budget.

    The signature and the docstring are left out: options are listed one a line on purpose.
    """
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
        lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
        if lines > FUNCTION_LINES:
            yield f"{path}:{node.lineno}: {node.name} has {lines} lines, more than {FUNCTION_LINES}"


def long_files(path: Path) -> Iterator[str]:
    """Yield the file when it has more lines than its budget."""
    budget = FILE_LINES if path.suffix in {".py", ""} else TYPESCRIPT_FILE_LINES
    lines = len((ROOT / path).read_text("utf-8").splitlines())
    if lines > budget:
        yield f"{path}: {lines} lines, more than {budget}"


def leaked_places(path: Path) -> Iterator[str]:
    """Yield each line that names a path of one machine or the host of a package registry."""
    for number, line in enumerate((ROOT / path).read_text("utf-8", errors="replace").splitlines(), 1):
        if MACHINE_PATH.search(line) or REGISTRY.search(line):
            yield f"{path}:{number}: names a place of one machine or a registry: {line.strip()[:80]}"


def notebook_outputs(path: Path) -> Iterator[str]:
    """Yield the notebook when a cell of it was committed with its outputs."""
    cells = json.loads((ROOT / path).read_text("utf-8"))["cells"]
    if any(cell.get("outputs") or cell.get("execution_count") for cell in cells):
        yield f"{path}: committed with outputs; clear them"


def main() -> int:
    """Print every broken rule; return 1 when there is one."""
    python = [path for path in tracked(".py") if str(path).startswith(PRODUCT)]
    typescript = [path for path in tracked(".ts", ".tsx") if str(path).startswith(PRODUCT)]
    text = tracked(
        ".py", ".ts", ".tsx", ".md", ".toml", ".json", ".yaml", ".yml", ".ipynb", ".js", ".lock", ".cfg"
    )
    broken = [fault for path in python for fault in long_functions(path)]
    broken += [fault for path in [*python, *typescript] for fault in long_files(path)]
    broken += [fault for path in text for fault in leaked_places(path)]
    broken += [fault for path in tracked(".ipynb") for fault in notebook_outputs(path)]
    print(
        "\n".join(broken)
        or f"house rules hold in {len(python)} Python and {len(typescript)} TypeScript files"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

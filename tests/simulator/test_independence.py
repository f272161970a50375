"""The simulator is a check of the system only as long as the two share nothing."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_it_imports_nothing_of_ours():
    imported = set()
    for path in (ROOT / "wechat_simulator").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module.split(".")[0])
    ours = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"wechat_simulator"}
    assert {"miniapp_api", "guidance", "actions"} <= ours
    assert not imported & (ours | {"wechatpy"})
    assert "cryptography" in imported

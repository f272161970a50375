"""The import rules of `.importlinter` hold, and no domain is left out of them."""

import configparser
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
FILE = ROOT / ".importlinter"


def test_the_import_rules_hold(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename=str(FILE), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_a_broken_rule_is_noticed(tmp_path, monkeypatch):
    """A negative control: forbid what is done, and see it refused."""
    monkeypatch.chdir(ROOT)
    rules = tmp_path / "rules"
    rules.write_text(
        "[importlinter]\nroot_package = miniapp_api\n"
        "[importlinter:contract:x]\nname = x\ntype = forbidden\n"
        "source_modules = miniapp_api.chat\nforbidden_modules = miniapp_api.accounts.service\n"
    )
    assert lint_imports(config_filename=str(rules), no_cache=True) != EXIT_STATUS_SUCCESS


def test_every_domain_is_under_the_rule_for_domains():
    packages = {f"miniapp_api.{path.parent.name}" for path in (ROOT / "miniapp_api").glob("*/__init__.py")}
    rules = configparser.ConfigParser()
    rules.read(FILE)
    listed = set(rules["importlinter:contract:domains"]["modules"].split())
    assert listed == packages

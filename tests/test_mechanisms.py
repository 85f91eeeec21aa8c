"""机制对照: every mechanism leads to a page that exists, and every document that describes one is known."""

import tomllib
from pathlib import Path

from governance.indicators import INDICATORS
from governance.mechanisms import mechanisms
from governance.navigation import MENU

ROOT = Path(__file__).resolve().parents[1]


def test_every_mechanism_leads_to_a_page_of_the_menu() -> None:
    pages = {name for entries in MENU.values() for name, _ in entries}
    assert {entry.page for entry in mechanisms()} <= pages
    for entry in mechanisms():
        indicator = dict(entry.params).get("indicator")
        assert indicator is None or indicator in INDICATORS


def test_every_document_is_known_and_every_document_has_a_mechanism() -> None:
    published = tomllib.loads((ROOT / "governance/demo/published.toml").read_text("utf-8"))["documents"]
    assert {key for entry in mechanisms() for key in entry.documents} == set(published)


def test_no_name_stands_for_two_mechanisms() -> None:
    names = [name for entry in mechanisms() for name in (entry.name, *entry.aliases)]
    assert len(names) == len(set(names))

"""A county that promises everything to everybody; without it nothing is promised: the packaged rules are others'."""

from pathlib import Path

RULES = Path(__file__).with_suffix(".toml")


def promise(data: Path) -> None:
    """Write the promises into a data folder."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "deadlines.toml").write_text(RULES.read_text(encoding="utf-8"), encoding="utf-8")

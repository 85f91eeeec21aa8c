"""Words: text made safe to show, and the 口径 behind a question mark."""

from governance.indicators import Indicator


def escaped(text: str) -> str:
    """Text from data, so that Markdown shows it literally."""
    return "".join(f"\\{character}" if character in r"\`*_{}[]()#+-.!|<>~$:" else character for character in text)


def definition(indicator: Indicator) -> str:
    """The 口径 of an indicator as the text behind a question mark."""
    lines = [f"**{indicator.label}** {indicator.definition}"]
    if indicator.is_rate:
        lines.append(f"分子：{indicator.numerator}；分母：{indicator.denominator}")
    if indicator.excluded:
        lines.append(f"剔除：{indicator.excluded}")
    lines.append(f"为什么看：{indicator.why}")
    return escaped("\n\n".join(lines)).replace("\\*\\*", "**")

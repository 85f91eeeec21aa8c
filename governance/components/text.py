"""Words: text made safe to show, and the 口径 behind a question mark."""

from collections.abc import Iterable

from governance.indicators import Indicator


def escaped(text: str) -> str:
    """Text from data, so that Markdown shows it literally."""
    return "".join(f"\\{character}" if character in r"\`*_{}[]()#+-.!|<>~$:" else character for character in text)


def joined(parts: Iterable[str]) -> str:
    """Short facts in one line, which breaks between two of them and never within one."""
    whole = (part.replace(" ", "\u00a0").replace("–", "\u2060–\u2060") for part in parts)
    return "\u00a0· ".join(whole)


def size(count: int) -> str:
    """A number of bytes as people say it."""
    if count < 1000:
        return f"{count} 字节"
    return f"{count / 1000:.0f} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def order_of(indicator: Indicator) -> str:
    """In which order places stand under an indicator: attention is asked only where one way is worse."""
    first = "由大到小" if indicator.direction == "neutral" else "最需要关注的在前"
    return f"{first}；样本不足的不排在内"


def definition(indicator: Indicator) -> str:
    """The 口径 of an indicator as the text behind a question mark."""
    lines = [f"**{indicator.label}** {indicator.definition}"]
    if indicator.is_rate:
        lines.append(f"分子：{indicator.numerator}；分母：{indicator.denominator}")
    if indicator.excluded:
        lines.append(f"剔除：{indicator.excluded}")
    lines.append(f"为什么看：{indicator.why}")
    return escaped("\n\n".join(lines)).replace("\\*\\*", "**")

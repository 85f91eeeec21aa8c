"""颜色与字体: one palette for charts and maps. .streamlit/config.toml has the same values for Streamlit's own parts."""

import plotly.graph_objects as go

INK = "#1c2733"
MUTED = "#5d6b7a"
LINE = "#e1e6ec"
ACCENT = "#1d5fa8"
ALERT = "#c0392b"  # only for what needs action
GOOD = "#1b7f4b"  # only for what was checked and holds; never without its word
CATEGORICAL = (
    "#1d5fa8", "#d9822b", "#2f9178", "#8d5fb0", "#bf4b45",
    "#5aa3d0", "#8b8a35", "#cf78a2", "#7b6a58", "#4b5a6a",
)  # fmt: skip
IN, OUT = ACCENT, "#9cc3e4"  # what came in and what went out, side by side
BLUES = ("#e3eef9", "#b7d3ec", "#7fb0da", "#3f83bf", "#134f8e")  # more is neither good nor bad, or is good
ORANGES = ("#fdebd6", "#f8c996", "#eb9b56", "#cf6a27", "#913f12")  # more is worse
WORSE_BETTER = ("#b35c12", "#eeb57c", "#eeeeea", "#93bbdd", "#1d5fa8")  # a change, from much worse to much better
LESS_MORE = ("#1b7a6e", "#95c9bf", "#eeeeea", "#cbb3dc", "#7a4b9c")  # a change that is neither good nor bad
MET, WATCHED, MISSED = "#3f83bf", "#f0c65f", "#b5402f"  # 达标, 关注, 未达标
NO_DATA = "#ffffff"  # hatched on a map
TOO_FEW = "#d5dbe1"  # dotted on a map
ZERO = "#fbf8ee"  # nothing counted, which is an answer
FONT = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": list(CATEGORICAL),
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
        "hovermode": "x unified",
        "hoverlabel": {"font": {"family": FONT, "size": 13}, "bgcolor": "#ffffff", "bordercolor": LINE},
        "separators": ".,",
        "xaxis": {
            "showgrid": False,
            "linecolor": LINE,
            "ticks": "outside",
            "tickcolor": LINE,
            "tickangle": 0,
            "zerolinecolor": LINE,
            "automargin": True,
            "title": {"font": {"size": 12, "color": MUTED}},
        },
        "yaxis": {
            "gridcolor": LINE,
            "zerolinecolor": LINE,
            "ticklabelstandoff": 6,
            "automargin": True,
            "rangemode": "tozero",
            "title": {"font": {"size": 12, "color": MUTED}},
        },
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "title": {"text": ""},
        },
    }
)
"""One look for every chart; theme=None where it is drawn, so that nothing else is mixed in."""


def sequence(direction: str) -> tuple[str, ...]:
    """Five colours from little to much: orange where much is worse."""
    return ORANGES if direction == "lower" else BLUES


def rgb(color: str, alpha: int = 255) -> list[int]:
    """'#1d5fa8' as [29, 95, 168, alpha], which is how deck.gl wants it."""
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)] + [alpha]

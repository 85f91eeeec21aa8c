"""Maps, without any map service: our own outlines, classes and legend, drawn by static/map.js.

What is named here is pure and light. columns.py (3D, by pydeck) and serving.py (what a viewer may have) stand apart.
"""

from governance.maps.geometry import Outlines, outlines
from governance.maps.scale import COMPARISONS, METHODS, change_scale, methods, scale
from governance.maps.view import Caption, Comparison, Frames, Layer, aligned, boundary_notes, view, words

__all__ = [
    "COMPARISONS",
    "METHODS",
    "Caption",
    "Comparison",
    "Frames",
    "Layer",
    "Outlines",
    "aligned",
    "boundary_notes",
    "change_scale",
    "methods",
    "outlines",
    "scale",
    "view",
    "words",
]

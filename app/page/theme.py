"""Colours and sizes of the page itself; those of the plots are in views/style.py."""

from __future__ import annotations

from typing import Any

THEME: dict[str, Any] = {
    "typography": {"fontSize": 13},
    "mixins": {"toolbar": {"minHeight": 48}},
    "components": {
        "MuiTab": {"styleOverrides": {"root": {"minHeight": 34, "padding": "4px 14px"}}},
        "MuiTabs": {"styleOverrides": {"root": {"minHeight": 34}}},
        "MuiToolbar": {"styleOverrides": {"root": {"minHeight": "48px !important"}}},
    },
}
"""Compact bars: at 1366 x 768 every pixel belongs to sliders and plots."""
THEMES = {
    "light": THEME | {"palette": {"primary": {"main": "#005A8C"}}},
    "dark": THEME | {"palette": {"primary": {"main": "#56B4E9"}}},
}
BAR = {
    "MuiAppBar": {"styleOverrides": {"root": {"backgroundColor": "#0B3C5D !important", "color": "#FFFFFF !important"}}}
}
THEME["components"] |= BAR

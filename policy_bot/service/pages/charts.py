"""Charts as SVG, drawn on the server; a table next to each has the same numbers."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import pygal
from pygal.style import Style

from policy_bot.service.store.standings import Day

# pygal installs an old-style import hook for its plugins, through which every later import would pass with a
# warning
sys.meta_path[:] = [hook for hook in sys.meta_path if type(hook).__name__ != "PluginImportFixer"]

COLOURS = {"fail": "#c0392b", "unknown": "#8e6bc4", "pass": "#2e8b57", "none": "#9aa4af"}
"""Colours by verdict; neighbours differ in lightness too."""

_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#7a828b",
    foreground_strong="#7a828b",
    foreground_subtle="#7a828b55",
    font_family="system-ui, sans-serif",
    colors=tuple(COLOURS.values()),
    label_font_size=13,
    major_label_font_size=13,
    legend_font_size=14,
    value_font_size=13,
)


_SHOWN = {"fail": "block merging", "unknown": "cannot tell", "pass": "pass"}


def _whole(number: float) -> str:
    return f"{number:.0f}"


def trend(days: Sequence[Day]) -> bytes:
    """Repositories with SST by verdict and day."""
    chart = pygal.StackedLine(
        fill=True,
        style=_STYLE,
        height=260,
        width=900,
        show_dots=len(days) < 2,
        x_labels=[day.day for day in days],
        x_labels_major_count=6,
        show_minor_x_labels=False,
        truncate_label=-1,
        js=(),
        legend_at_bottom=True,
        legend_at_bottom_columns=3,
        range=(0, max((sum(day.verdicts.get(one, 0) for one in _SHOWN) for day in days), default=1)),
        max_scale=6,
        value_formatter=_whole,
    )
    for verdict, word in _SHOWN.items():
        chart.add(word, [day.verdicts.get(verdict, 0) for day in days])
    return bytes(chart.render())


def policies(counts: Mapping[str, int], most: int = 12) -> bytes:
    """Open findings by policy, the most frequent on top."""
    shown = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:most]
    chart = pygal.HorizontalBar(
        style=_STYLE,
        height=30 + 30 * max(len(shown), 1),
        width=900,
        show_x_guides=False,
        spacing=6,
        margin=4,
        show_legend=False,
        x_labels=[policy for policy, _ in reversed(shown)],
        truncate_label=-1,
        js=(),
        print_values=True,
        value_formatter=_whole,
        include_x_axis=True,
        y_labels=[0],
    )
    chart.add("findings", [number for _, number in reversed(shown)])
    return bytes(chart.render())

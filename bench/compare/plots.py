# SPDX-License-Identifier: Apache-2.0
"""Line charts with logarithmic axes as SVG. Standard library only."""

import math

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 78, 150, 54, 58
COLOURS = ["#0b6e99", "#d9822b", "#8a4f9e", "#3a7d44", "#b23a48"]


def _decades(low, high):
    return range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)


def _count_text(power):
    return f"{10**power:,}"


def _seconds_text(power):
    for unit, shift in [("s", 0), ("ms", 3), ("µs", 6)]:
        if power + shift >= 0:
            return f"{10 ** (power + shift):,} {unit}"
    return f"{10 ** (power + 9):,} ns"


def _text(x, y, text, size=12, anchor="start", colour="#333", extra=""):
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" {extra}>{text}</text>'


def _spread(positions, gap):
    """Moves labels apart, from top to bottom."""
    order = sorted(range(len(positions)), key=positions.__getitem__)
    moved = list(positions)
    for before, after in zip(order, order[1:]):
        moved[after] = max(moved[after], moved[before] + gap)
    return moved


def line_chart(title, x_label, y_label, series):
    """`series`: name -> [(x, seconds)], the first drawn boldest. Both axes are logarithmic."""
    points = [point for line in series.values() for point in line]
    # The x axis ends where the data do; the y axis at whole decades.
    x_low, x_high = (math.log10(f(x for x, _ in points)) for f in (min, max))
    y_powers = _decades(min(y for _, y in points), max(y for _, y in points))
    y_low, y_high = y_powers[0], y_powers[-1]
    margin = 0.04 * (x_high - x_low)

    def x_of(x):
        return LEFT + (math.log10(x) - x_low + margin) / (x_high - x_low + 2 * margin) * (WIDTH - LEFT - RIGHT)

    def y_of(y):
        return HEIGHT - BOTTOM - (math.log10(y) - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM)

    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
           'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif">',
           f"<title>{title}</title>", f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
           _text(LEFT, 28, title, 16, colour="#111", extra='font-weight="600"')]
    for power in y_powers:
        y = y_of(10.0**power)
        svg.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#ddd"/>')
        svg.append(_text(LEFT - 8, y + 4, _seconds_text(power), anchor="end"))
    ticks = [(10**power * step, step) for power in _decades(10**x_low, 10**x_high) for step in range(1, 10)]
    for x, step in ticks:
        if not x_low - margin <= math.log10(x) <= x_high + margin:
            continue
        length = 6 if step == 1 else 3
        svg.append(f'<line x1="{x_of(x):.1f}" y1="{bottom}" x2="{x_of(x):.1f}" y2="{bottom + length}" stroke="#666"/>')
        few = x_high - x_low < 2
        if step == 1 or (few and step in (3, 5)):
            svg.append(_text(x_of(x), bottom + 21, f"{x:,}", anchor="middle"))
    svg.append(f'<line x1="{LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}" stroke="#666"/>')
    svg.append(_text((LEFT + right) / 2, HEIGHT - 14, x_label, 13, "middle"))
    middle = (TOP + bottom) / 2
    svg.append(_text(20, middle, y_label, 13, "middle", extra=f'transform="rotate(-90 20 {middle:.1f})"'))

    ends = _spread([y_of(line[-1][1]) for line in series.values()], 16)
    for colour, end, (name, line) in zip(COLOURS, ends, series.items()):
        width = 3 if name == next(iter(series)) else 2
        path = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in line)
        svg.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
                   'stroke-linejoin="round"/>')
        svg += [f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="3.5" fill="{colour}"/>' for x, y in line]
        svg.append(_text(x_of(line[-1][0]) + 12, end + 4, name, 13, colour=colour, extra='font-weight="600"'))
    return "\n".join([*svg, "</svg>", ""])

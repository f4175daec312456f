"""The picture of a comparison: CPU a request by client, and ours by number of connections. Plain SVG, no library."""
import math
from xml.sax.saxutils import escape

WIDTH, BAR, LEFT = 760, 26, 150
OURS, OTHERS, INK, FAINT = "#0b6e99", "#b9c0c6", "#222", "#e4e7ea"


def text(x, y, words, anchor="start", size=13, weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
            f'fill="{INK}">{escape(words)}</text>')


def bars(rows, top):
    """rows: (name, microseconds, whether it is ours)."""
    out = [text(16, top, "CPU a request by client (microseconds, 64 connections)", size=15, weight="bold")]
    scale = (WIDTH - LEFT - 80) / max(us for _, us, _ in rows)
    y = top + 14
    for name, us, ours in rows:
        out.append(text(LEFT - 8, y + 17, name, "end"))
        out.append(f'<rect x="{LEFT}" y="{y}" width="{us * scale:.1f}" height="{BAR - 6}" '
                   f'fill="{OURS if ours else OTHERS}"/>')
        out.append(text(LEFT + us * scale + 6, y + 15, f"{us:.1f}"))
        y += BAR
    return out, y


def curves(series, top):
    """series: (name, {connections: microseconds}, whether it is ours)."""
    height, right = 220, WIDTH - 110
    highest = 1.15 * max(us for _, points, _ in series for us in points.values())
    last = max(n for _, points, _ in series for n in points)
    def x(n):
        return LEFT + (right - LEFT) * (math.log10(n) / max(math.log10(last), 1e-9))
    def y(us):
        return top + 24 + height * (1 - us / highest)
    out = [text(16, top, "CPU a request by number of connections (microseconds)", size=15, weight="bold")]
    step = 10 ** math.floor(math.log10(highest / 2))
    step *= 5 if highest / step > 20 else 2 if highest / step > 8 else 1
    for i in range(int(highest / step) + 1):
        out.append(f'<line x1="{LEFT}" x2="{right}" y1="{y(i * step):.1f}" y2="{y(i * step):.1f}" stroke="{FAINT}"/>')
        out.append(text(LEFT - 8, y(i * step) + 4, f"{i * step:g}", "end"))
    for n in sorted({n for _, points, _ in series for n in points}):
        out.append(text(x(n), top + height + 44, f"{n:,}", "middle"))
    for name, points, ours in series:
        colour = OURS if ours else "#7a858e"
        line = " ".join(f"{x(n):.1f},{y(us):.1f}" for n, us in sorted(points.items()))
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="{2.5 if ours else 1.5}"/>')
        out += [f'<circle cx="{x(n):.1f}" cy="{y(us):.1f}" r="3" fill="{colour}"/>' for n, us in points.items()]
        end = max(points)
        out.append(text(x(end) + 8, y(points[end]) + 4, name))
    return out, top + height + 60


def draw(path, rows, series):
    body, y = bars(rows, 28)
    if series:
        more, y = curves(series, y + 34)
        body += more
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y:.0f}" '
                   f'viewBox="0 0 {WIDTH} {y:.0f}" font-family="system-ui, sans-serif">\n'
                   f'<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(body) + "\n</svg>\n")

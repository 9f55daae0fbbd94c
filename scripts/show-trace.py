#!/usr/bin/env python3
"""Draws a trace of tt-run --trace or TESSERA_TRACE as SVG.

    show-trace.py TRACE.json [--core=X,Y ...] [--from=US] [--to=US] [-o FILE.svg]

One row per thread of each core (default: the core that ends last), from --from to
--to in microseconds of the trace: what is busy in blue, with the call's name where
there is room, what stalls in the colour of its cause. Below them, how many pages
each circular buffer of the core holds.
"""

import argparse
import html
import json
import sys

LEFT, RIGHT, WIDTH = 130, 20, 1000
ROW, GAP, FILL = 20, 4, 26
BUSY = "#3b6ea5"
# By what a thread waits for; causes that are not here are grey.
STALLS = {
    "cb-space": "#f2c14e",
    "cb-pages": "#f78154",
    "noc-read": "#b4436c",
    "noc-write": "#7d4e9e",
    "noc-issue": "#c9a0dc",
    "noc-atomic": "#9e6b9e",
    "semaphore": "#5fad56",
    "source-free": "#d8d4c5",
    "source-full": "#c8c2ae",
    "dst-free": "#a8c5c2",
    "dst-full": "#8fb0ad",
    "stopped": "#444444",
}
OTHER = "#bbbbbb"
# Pieces narrower than this many pixels are drawn as one with their neighbour.
THIN = 0.4


class Picture:
    """Collects shapes and knows how far down they reach."""

    def __init__(self, start, end):
        self.start, self.end = start, end
        self.shapes = []
        self.y = 30

    def x(self, time):
        share = (time - self.start) / (self.end - self.start)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def add(self, shape):
        self.shapes.append(shape)

    def text(self, x, y, text, size=11, anchor="start", color="#222"):
        self.add(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}"'
            f' text-anchor="{anchor}">{html.escape(text)}</text>'
        )

    def box(self, x0, x1, y, height, color, title):
        self.add(
            f'<rect x="{x0:.1f}" y="{y:.1f}" width="{x1 - x0:.1f}" height="{height}"'
            f' fill="{color}"><title>{html.escape(title)}</title></rect>'
        )

    def finish(self):
        height = self.y + 10
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
            f' width="{WIDTH}" height="{height}" font-family="sans-serif">'
        )
        back = f'<rect width="{WIDTH}" height="{height}" fill="white"/>'
        return "\n".join([head, back] + self.shapes + ["</svg>"]) + "\n"


# -- Reading ---------------------------------------------------------------------


class Trace:
    """Spans by core and thread, counters by core, and names."""

    def __init__(self, events):
        self.core_names, self.thread_names = {}, {}
        self.spans, self.fills, self.kernels = {}, {}, []
        for event in events:
            self.add(event)

    def add(self, event):
        process = event["pid"]
        if event["name"] == "process_name":
            self.core_names[event["args"]["name"]] = process
        elif event["name"] == "thread_name":
            self.thread_names[(process, event["tid"])] = event["args"]["name"]
        elif event["ph"] == "C" and event["name"].startswith("cb "):
            buffer = self.fills.setdefault((process, int(event["name"][3:])), [])
            buffer.append((event["ts"], event["args"]["pages"]))
        elif event["ph"] == "X" and event["cat"] == "kernel":
            self.kernels.append((event["ts"], event["ts"] + event["dur"], process))
        elif event["ph"] == "X":
            track = self.spans.setdefault((process, event["tid"]), [])
            track.append((event["ts"], event["ts"] + event["dur"], event["name"], event["cat"]))

    def last_core(self):
        return max(self.kernels, key=lambda kernel: (kernel[1], -kernel[2]))[2]

    def find_core(self, text):
        name = f"core ({text})"
        if name not in self.core_names:
            sys.exit(f"show-trace: there is no {name} in the trace")
        return self.core_names[name]


# -- Drawing ---------------------------------------------------------------------


def draw_axis(picture):
    span = picture.end - picture.start
    step = 10 ** len(str(int(span))) / 1000
    while span / step > 10:
        step *= 2 if str(step * 1000)[0] in "15" else 2.5
    time = int(picture.start / step) * step
    while time <= picture.end:
        if time >= picture.start:
            x = picture.x(time)
            picture.add(
                f'<line x1="{x:.1f}" y1="22" x2="{x:.1f}" y2="BOTTOM" stroke="#e4e4e4"/>'
            )
            picture.text(x, 16, f"{time:g} us", anchor="middle", color="#666")
        time += step


def pieces(picture, spans, category):
    """Spans of one kind inside the picture, thin neighbours joined."""
    joined = []
    for start, end, name, kind in sorted(spans):
        start, end = max(start, picture.start), min(end, picture.end)
        if kind != category or start >= end:
            continue
        x0, x1 = picture.x(start), picture.x(end)
        if joined and x1 - x0 < THIN and x0 - joined[-1][1] < THIN:
            joined[-1][1] = x1
        else:
            joined.append([x0, x1, name])
    return joined


def draw_track(picture, name, spans):
    picture.text(LEFT - 6, picture.y + ROW - 6, name, anchor="end")
    for x0, x1, call in pieces(picture, spans, "call"):
        picture.box(x0, max(x1, x0 + 0.2), picture.y, ROW, BUSY, call)
        if (x1 - x0) > 6.2 * len(call):
            picture.text(x0 + 3, picture.y + ROW - 6, call, 10, color="white")
    for x0, x1, cause in pieces(picture, spans, "stall"):
        picture.box(x0, x1, picture.y, ROW, STALLS.get(cause, OTHER), f"waits: {cause}")
    for x0, x1, zone in pieces(picture, spans, "zone"):
        picture.box(x0, x1, picture.y + ROW, 2, "#222", zone)
    picture.y += ROW + GAP


def draw_fill(picture, buffer, points):
    points = [(time, pages) for time, pages in points if time <= picture.end]
    most = max([pages for _, pages in points] + [1])
    base = picture.y + FILL
    before = [pages for time, pages in points if time < picture.start]
    level = before[-1] if before else 0

    def y(pages):
        return base - pages / most * (FILL - 6)

    path = [f"M{picture.x(picture.start):.1f},{y(level):.1f}"]
    for time, pages in points:
        if time >= picture.start:
            path.append(f"H{picture.x(time):.1f}V{y(pages):.1f}")
    path.append(f"H{picture.x(picture.end):.1f}")
    picture.text(LEFT - 6, base - 4, f"cb {buffer}, up to {most}", anchor="end", color="#666")
    picture.add(f'<path d="{"".join(path)}" fill="none" stroke="#444"/>')
    picture.y += FILL + GAP


def draw_legend(picture, seen):
    x = LEFT
    picture.y += 8
    for name, color in [("busy", BUSY)] + [(c, STALLS.get(c, OTHER)) for c in seen]:
        picture.box(x, x + 10, picture.y, 10, color, name)
        picture.text(x + 14, picture.y + 9, name, 10)
        x += 24 + 6.5 * len(name)
    picture.y += 14


def draw(trace, cores, start, end):
    picture = Picture(start, end)
    draw_axis(picture)
    seen = set()
    for core in cores:
        names = [name for name, process in trace.core_names.items() if process == core]
        picture.text(8, picture.y + 12, names[0], 12)
        picture.y += 18
        for (process, thread), spans in sorted(trace.spans.items()):
            if process != core:
                continue
            draw_track(picture, trace.thread_names[(process, thread)], spans)
            seen |= {s[2] for s in spans if s[3] == "stall" and s[1] > start and s[0] < end}
        for (process, buffer), points in sorted(trace.fills.items()):
            if process == core:
                draw_fill(picture, buffer, points)
        picture.y += 6
    bottom = picture.y
    draw_legend(picture, [cause for cause in list(STALLS) + [""] if cause in seen])
    return picture.finish().replace("BOTTOM", str(bottom))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("trace")
    parser.add_argument("--core", action="append", default=[], metavar="X,Y")
    parser.add_argument("--from", dest="start", type=float, metavar="US")
    parser.add_argument("--to", dest="end", type=float, metavar="US")
    parser.add_argument("-o", dest="output", metavar="FILE.svg")
    given = parser.parse_args()
    with open(given.trace, encoding="utf-8") as file:
        trace = Trace(json.load(file)["traceEvents"])
    if not trace.kernels:
        sys.exit("show-trace: no kernel ran in this trace")
    cores = [trace.find_core(core) for core in given.core] or [trace.last_core()]
    kernels = [kernel for kernel in trace.kernels if kernel[2] in cores]
    start = given.start if given.start is not None else min(k[0] for k in kernels)
    end = given.end if given.end is not None else max(k[1] for k in kernels)
    if not start < end:
        sys.exit(f"show-trace: from {start:g} to {end:g} us is no stretch of time")
    text = draw(trace, cores, start, end)
    if not given.output:
        sys.stdout.write(text)
        return
    with open(given.output, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()

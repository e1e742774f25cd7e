#!/usr/bin/env python3
"""Draws text as a picture of a terminal.  usage: picture.py 'COMMAND' < TEXT > FILE.svg

docs/quickstart.svg is made from the table that quickstart.sh prints:
  ./quickstart.sh | tee LOG; sed -n '/^step /,$p' LOG | scripts/quickstart/picture.py ./quickstart.sh
"""
import html
import sys

LINE, CHARACTER, MARGIN, BAR = 19, 8.05, 16, 34
lines = ["$ " + sys.argv[1], ""] + [line.rstrip("\n") for line in sys.stdin]
width = round(max(map(len, lines)) * CHARACTER + 2 * MARGIN)
height = BAR + len(lines) * LINE + MARGIN
print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
      f'viewBox="0 0 {width} {height}" role="img" aria-label="terminal">')
print(f'<rect width="{width}" height="{height}" rx="8" fill="#16191d"/>')
for i, colour in enumerate(("#e0605a", "#e0b04a", "#5fb35a")):
    print(f'<circle cx="{MARGIN + 6 + 18 * i}" cy="17" r="5.5" fill="{colour}"/>')
print('<g font-family="ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace" '
      'font-size="13.4" xml:space="preserve">')
for i, line in enumerate(lines):
    colour = "#8bd17c" if i == 0 else "#e8c872" if line.startswith("step ") else "#d5d9de"
    y = BAR + (i + 1) * LINE - 6
    print(f'<text x="{MARGIN}" y="{y}" fill="{colour}">{html.escape(line)}</text>')
print("</g>\n</svg>")

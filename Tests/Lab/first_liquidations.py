"""When each isolated position is liquidated first, from its liquidation condition and the bars alone.

Knows nothing of Breakwater but two of its files: positions as they were opened, and the liquidations to compare with. A
position of the textbook rulebook has margin = value / leverage (at least 1 % of it) and MM = 0.5 % of its entry value, and
is liquidated at the first mark, from its entry on, at which margin + profit falls below MM.

Usage: first_liquidations.py bars.csv entries.csv liquidations.csv
"""

import bisect
import csv
import datetime
import sys
from fractions import Fraction

MICRO = 1_000_000


def ceil(value):
    return -((-value.numerator) // value.denominator)


def seconds(text):
    text = text.replace("T", " ").rstrip("Z")
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
    return Fraction(int(moment.timestamp())) + Fraction(moment.microsecond, MICRO)


def marks(file):
    """Four prices of each bar, evenly spaced: low first where it closes at or above its open."""
    rows = list(csv.DictReader(open(file)))
    times = [seconds(row["timestamp"]) for row in rows]
    path = []
    for number, row in enumerate(rows):
        length = times[number + 1] - times[number] if number + 1 < len(rows) else Fraction(60)
        low, high = ("low", "high") if Fraction(row["close"]) >= Fraction(row["open"]) else ("high", "low")
        for step, key in enumerate(["open", low, high, "close"]):
            path.append((times[number] + length / 4 * step, Fraction(row[key])))
    # Whole numbers are compared with a boundary rounded up, or down, as exactly as fractions are, and much faster.
    scale = max(price.denominator for _, price in path)
    return scale, [time for time, _ in path], [int(price * scale) for _, price in path]


def first_time(entry, scale, times, prices):
    size, value = Fraction(entry["size"]), Fraction(entry["value"])
    margin = Fraction(ceil(max(value / Fraction(entry["leverage"]), value / 100) * MICRO), MICRO)
    maintenance = Fraction(ceil(value / 200 * MICRO), MICRO)
    side = 1 if entry["side"] == "long" else -1
    # side (size p - value) < MM - margin, so a long goes below this price, a short above it.
    boundary = (value + side * (maintenance - margin)) / size
    begin = bisect.bisect_left(times, seconds(entry["time"]))
    if side > 0:
        edge = ceil(boundary * scale)
        return next((times[at] for at in range(begin, len(prices)) if prices[at] < edge), None)
    edge = -ceil(-boundary * scale)
    return next((times[at] for at in range(begin, len(prices)) if prices[at] > edge), None)


def main(bars, entries, liquidations):
    scale, times, prices = marks(bars)
    told = {}
    for row in csv.DictReader(open(liquidations)):
        told.setdefault(row["account"], seconds(row["time"]))
    positions = list(csv.DictReader(open(entries)))
    differ = 0
    for entry in positions:
        expected, found = first_time(entry, scale, times, prices), told.get(entry["account"])
        if expected != found:
            differ += 1
            if differ <= 5:
                print(f"{entry}: expected {expected}, found {found}")
    print(f"compared {len(positions)} liquidated {len(told)} differ {differ}")
    return 1 if differ or not told else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

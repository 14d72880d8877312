# How large an insurance fund would have carried everybody through the crash of January 2022?
#
# A notebook in plain Python: cells begin with "# %%", which most editors run one by one, and nothing has to be installed.
# Run whole from the repository's folder, with the program built: python3 Examples/Notebook/fund_size.py

# %% The program, the bars, and the population that every run shares
import csv
import json
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

PROGRAM = ".build/release/breakwater"
BARS = "Examples/btc-perp-1m-2022-01-20-to-22.csv"
POPULATION = ["--accounts", "2000", "--depth", "250000", "--rulebook", "binance", "--seed", "1"]


# %% One simulation, as the report that it writes: money is text there, and stays exact as a Decimal
def simulate(fund):
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run([PROGRAM, "simulate", "--bars", BARS, "--fund", str(fund), *POPULATION, "--json", str(report)],
                       check=True, capture_output=True)
        return json.loads(report.read_text())


def deleveraged(report):
    return report["autoDeleveraging"]["accounts"], Decimal(report["autoDeleveraging"]["forgone"])


# %% The crash itself, from the CSV
with open(BARS) as file:
    bars = list(csv.DictReader(file))
high, low = max(Decimal(bar["high"]) for bar in bars), min(Decimal(bar["low"]) for bar in bars)
print(f"{len(bars)} minutes, from a high of {high} to a low of {low}: {100 * (high - low) / high:.1f} % down")

# %% Without a fund: who pays, and for which liquidations
report = simulate(0)
accounts, forgone = deleveraged(report)
told = [record for record in report["records"] if record["outcome"] == "autoDeleverage"]
print(f"without a fund {report['liquidations']['positionsLost']} positions are lost, and {accounts} accounts give up "
      f"{forgone} in {len(told)} of the liquidations")
worst = max(told, key=lambda record: Decimal(record["loss"]["deleveraged"]))
print(f"the dearest: {worst['account']} at {worst['mark']} on {worst['time']}, {worst['loss']['deleveraged']}")

# %% More fund, less deleveraging: halve the interval until the answer is known to the whole unit
short, enough = 0, 1
while deleveraged(simulate(enough))[0]:
    short, enough = enough, enough * 4
while enough - short > 1:
    middle = (short + enough) // 2
    if deleveraged(simulate(middle))[0]:
        short = middle
    else:
        enough = middle

# %% The answer
before = deleveraged(simulate(short))[0]
print(f"a fund of {enough} USDT spares everybody; with {short} there are still {before} who pay")

"""Second opinions on liquidation prices, by the code of ccxt and freqtrade themselves.

    python liquidation_prices.py brackets BTC/USDT:USDT ...      Binance's published brackets, as freqtrade ships them
    python liquidation_prices.py compare POSITIONS.jsonl         our prices against theirs; prints a summary as JSON

A line of POSITIONS.jsonl is one position: `symbol`, `pair` (ccxt's name for it), `tick`, `mode`, `leverage`, signed
`size`, signed `settledValue`, `mark`, `margin` (isolated: assigned), `wallet` (cross: balance without isolated margin),
`others` (the wallet's other cross positions: `pair`, `size`, `settledValue`, `mark`), and our `liquidationPrice`.
`settledValue` is what PnL counts from: the entry value, unless profit was realised into the wallet to pay for a loss.
"""

import json
import logging
import sys
from decimal import Decimal, getcontext
from types import SimpleNamespace

import ccxt
from freqtrade.enums import RunMode
from freqtrade.exchange.binance import Binance

getcontext().prec = 40


class Freqtrade(Binance):
    """freqtrade's Binance in a dry run, with its shipped brackets and, for the one thing it would fetch, our marks."""

    def __init__(self, margin_mode: str):
        config = {
            "dry_run": True,
            "runmode": RunMode.DRY_RUN,
            "trading_mode": "futures",
            "margin_mode": margin_mode,
            "stake_currency": "USDT",
            "exchange": {"name": "binance", "enable_ws": False},
        }
        super().__init__(config, validate=False, load_leverage_tiers=True)
        self.marks: dict[str, float] = {}

    def fetch_funding_rates(self, symbols=None):
        return {pair: {"markPrice": self.marks[pair]} for pair in symbols}

    def tiers(self, pair: str) -> list[dict]:
        return self._leverage_tiers[pair]

    def price(self, position: dict) -> tuple[float | None, int]:
        """The liquidation price, `None` for a long that cannot be liquidated, and the bracket it lies in, from 0.

        freqtrade picks the bracket by `stake_amount`. The price wanted lies in the bracket it was worked out with, so
        it is asked anew with the notional at the price it gave until that holds: brackets join without a step, and
        margin runs out faster than any of them grows, so the answers go one way and stop at the right one.
        """
        size, entry = Decimal(position["size"]), entry_price(position)
        wallet = position["margin"] if position["mode"] == "isolated" else position["wallet"]
        others = [self.trade(other) for other in position["others"]]
        stake, last = abs(size) * entry, None
        for _ in range(50):
            price = self.dry_run_liquidation_price(
                pair=position["pair"],
                open_rate=float(entry),
                is_short=size < 0,
                amount=float(abs(size)),
                stake_amount=float(max(stake, 0)),
                leverage=float(position["leverage"]),
                wallet_balance=float(wallet),
                open_trades=others,
            )
            stake = abs(size) * Decimal(price)
            bracket = self.bracket(position["pair"], stake)
            if bracket == last:
                return (price if price > 0 else None), bracket
            last = bracket
        raise AssertionError(f"no bracket fits {position}")

    def bracket(self, pair: str, notional: Decimal) -> int:
        return max([0] + [n for n, tier in enumerate(self.tiers(pair)) if notional >= tier["minNotional"]])

    def trade(self, other: dict) -> SimpleNamespace:
        """Another position as freqtrade's cross formula reads it. It counts each as long, so that a short becomes the
        long that has won as much: entered as far below the mark as the short was above it."""
        size, entry, mark = Decimal(other["size"]), entry_price(other), Decimal(other["mark"])
        self.marks[other["pair"]] = float(mark)
        return SimpleNamespace(
            pair=other["pair"],
            amount=float(abs(size)),
            open_rate=float(entry if size > 0 else 2 * mark - entry),
            stake_amount=float(abs(size) * mark),
        )


class Ccxt:
    """ccxt's own formula, which it uses where Binance reports positions without a liquidation price."""

    def __init__(self, brackets):
        self.exchange = ccxt.binance()
        self.exchange.options["leverageBrackets"] = brackets

    def price(self, position: dict, spare: Decimal) -> float | None:
        """The price for a position whose cross wallet counts as `spare`; rounded half up to the tick's decimals."""
        size, mark, entry = Decimal(position["size"]), Decimal(position["mark"]), entry_price(position)
        isolated = position["mode"] == "isolated"
        pnl = size * (mark - entry)
        raw = {
            "symbol": position["symbol"],
            "positionSide": "BOTH",
            "positionAmt": text(size),
            "entryPrice": text(entry),
            "notional": text(size * mark),
            "unrealizedProfit": text(pnl),
            "initialMargin": text(abs(size) * mark / Decimal(position["leverage"])),
            "maintMargin": "1",
            "leverage": position["leverage"],
            "isolated": isolated,
            "isolatedWallet": position["margin"] if isolated else "0",
            "crossWalletBalance": text(spare),
            "crossMargin": text(spare + pnl),
            "updateTime": 0,
        }
        market = {
            "id": position["symbol"],
            "symbol": position["pair"],
            "precision": {"price": position["tick"]},
            "contractSize": 1,
            "linear": True,
        }
        price = self.exchange.parse_account_position(raw, market)["liquidationPrice"]
        return None if not price else price


def entry_price(position: dict) -> Decimal:
    return Decimal(position["settledValue"]) / Decimal(position["size"])


def text(number: Decimal) -> str:
    return format(round(number, 18), "f")


def spare_wallet(position: dict, freqtrade: Freqtrade) -> Decimal:
    """What other cross positions leave of the wallet: plus their PnL, less their MM. ccxt leaves them out, so it is
    handed the wallet as they leave it."""
    spare = Decimal(position["wallet"])
    for other in position["others"]:
        size, mark = Decimal(other["size"]), Decimal(other["mark"])
        rate, amount = freqtrade.get_maintenance_ratio_and_amt(other["pair"], float(abs(size) * mark))
        spare += size * (mark - entry_price(other)) - abs(size) * mark * Decimal(str(rate)) + Decimal(str(amount))
    return spare


class Tally:
    """Positions compared with one peer, and how far apart the prices were, in ticks."""

    def __init__(self):
        self.counts: dict[str, int] = {}
        self.total = self.priced = self.beyond = 0
        self.worst: list[tuple[float, dict]] = []

    def add(self, kinds: list[str], ours: str | None, theirs: float | None, position: dict):
        self.total += 1
        self.priced += ours is not None
        for kind in kinds:
            self.counts[kind] = self.counts.get(kind, 0) + 1
        tick = Decimal(position["tick"])
        # No price is a price of zero: a long whose margin covers a fall to nothing.
        apart = float(abs(Decimal(ours or 0) - Decimal(theirs or 0)) / tick)
        self.beyond += apart > 1 + 1e-9
        if len(self.worst) < 5 or apart > self.worst[-1][0]:
            self.worst.append((apart, {"ours": ours, "theirs": theirs, **position}))
            self.worst = sorted(self.worst, key=lambda entry: -entry[0])[:5]

    def summary(self) -> dict:
        worst = [{"ticks": round(apart, 4), **position} for apart, position in self.worst]
        return {
            "compared": self.total,
            "priced": self.priced,
            "beyondOneTick": self.beyond,
            "kinds": self.counts,
            "worst": worst,
        }


def compare(path: str) -> dict:
    peers = {mode: Freqtrade(mode) for mode in ("isolated", "cross")}
    brackets = {
        pair: [[str(tier["minNotional"]), str(tier["maintenanceMarginRate"])] for tier in tiers]
        for pair, tiers in peers["cross"]._leverage_tiers.items()
    }
    client = Ccxt(brackets)
    freqtrade, ccxts = Tally(), Tally()
    with open(path) as lines:
        for line in lines:
            position = json.loads(line)
            mode, side = position["mode"], "long" if position["size"][0] != "-" else "short"
            kinds = [f"{mode} {side}"]
            if mode == "cross":
                kinds.append("with others" if position["others"] else "alone")
            if position["liquidationPrice"] is None:
                kinds.append("without a price")
            price, bracket = peers[mode].price(position)
            freqtrade.add(kinds + [f"bracket {bracket + 1}"], position["liquidationPrice"], price, position)
            # ccxt takes the whole position at the rate of the bracket that its present notional lies in.
            notional = abs(Decimal(position["size"])) * Decimal(position["mark"])
            if bracket == 0 and peers["cross"].bracket(position["pair"], notional) == 0:
                spare = spare_wallet(position, peers["cross"]) if mode == "cross" else Decimal(0)
                ccxts.add(kinds, position["liquidationPrice"], client.price(position, spare), position)
    return {"freqtrade": freqtrade.summary(), "ccxt": ccxts.summary()}


def main() -> None:
    logging.disable(logging.CRITICAL)
    command, *arguments = sys.argv[1:]
    if command == "brackets":
        peer = Freqtrade("isolated")
        result = {pair: peer.tiers(pair) for pair in arguments}
    elif command == "compare":
        result = compare(arguments[0])
    else:
        sys.exit(f"unknown command {command}: brackets or compare")
    print(json.dumps(result))


if __name__ == "__main__":
    main()

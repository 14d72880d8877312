"""ccxt: settings, positions, balances, margin rates, funding, and what is public about a market."""
import ccxt
from stand import BTC, ETH, ccxt_settings, check, equal, fund, mark, refused

maker, taker = (ccxt.binanceusdm(ccxt_settings(name)) for name in ("alice", "bob"))
maker.load_markets()

# Settings.
taker.set_leverage(20, BTC)
taker.set_margin_mode("isolated", BTC)
refused(ccxt.MarginModeAlreadySet, taker.set_margin_mode, "isolated", BTC)
equal(taker.fetch_leverages()[BTC]["longLeverage"], 20, "leverage")
equal(taker.fetch_margin_modes()[BTC]["marginMode"], "isolated", "margin mode")
equal(taker.fetch_position_mode()["hedged"], False, "position mode")
taker.set_position_mode(True)
equal(taker.fetch_position_mode()["hedged"], True, "hedge mode")
taker.set_position_mode(False)

# An isolated position of 0.1 at 50,000: 20x puts 250 behind it.
maker.create_order(BTC, "limit", "sell", 0.1, 50_000)
taker.create_order(BTC, "market", "buy", 0.1)
(position,) = taker.fetch_positions([BTC])
equal((position["side"], position["contracts"], position["entryPrice"]), ("long", 0.1, 50_000.0), "position")
equal((position["marginMode"], position["initialMargin"]), ("isolated", 250.0), "margin")
(short,) = maker.fetch_positions([BTC])
equal((short["side"], short["marginMode"]), ("short", "cross"), "the other side")
before = position["liquidationPrice"]
equal(taker.add_margin(BTC, 100)["amount"], 100.0, "margin added")
check(taker.fetch_positions([BTC])[0]["liquidationPrice"] < before, "more margin, lower liquidation price")
taker.reduce_margin(BTC, 50)
moved = taker.fetch_margin_adjustment_history(BTC)
equal([(each["type"], each["amount"]) for each in moved], [("add", 100.0), ("reduce", 50.0)], "margin history")
refused(ccxt.ExchangeError, taker.reduce_margin, BTC, 5_000)

# ccxt's own formula for the liquidation price agrees with the venue's, in the first bracket.
(by_account,) = taker.fetch_positions([BTC], {"method": "account"})
(by_risk,) = taker.fetch_positions([BTC])
if taker.fetch_leverage_tiers()[BTC][0]["maintenanceMarginRate"] == 0.004:
    check(abs(by_account["liquidationPrice"] - by_risk["liquidationPrice"]) < 1, by_account["liquidationPrice"],
          by_risk["liquidationPrice"])

# Balances: 1,000,000 less a taker fee of 0.05 % of 5,000.
balance = taker.fetch_balance()
equal(balance["USDT"]["total"], 999_997.5, "balance")
mark(51_000)
equal(taker.fetch_positions([BTC])[0]["unrealizedPnl"], 100.0, "unrealised PnL")
equal(taker.fetch_balance()["USDT"]["total"], 1_000_097.5, "balance with unrealised PnL")

# Funding of 0.01 % of 5,100.
fund("0.0001")
equal([each["amount"] for each in taker.fetch_funding_history(BTC)], [-0.51], "funding paid")
equal([each["amount"] for each in maker.fetch_funding_history(BTC)], [0.51], "funding received")
check({each["type"] for each in taker.fetch_ledger("USDT")} >= {"fee"}, "ledger")

# What is public.
ticker = maker.fetch_ticker(BTC)
equal((ticker["last"], ticker["quoteVolume"]), (50_000.0, 5_000.0), "ticker")
maker.fetch_tickers([BTC])
maker.create_order(BTC, "limit", "buy", 0.3, 49_000)
equal(maker.fetch_order_book(BTC, 50)["bids"], [[49_000.0, 0.3]], "book")
equal(maker.fetch_bids_asks([BTC])[BTC]["bid"], 49_000.0, "best bid")
equal(maker.fetch_ohlcv(BTC, "1m", None, 5)[-1][4], 50_000.0, "candle")
equal(maker.fetch_mark_ohlcv(BTC, "1h", None, 5)[-1][4], 51_000.0, "candle of marks")
equal(maker.fetch_mark_price(BTC)["markPrice"], 51_000.0, "mark")
equal(maker.fetch_funding_rate(BTC)["markPrice"], 51_000.0, "mark by funding rate")
maker.fetch_funding_rates()
equal(len(maker.fetch_funding_rate_history(BTC, None, 3)), 1, "funding rates")
check(maker.fetch_funding_interval(BTC)["interval"], "funding interval")
equal(maker.fetch_open_interest(BTC)["openInterestAmount"], 0.1, "open interest")
tiers = taker.fetch_leverage_tiers()[BTC]
check(tiers[0]["maxLeverage"] > tiers[-1]["maxLeverage"], tiers)
equal(taker.fetch_market_leverage_tiers(BTC), tiers, "tiers of one market")
equal(taker.fetch_trading_fee(BTC)["taker"], 0.0005, "fee")
check(taker.fetch_positions_adl_rank([BTC]), "ADL rank")
equal(taker.fetch_my_liquidations(BTC), [], "no liquidations")
equal(maker.fapiPublicGetInsuranceBalance({"symbol": "BTCUSDT"})["assets"][0]["asset"], "USDT", "insurance")
equal(maker.fapiPublicGetSymbolAdlRisk({"symbol": "BTCUSDT"})["symbol"], "BTCUSDT", "ADL risk")

# The dead man's switch.
from stand import eventually
equal(len(maker.fetch_open_orders(BTC)), 1, "open orders")
maker.fapiPrivatePostCountdownCancelAll({"symbol": "BTCUSDT", "countdownTime": 500})
eventually(lambda: not maker.fetch_open_orders(BTC), "the dead man's switch")
print("ok")

// Candles: as the venue keeps them, or shorter ones folded from its latest trades.

import { get } from "./api.js";

/** Lengths by name, in seconds. The venue keeps none below a minute. */
export const LENGTHS = { "5s": 5, "1m": 60, "5m": 300, "15m": 900, "1h": 3_600 };
/** Candles are asked for by so many; trades a thousand at a time, so many times. */
const [COUNT, PAGES] = [500, 4];

const seconds = (moment) => Math.floor(Date.parse(moment) / 1_000);
/** The chart counts in UTC; shifted so that its clock is the reader's. */
export const local = (moment) => seconds(moment) - new Date(moment).getTimezoneOffset() * 60;
/** The start of the candle that a moment falls in. */
export const start = (moment, length) => Math.floor(local(moment) / LENGTHS[length]) * LENGTHS[length];

/** A candle with one trade more in it; a new one where the trade is later. `null` where it is earlier. */
export function grown(candle, trade, length) {
  const [time, price, size] = [start(trade.time, length), Number(trade.price), Number(trade.size)];
  if (candle && time < candle.time) return null;
  if (candle?.time !== time) return { time, open: price, high: price, low: price, close: price, volume: size };
  return {
    ...candle, close: price, high: Math.max(candle.high, price), low: Math.min(candle.low, price),
    volume: candle.volume + size,
  };
}

/** The latest candles of trades and of marks, oldest first. */
export async function candles(symbol, length) {
  return LENGTHS[length] < 60 ? folded(symbol, length) : kept(symbol, length);
}

async function kept(symbol, length) {
  const [trades, marks] = await Promise.all(["trades", "marks"].map((source) =>
    get(`/contracts/${symbol}/candles?source=${source}&interval=${length}&limit=${COUNT}`)));
  const oldestFirst = (answer) => [...answer.candles].sort((a, b) => seconds(a.start) - seconds(b.start));
  return {
    trades: oldestFirst(trades).map((each) => ({
      time: local(each.start), open: Number(each.open), high: Number(each.high), low: Number(each.low),
      close: Number(each.close), volume: Number(each.volume),
    })),
    marks: oldestFirst(marks).map((each) => ({ time: local(each.start), value: Number(each.close) })),
  };
}

async function folded(symbol, length) {
  const found = [];
  for (let page = 0, before = ""; page < PAGES; page += 1) {
    const { trades } = await get(`/contracts/${symbol}/trades?limit=1000${before}`);
    found.push(...trades);
    if (trades.length < 1_000) break;
    before = "&before=" + trades.at(-1).id;
  }
  const drawn = [];
  for (const trade of found.reverse()) {
    const candle = grown(drawn.at(-1) ?? null, trade, length);
    if (!candle) continue;
    if (drawn.at(-1)?.time === candle.time) drawn[drawn.length - 1] = candle;
    else drawn.push(candle);
  }
  return { trades: drawn, marks: [] };
}

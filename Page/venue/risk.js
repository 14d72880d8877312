// How much is at stake: shares and ratios to look at. Money is the venue's to say.

/** What a size is worth at a price, in the currency it settles in, without its sign. */
export function worth(contract, size, price) {
  const [amount, at] = [Math.abs(Number(size)) * Number(contract.multiplier), Number(price)];
  return contract.kind === "inverse" ? amount / at : amount * at;
}

/** What is held for each unit of what stands behind it: a position's own margin, or for cross the whole account's. */
export function effectiveLeverage(position, contract, wallet) {
  if (!contract || Number(position.size) === 0) return null;
  const value = worth(contract, position.size, position.markPrice);
  const behind = position.mode === "isolated" || !wallet
    ? Number(position.margin) + Number(position.unrealisedPnl) : Number(wallet.equity);
  return behind > 0 ? value / behind : null;
}

/** The same of all positions that settle in one currency. */
export function accountLeverage(positions, contracts, wallet) {
  const value = positions.reduce((sum, each) => sum + worth(contracts.get(each.symbol), each.size, each.markPrice), 0);
  return Number(wallet.equity) > 0 ? value / Number(wallet.equity) : null;
}

export const times = (ratio) =>
  (ratio === null || !Number.isFinite(ratio) ? "–" : `${ratio.toFixed(ratio < 10 ? 2 : 1)}x`);

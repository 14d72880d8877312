/// A position in the liquidation engine's hands after one takeover. Never netted, never matched against another lot.
struct Lot: Sendable {
    let liquidation: LiquidationID
    let account: AccountID
    let side: PositionSide
    let contract: ContractID
    var size: Size
    /// The trader's settled value less the margin that came with it: what closing must fetch for the fund to lose nothing.
    var settled: Amount
    /// The book order that offers it; `-1` when there is none.
    var order: Int32 = -1
    /// The size last told to wait for a taker, so that it is told once and not at every mark; zero when none was.
    var waiting = Size.zero
    /// What the fund has paid into it; and whether the fund has absorbed it and holds it for its own account.
    var paid = Amount.zero
    var isAbsorbed = false
    /// The mark it was absorbed at: the fund offers it no worse than that.
    var absorbedAt: Price?
    /// The stage that worked on it last, as its trader is told.
    var state = PositionState.partial
    /// When the fund stops waiting for the market; `nil` where only the mark decides.
    let impatientAt: Timestamp?
}

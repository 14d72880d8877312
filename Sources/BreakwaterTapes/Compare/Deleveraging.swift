import BreakwaterCore

/// One opposing position closed against the liquidation engine, with what it paid and what was to be paid.
struct Deleveraging: Sendable {
    let account: AccountID
    let side: PositionSide
    let size: Size
    /// What the position would have been worth more at mark.
    let givenUp: Amount
    /// What closing this part of the engine's lot at mark would have lost.
    let missing: Amount
}

extension LiquidationRecord {
    /// The deleveragings of this liquidation. Who gives up more than was missing pays for the policy, not for the loss.
    ///
    /// The lot's settled value is followed from the takeover as the engine does: every part that leaves takes its
    /// pro-rata share, rounded to nearest, and funding moves it.
    var deleveragings: [Deleveraging] {
        var lot = (size: Size.zero, settled: Amount.zero)
        func share(_ part: Size) -> Amount {
            guard lot.size > .zero else { return .zero }
            return lot.settled.share(min(part, lot.size).raw, of: lot.size.raw, .nearest)
        }
        func leave(_ part: Size) {
            lot = (max(.zero, lot.size - part), lot.settled - share(part))
        }
        var found: [Deleveraging] = []
        for (_, step) in steps {
            switch step {
            case .takenOver(let size, _, let settled, _): lot = (size.magnitude, settled)
            case .lotFunded(let due): lot.settled = lot.settled + due
            case .lotTraded(let part, _, _, _, _): leave(part.magnitude)
            case .deleveraged(let account, let side, let part, let value, let forgone):
                let missing = share(part.magnitude) - (value - forgone)
                found.append(
                    Deleveraging(account: account, side: side, size: part, givenUp: forgone, missing: missing))
                leave(part.magnitude)
            default: break
            }
        }
        return found
    }
}

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
    /// The deleveragings of this liquidation. Anyone who gives up more than was missing pays for the policy, not for the
    /// loss; what is given up beyond it is what the fund gains by the price.
    var deleveragings: [Deleveraging] {
        steps.compactMap { _, step in
            guard case .deleveraged(let account, let side, let size, _, let forgone, let gain) = step else {
                return nil
            }
            return Deleveraging(account: account, side: side, size: size, givenUp: forgone, missing: forgone - gain)
        }
    }
}

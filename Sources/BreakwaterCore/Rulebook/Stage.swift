/// One step of a liquidation waterfall. Positions pass the stages in the rulebook's order, re-checked before each.
public enum Stage: Sendable, Equatable {
    /// Tell the trader as the buffer falls. Works on every mark, not only at the trigger.
    case warnings(Warnings)
    /// Lower the risk limit to the lowest that holds position and open orders, or the position alone.
    case stepDown(withOrders: Bool)
    /// Cancel the contract's open orders, and no others.
    case cancelOrders
    /// FillOrKill the difference to the largest lower risk limit at which the rest would be healthy.
    case fillOrKill
    /// The liquidation engine takes the position over by value and offers it at the bankruptcy price.
    case takeover(patience: Duration?)
    /// The fund pays for aggressing the book beyond the bankruptcy price, at most so far from the mark.
    case insuranceFund(slippage: Rate?)
    /// Opposing positions, best ranked first, take the rest at the bankruptcy price.
    case autoDeleverage(AutoDeleveragePolicy)

    public var name: String {
        switch self {
        case .warnings: "warnings"
        case .stepDown(withOrders: true): "stepDownWithOrders"
        case .cancelOrders: "cancelOrders"
        case .stepDown(withOrders: false): "stepDown"
        case .fillOrKill: "fillOrKill"
        case .takeover: "takeover"
        case .insuranceFund: "insuranceFund"
        case .autoDeleverage: "autoDeleverage"
        }
    }

    /// Whether the stage works on what the liquidation engine holds, rather than on the trader's position.
    var followsTakeover: Bool {
        switch self {
        case .insuranceFund, .autoDeleverage: true
        case .warnings, .stepDown, .cancelOrders, .fillOrKill, .takeover: false
        }
    }

    static func validate(_ waterfall: [Stage], cross: Rulebook.CrossModel) throws(TermsError) {
        func refuse(_ stage: Stage, _ expected: String) -> TermsError {
            TermsError(key: "waterfall", value: stage.name, expected: expected)
        }
        guard let takeover = waterfall.firstIndex(where: { $0.name == "takeover" }) else {
            throw TermsError(
                key: "waterfall", value: waterfall.map(\.name).joined(separator: ", "),
                expected: "a takeover, so that every liquidation ends")
        }
        for (index, stage) in waterfall.enumerated() {
            guard waterfall.firstIndex(where: { $0.name == stage.name }) == index else {
                throw refuse(stage, "each stage once")
            }
            guard stage.followsTakeover == (index > takeover) else {
                throw refuse(stage, stage.followsTakeover ? "it after the takeover" : "it before the takeover")
            }
        }
    }
}

/// Who is deleveraged first.
public enum AutoDeleveragePolicy: String, Sendable, CaseIterable {
    /// PnL % times effective leverage, or divided by it for losers. Source: BitMEX, "Auto-Deleveraging".
    case bitmexRank
}

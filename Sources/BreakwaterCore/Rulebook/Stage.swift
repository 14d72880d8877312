/// One step of a liquidation waterfall. Positions pass the stages in the rulebook's order, re-checked before each.
///
/// The first stages work on the trader's position, those from `liquiditySupport` on on what the liquidation engine took
/// over. Where no `takeover` stands between them, the position is taken over without an offer when the first of the
/// latter is reached.
public enum Stage: Sendable, Equatable {
    /// Tell the trader as the buffer falls. Works on every mark, not only at the trigger.
    case warnings(Warnings)
    /// Lower the risk limit to the lowest that holds position and open orders, or the position alone.
    case stepDown(withOrders: Bool)
    /// Cancel the contract's open orders, and no others.
    case cancelOrders
    /// FillOrKill the difference to the largest lower risk limit at which the rest would be healthy.
    case fillOrKill
    /// Turn other currencies that back the account into the one it owes, at this much below their price.
    case convertCollateral(discount: Rate)
    /// Close a part in the book.
    case partial(PartialClose)
    /// Close everything in the book.
    case marketClose(MarketClose)
    /// The liquidation engine takes the position over by value.
    case takeover(Takeover)
    /// Registered providers take it over at the price of zero equity, each up to its capacity in one window.
    case liquiditySupport(window: Duration)
    /// The fund pays for closing it in the book, or absorbs it.
    case insuranceFund(FundUse)
    /// Opposing positions, best ranked first, take the rest.
    case autoDeleverage(AutoDeleverage)
    /// The rest closes at mark against opposing positions, and the winners of the period pay for the deficit.
    case clawback(period: Duration)

    public var name: String {
        switch self {
        case .warnings: "warnings"
        case .stepDown(withOrders: true): "stepDownWithOrders"
        case .cancelOrders: "cancelOrders"
        case .stepDown(withOrders: false): "stepDown"
        case .fillOrKill: "fillOrKill"
        case .convertCollateral: "convertCollateral"
        case .partial: "partial"
        case .marketClose: "marketClose"
        case .takeover: "takeover"
        case .liquiditySupport: "liquiditySupport"
        case .insuranceFund: "insuranceFund"
        case .autoDeleverage: "autoDeleverage"
        case .clawback: "clawback"
        }
    }

    /// Whether the stage works on what the liquidation engine holds, rather than on the trader's position.
    var followsTakeover: Bool {
        switch self {
        case .liquiditySupport, .insuranceFund, .autoDeleverage, .clawback: true
        case .warnings, .stepDown, .cancelOrders, .fillOrKill, .convertCollateral, .partial, .marketClose, .takeover:
            false
        }
    }
}

extension Rulebook {
    /// The names of its stages in order, with the takeover that stands before the engine's where the file has none.
    public var stageNames: [String] {
        let names = waterfall.map(\.name)
        guard !names.contains("takeover"), let first = waterfall.firstIndex(where: \.followsTakeover) else {
            return names
        }
        return names[..<first] + ["takeover"] + names[first...]
    }
}

/// Why a waterfall is refused.
extension Rulebook {
    func validateWaterfall() throws(TermsError) {
        func refuse(_ stage: Stage, _ expected: String) -> TermsError {
            TermsError(key: "waterfall", value: stage.name, expected: expected)
        }
        guard waterfall.contains(where: { $0.followsTakeover || $0.name == "takeover" }) else {
            throw TermsError(
                key: "waterfall", value: waterfall.map(\.name).joined(separator: ", "),
                expected: "a takeover, or a stage that takes positions over, so that every liquidation ends")
        }
        let firstOfEngine = waterfall.firstIndex { $0.followsTakeover } ?? waterfall.count
        for (index, stage) in waterfall.enumerated() {
            guard waterfall.firstIndex(where: { $0.name == stage.name }) == index else {
                throw refuse(stage, "each stage once")
            }
            guard stage.followsTakeover == (index >= firstOfEngine) else {
                throw refuse(
                    stage, "it before \(waterfall[firstOfEngine].name), which works on what has been taken over")
            }
            if stage.name == "takeover", index + 1 != firstOfEngine {
                throw refuse(waterfall[index + 1], "it before the takeover, which always ends the trader's part")
            }
            if case .clawback = stage, index + 1 != waterfall.count {
                throw refuse(waterfall[index + 1], "no stage after the clawback, which always ends a liquidation")
            }
            try validate(stage)
        }
    }

    /// Whether a stage's own figures make sense, with the rest of the rulebook.
    private func validate(_ stage: Stage) throws(TermsError) {
        func refuse(_ key: String, _ value: String, _ expected: String) -> TermsError {
            TermsError(key: "\(stage.name).\(key)", value: value, expected: expected)
        }
        switch stage {
        case .warnings, .cancelOrders: break
        case .stepDown:
            guard riskLimits == .chosen else {
                throw refuse(
                    "riskLimit", riskLimits.rawValue, "chosen, because there is no risk limit to lower otherwise")
            }
        case .fillOrKill:
            guard basis == .entry else {
                throw refuse("basis", basis.rawValue, "entry, because only stepped tables have limits to step down to")
            }
        case .convertCollateral(let discount):
            guard collateral != nil else { throw refuse("collateral", "none", "a collateral table in the rulebook") }
            guard discount >= .zero, discount < .one else {
                throw refuse("discount", "\(discount.decimal)", "a rate from 0 to below 100%")
            }
        case .partial(let terms): try terms.validate(in: self)
        case .marketClose(let terms): try checkSlippage(terms.slippage, of: stage)
        case .takeover(let terms):
            if terms.below == .closeOut, closeOut == nil {
                throw refuse("below", "closeOut", "a closeOut margin in the rulebook")
            }
            guard terms.below == nil || stages.partial.map({ $0.above == nil || $0.above == terms.below }) == true
            else {
                throw refuse(
                    "below", "\(terms.below!)",
                    "a partial stage that works down to the same level, so that no gap is left")
            }
        case .liquiditySupport(let window):
            guard window > .zero else { throw refuse("window", "0", "a length above zero") }
        case .insuranceFund(.aggress(let slippage)): try checkSlippage(slippage, of: stage)
        case .insuranceFund(.absorb): break
        case .autoDeleverage: break
        case .clawback(let period):
            guard period > .zero else { throw refuse("period", "0", "a length above zero") }
        }
    }

    func checkSlippage(_ slippage: Rate?, of stage: Stage) throws(TermsError) {
        guard let slippage, slippage <= .zero || slippage >= .one else { return }
        throw TermsError(
            key: "\(stage.name).slippage", value: "\(slippage.decimal)", expected: "a rate between 0 and 100%")
    }
}

/// Why a command was refused. Codes are stable; nothing of a refused command is applied.
public enum Rejection: Error, Sendable, Equatable {
    case timeWentBackwards(Timestamp, now: Timestamp)
    case timeTooLate(Timestamp)
    case nameTaken(String)
    case tooManyListings
    case tiersUnfit(TermsError)
    case unknownAccount
    case unknownCurrency
    case unknownContract
    case unknownOrder
    case duplicateOrder
    case amountNotPositive
    case moneyLimit(CurrencyID)
    case insufficientAvailable(CurrencyID, asked: Amount, available: Amount)
    case oneFundPerCurrency
    case leverageTooHigh(ContractID, asked: Leverage, limit: Leverage)
    case hedgeModeMismatch(hedged: Bool)
    case positionsOpen
    case noPosition
    case notIsolated
    case marginBelowInitial(ContractID, margin: Amount, required: Amount)
    case wouldBeLiquidated(ContractID, margin: Amount, maintenance: Amount)
    case insufficientMargin(ContractID, required: Amount, available: Amount)
    case noRiskLimits(ContractID)
    case unknownRiskLimit(ContractID, asked: Amount)
    case riskLimitExceeded(ContractID, value: Amount, limit: Amount)
    case noMark(ContractID)
    case halted(ContractID)
    case notHalted(ContractID)
    case sizeNotPositive
    case priceNotPositive
    case valueTooLarge(ContractID)
    case marketOrderRests
    case wouldTakeLiquidity(ContractID, limit: Price, best: Price)
    case nothingToReduce(ContractID)
    case selfTrade
    case nothingToAmend
    case closesBeyondBankruptcy(ContractID)
    case closesMoreThanHeld(ContractID)
    case fundingRateTooHigh
    case outsideOpeningBand(ContractID, limit: Rate)
    case onlyReducing(ContractID)
    case eventOver
    case rateOutOfRange
    case changeInThePast
    case rulesUnfit(TermsError)
    case transferMargin(CurrencyID, asked: Amount, available: Amount)
    case wouldTriggerAtOnce(ContractID, stop: Price, price: Price)
    case notConditional
    case notLimitOrder
    case outsidePriceBand(ContractID, lower: Price, upper: Price)
    case inAuction(ContractID)
    case notInAuction(ContractID)
    case staleMark(ContractID)
    case markIsComputed(ContractID)
    case unknownSource(ContractID, source: String)
    case priceTooOld(ContractID, age: Duration)
    case priceFromFuture(ContractID)
    case termsUnfit(TermsError)
    case accountFrozen
    case accountReducesOnly
    case sameAccount

    /// The stable name that programs match on: the case's own. A test pins the list.
    public var code: String { Mirror(reflecting: self).children.first?.label ?? "\(self)" }
}

extension Rejection {
    /// The refusal as a sentence to the person who asked, with the names and decimals of `venue`.
    public func sentence(in venue: Directory) -> String {
        func money(_ amount: Amount, _ contract: ContractID) -> String {
            self.money(amount, venue[contract].settle, venue)
        }
        switch self {
        case .timeWentBackwards: return "The command's time is before that of the one before it."
        case .timeTooLate: return "The command's time is beyond the year 9999."
        case .nameTaken(let name): return "The name \(name) is taken already."
        case .tooManyListings: return "The venue lists as many as it can."
        case .tiersUnfit(let error): return "The contract's \(error.key) is \(error.value); expected \(error.expected)."
        case .unknownAccount: return "There is no such account."
        case .unknownCurrency: return "There is no such currency."
        case .unknownContract: return "There is no such contract."
        case .unknownOrder: return "No such order is open."
        case .duplicateOrder: return "An order of that id is open already."
        case .amountNotPositive: return "The amount must be above zero."
        case .moneyLimit(let currency): return "The venue cannot hold that much \(venue[currency].name)."
        case .insufficientAvailable(let currency, let asked, let available):
            return
                "\(self.money(asked, currency, venue)) was asked for, but only \(self.money(available, currency, venue)) is available."
        case .oneFundPerCurrency:
            return "This rulebook keeps one insurance fund for each currency, none for a contract."
        case .leverageTooHigh(let contract, let asked, let limit):
            return "\(venue[contract].symbol) allows at most \(limit.decimal)x leverage, not \(asked.decimal)x."
        case .hedgeModeMismatch(let hedged):
            return hedged
                ? "The account is in hedge mode: say whether the long or the short position is meant."
                : "The account is not in hedge mode: it has one net position in each contract."
        case .positionsOpen: return "Close all positions and cancel all orders before changing hedge mode."
        case .noPosition: return "There is no open position."
        case .notIsolated: return "Margin can be moved to and from isolated positions only."
        case .marginBelowInitial(let contract, let margin, let required):
            return
                "That would leave \(money(margin, contract)) behind the position, below its initial margin of \(money(required, contract))."
        case .wouldBeLiquidated(let contract, let margin, let maintenance):
            return
                "That would leave a margin of \(money(margin, contract)), at or below the maintenance margin of \(money(maintenance, contract)): the position would be liquidated at once."
        case .insufficientMargin(let contract, let required, let available):
            return
                "\(venue[contract].symbol) needs \(money(required, contract)) more margin, but \(money(available, contract)) is available."
        case .noRiskLimits(let contract): return "\(venue[contract].symbol) has no risk limits to choose from."
        case .unknownRiskLimit(let contract, let asked):
            return "\(money(asked, contract)) is not one of \(venue[contract].symbol)'s risk limits."
        case .riskLimitExceeded(let contract, let value, let limit):
            return
                "Position and orders would be worth \(money(value, contract)), above the risk limit of \(money(limit, contract))."
        case .noMark(let contract):
            return "\(venue[contract].symbol) has no mark price yet, so no new risk is accepted."
        case .halted(let contract): return "Trading in \(venue[contract].symbol) is halted; orders can be cancelled."
        case .notHalted(let contract): return "Trading in \(venue[contract].symbol) is not halted."
        case .sizeNotPositive: return "The size must be above zero."
        case .priceNotPositive: return "The price must be above zero."
        case .valueTooLarge(let contract):
            return "A position of that size in \(venue[contract].symbol) is more than the venue can hold."
        case .marketOrderRests: return "A market order trades at once: it cannot be post-only."
        case .wouldTakeLiquidity(let contract, let limit, let best):
            return
                "A post-only order at \(venue[contract].decimal(limit)) would trade at once with \(venue[contract].decimal(best))."
        case .nothingToReduce(let contract):
            return "There is no position in \(venue[contract].symbol) that the order would reduce."
        case .selfTrade: return "An account cannot trade with itself."
        case .nothingToAmend: return "Neither a new size nor a new price was given."
        case .closesBeyondBankruptcy(let contract):
            return
                "Closing in \(venue[contract].symbol) at that price would lose more than the margin behind the position."
        case .closesMoreThanHeld(let contract):
            return
                "In hedge mode a side of \(venue[contract].symbol) can be closed, but not turned by closing more than it holds."
        case .outsideOpeningBand(let contract, let limit):
            let percent = ExactDecimal(digits: limit.wide, places: 7)
            return
                "Opening in \(venue[contract].symbol) at a value more than \(percent) % below that at mark is not accepted."
        case .eventOver: return "An event must end after it begins, and after now."
        case .rateOutOfRange: return "The rate must be above 0 and at most 100 %."
        case .changeInThePast: return "Rules cannot change in the past."
        case .rulesUnfit(let error):
            return "Those rules do not fit: \(error.key) is \(error.value); expected \(error.expected)."
        case .onlyReducing(let contract):
            return
                "The position in \(venue[contract].symbol) came from liquidity support and can only be reduced until its window ends."
        case .transferMargin(let currency, let asked, let available):
            return
                "\(self.money(asked, currency, venue)) was asked for, but open positions need more margin behind them: \(self.money(available, currency, venue)) can be withdrawn."
        case .staleMark(let contract):
            return
                "\(venue[contract].symbol)'s mark price is stale: positions can be reduced and orders cancelled, but no new risk is accepted."
        case .markIsComputed(let contract):
            return "\(venue[contract].symbol)'s mark price is computed by the venue and cannot be set."
        case .unknownSource(let contract, let source):
            return "\(source) is not a source of \(venue[contract].symbol)'s index."
        case .priceTooOld(let contract, let age):
            let seconds = ExactDecimal(digits: age.wide, places: 6)
            return "That price of \(venue[contract].symbol) was observed \(seconds) seconds ago, which is too old."
        case .priceFromFuture(let contract):
            return "That price of \(venue[contract].symbol) claims to be observed later than now."
        case .termsUnfit(let error):
            return "The contract's \(error.key) is \(error.value); expected \(error.expected)."
        case .fundingRateTooHigh: return "A funding rate lies between -100 % and 100 %."
        case .wouldTriggerAtOnce(let contract, let stop, let price):
            return
                "The order would fire at once: its trigger price is \(venue[contract].decimal(stop)) and the price stands at \(venue[contract].decimal(price))."
        case .notConditional: return "The order waits for no trigger price, so there is none to change."
        case .notLimitOrder: return "The order fires as a market order, so it has no limit to change."
        case .outsidePriceBand(let contract, let lower, let upper):
            return
                "Limits in \(venue[contract].symbol) are accepted from \(venue[contract].decimal(lower)) to \(venue[contract].decimal(upper)) at present."
        case .inAuction(let contract):
            return
                "\(venue[contract].symbol) is in a call auction: limit orders rest until it ends, and nothing else is accepted."
        case .accountFrozen: return "The venue has frozen this account: it can deposit and cancel orders, nothing else."
        case .accountReducesOnly: return "The venue lets this account reduce its positions only, not open more."
        case .sameAccount: return "Money can be moved between two different accounts only."
        case .notInAuction(let contract): return "\(venue[contract].symbol) is not in a call auction."
        }
    }

    private func money(_ amount: Amount, _ currency: CurrencyID, _ venue: Directory) -> String {
        "\(venue[currency].decimal(amount)) \(venue[currency].name)"
    }
}

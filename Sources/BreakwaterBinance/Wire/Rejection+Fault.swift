internal import BreakwaterCore

/// The core's refusals in this dialect. Where clients match on a text it is that text; elsewhere the core's sentence.
extension Fault {
    init(_ rejection: Rejection, in venue: Directory) {
        let sentence = rejection.sentence(in: venue)
        switch rejection {
        // ccxt maps the number for one host only, and this text everywhere.
        case .insufficientMargin: self.init(-2019, "Account has insufficient balance for requested action.")
        case .insufficientAvailable: self.init(-4051, "Isolated balance insufficient.")
        case .unknownOrder: self = .unknownOrder
        case .duplicateOrder: self.init(-4116, "ClientOrderId is duplicated.")
        case .nothingToReduce, .closesMoreThanHeld: self.init(-2022, "ReduceOnly Order is rejected.")
        case .wouldTriggerAtOnce: self.init(-2021, "Order would immediately trigger.")
        case .wouldTakeLiquidity:
            self.init(
                -5022,
                "Due to the order could not be executed as maker, the Post Only order will be rejected. "
                    + "The order will not be recorded in the order history.")
        case .hedgeModeMismatch: self.init(-4061, "Order's position side does not match user's setting.")
        case .positionsOpen:
            self.init(-4068, "Position side cannot be changed if there exists open orders or positions.")
        case .leverageTooHigh: self.init(-4028, sentence)
        case .marginBelowInitial, .wouldBeLiquidated: self.init(-4054, sentence)
        case .notIsolated: self.init(-4046, sentence)
        case .noPosition: self.init(-4050, sentence)
        case .riskLimitExceeded, .valueTooLarge: self.init(-2027, sentence)
        case .noRiskLimits, .unknownRiskLimit: self.init(-2028, sentence)
        case .sizeNotPositive: self.init(-4003, "Quantity less than or equal to zero.")
        case .priceNotPositive: self.init(-4001, "Price less than 0.")
        case .amountNotPositive: self.init(-4043, sentence)
        case .marketOrderRests: self.init(-1106, sentence)
        case .nothingToAmend: self.init(-5027, "No need to modify the order.")
        case .notConditional, .notLimitOrder: self.init(-4243, sentence)
        case .outsidePriceBand, .closesBeyondBankruptcy, .outsideOpeningBand: self.init(-4131, sentence)
        case .halted, .inAuction, .notHalted, .notInAuction: self.init(-4141, sentence)
        case .noMark, .staleMark, .onlyReducing, .accountReducesOnly: self.init(-2020, sentence)
        case .accountFrozen: self.init(-2018, sentence)
        case .unknownContract: self = .invalidSymbol
        case .selfTrade: self.init(-2010, sentence)
        case .timeWentBackwards, .timeTooLate, .nameTaken, .tooManyListings, .tiersUnfit, .unknownAccount,
            .unknownCurrency, .moneyLimit, .oneFundPerCurrency, .fundingRateTooHigh, .eventOver, .rateOutOfRange,
            .changeInThePast, .rulesUnfit, .transferMargin, .markIsComputed, .unknownSource, .priceTooOld,
            .priceFromFuture, .termsUnfit, .sameAccount:
            self.init(-1130, sentence)
        }
    }
}

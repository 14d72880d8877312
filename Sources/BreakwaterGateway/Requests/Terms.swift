public import BreakwaterCore

/// A price, size or amount that does not fit its contract or currency exactly: nothing is ever rounded on the way in.
public struct UnfitTerm: Error, Sendable, Equatable {
    public enum Reason: Sendable, Equatable {
        /// No decimal number, or one with an exponent.
        case notANumber
        /// Not above zero.
        case notPositive
        /// Not a multiple of the tick, lot or smallest unit.
        case offStep
        case tooLarge
    }

    public let field: String
    public let value: String
    public let reason: Reason
    /// What would have been right, as words: `a multiple of the tick 0.01`.
    public let expected: String

    public var sentence: String { "\(field) is \"\(value)\"; expected \(expected)." }
}

/// Decimal texts as prices, sizes and amounts.
extension Contract {
    public func price(_ text: String, _ field: String = "price") throws(UnfitTerm) -> Price {
        Price(try Self.steps(text, of: tick, field, "a price above zero, a multiple of the tick \(tick)"))
    }

    public func size(_ text: String, _ field: String = "size") throws(UnfitTerm) -> Size {
        Size(try Self.steps(text, of: lot, field, "a size above zero, a multiple of the lot \(lot)"))
    }

    private static func steps(
        _ text: String, of step: ExactDecimal, _ field: String, _ expected: @autoclosure () -> String
    ) throws(UnfitTerm) -> Int64 {
        func unfit(_ reason: UnfitTerm.Reason) -> UnfitTerm {
            UnfitTerm(field: field, value: text, reason: reason, expected: expected())
        }
        guard let decimal = ExactDecimal(text) else { throw unfit(.notANumber) }
        guard decimal > ExactDecimal(digits: 0) else { throw unfit(.notPositive) }
        guard let steps = decimal.steps(of: step) else { throw unfit(.offStep) }
        guard steps <= Limits.ticksOrLots else { throw unfit(.tooLarge) }
        return steps
    }
}

extension Currency {
    /// An amount of this currency.
    ///
    /// - Parameter signed: whether it may be negative; zero never is an amount.
    public func amount(_ text: String, _ field: String = "amount", signed: Bool = false) throws(UnfitTerm) -> Amount {
        let expected = "an amount \(signed ? "other than" : "above") zero with at most \(decimals) decimals"
        func unfit(_ reason: UnfitTerm.Reason) -> UnfitTerm {
            UnfitTerm(field: field, value: text, reason: reason, expected: expected)
        }
        guard let decimal = ExactDecimal(text) else { throw unfit(.notANumber) }
        let zero = ExactDecimal(digits: 0)
        guard signed ? decimal != zero : decimal > zero else { throw unfit(.notPositive) }
        guard let amount = amount(decimal) else { throw unfit(.offStep) }
        return amount
    }
}

extension Leverage {
    public init(_ text: String, _ field: String = "leverage") throws(UnfitTerm) {
        guard let leverage = Leverage(text: text) else {
            throw UnfitTerm(
                field: field, value: text, reason: ExactDecimal(text) == nil ? .notANumber : .offStep,
                expected: "a leverage from 1 to 1000 of at most two decimals")
        }
        self = leverage
    }
}

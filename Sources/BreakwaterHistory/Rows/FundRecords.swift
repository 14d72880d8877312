public import BreakwaterCore
internal import GRDB

/// A movement of an insurance fund.
public struct InsuranceLine: Sendable, Equatable {
    public let id: EventID
    public let currency: CurrencyID
    /// The contract that caused it, or whose fund was paid into.
    public let contract: ContractID?
    public let cause: Cause
    /// Gained (+) or spent (-).
    public let amount: Amount
    public let liquidation: LiquidationID?
    public let time: Timestamp

    public enum Cause: String, Sendable, CaseIterable {
        /// What the fund held when the history began.
        case broughtForward
        /// Paid in from outside.
        case paidIn
        /// A lot of the engine traded better (+) or worse (-) than its settled value.
        case lotTraded
        /// What closing by force left of a position's margin.
        case remainderKept
        /// The loss of a lot that the fund took onto its own book.
        case absorbed
        case autoDeleverage
        /// More was collected than was missing.
        case clawback
    }
}

extension InsuranceLine: Stored {
    static let shape = Shape("insurance", "id", "currency", "contract", "cause", "amount", "liquidation", "time")

    func add(to row: Binding) {
        row.add(id.raw).add(currency.raw).add(contract?.raw).add(cause.rawValue).add(amount.raw)
            .add(liquidation?.raw).add(time.raw)
    }

    init(_ columns: inout Columns) {
        id = columns.event()
        currency = columns.id()
        contract = columns.optionalID()
        cause = columns.choice()
        amount = columns.unit()
        liquidation = columns.optionalID()
        time = columns.unit()
    }
}

/// One payment of funding in a contract.
public struct FundingRecord: Sendable, Equatable {
    /// Before what the payment set off.
    public let id: EventID
    public let contract: ContractID
    /// Paid by longs and received by shorts, per lot.
    public let perLot: Amount
    /// All payments up to this one, per lot.
    public let total: Amount
    public let rate: Rate?
    public let mark: Price?
    public let time: Timestamp
}

extension FundingRecord: Stored {
    static let shape = Shape("funding", "contract", "id", "per_lot", "total", "rate", "mark", "time")

    func add(to row: Binding) {
        row.add(contract.raw).add(id.raw).add(perLot.raw).add(total.raw).add(rate?.raw).add(mark?.raw).add(time.raw)
    }

    init(_ columns: inout Columns) {
        contract = columns.id()
        id = columns.event()
        perLot = columns.unit()
        total = columns.unit()
        rate = columns.optionalUnit()
        mark = columns.optionalUnit()
        time = columns.unit()
    }
}

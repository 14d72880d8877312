public import BreakwaterCore
internal import GRDB

/// A trade as everybody sees it.
public struct TradeRecord: Sendable, Equatable {
    public let id: EventID
    public let contract: ContractID
    public let price: Price
    /// Unsigned, both.
    public let size: Size
    public let value: Amount
    /// The side that took; the buyer's in an auction, where nobody does.
    public let takerSide: OrderSide
    /// Whether two accounts agreed on it outside the book.
    public let isOffBook: Bool
    public let time: Timestamp
}

extension TradeRecord: Stored {
    static let shape = Shape("trades", "id", "contract", "price", "size", "value", "taker_side", "off_book", "time")

    func add(to row: Binding) {
        row.add(id.raw).add(contract.raw).add(price.raw).add(size.raw).add(value.raw).add(takerSide.rawValue)
            .add(isOffBook).add(time.raw)
    }

    init(_ columns: inout Columns) {
        id = columns.event()
        contract = columns.id()
        price = columns.unit()
        size = columns.unit()
        value = columns.unit()
        takerSide = columns.choice()
        isOffBook = columns.flag()
        time = columns.unit()
    }
}

public import BreakwaterCore
internal import GRDB

/// How a price moved within an interval.
public struct Candle: Sendable, Equatable {
    public let contract: ContractID
    public let source: Source
    public let start: Timestamp
    public let open: Price
    public internal(set) var high: Price
    public internal(set) var low: Price
    public internal(set) var close: Price
    /// What traded, unsigned: in lots, in money, and in how many trades. Zero for marks, except their count.
    public internal(set) var volume = Size.zero
    public internal(set) var value = Amount.zero
    public internal(set) var count: Int64 = 0
    /// The part of it that buyers took.
    public internal(set) var takerBuyVolume = Size.zero
    public internal(set) var takerBuyValue = Amount.zero

    public enum Source: String, Sendable, CaseIterable {
        case trades
        case marks
    }

    init(_ contract: ContractID, _ source: Source, from start: Timestamp, at price: Price) {
        self.contract = contract
        self.source = source
        self.start = start
        (open, high, low, close) = (price, price, price, price)
    }

    /// Takes in a later price, and what traded at it.
    mutating func add(_ price: Price, _ size: Size = .zero, _ worth: Amount = .zero, takerSide: OrderSide? = nil) {
        high = max(high, price)
        low = min(low, price)
        close = price
        count += 1
        volume = volume.adding(size)
        value = value.adding(worth)
        guard takerSide == .buy else { return }
        takerBuyVolume = takerBuyVolume.adding(size)
        takerBuyValue = takerBuyValue.adding(worth)
    }

    /// Takes in the candle that follows.
    mutating func append(_ next: Candle) {
        high = max(high, next.high)
        low = min(low, next.low)
        close = next.close
        count += next.count
        volume = volume.adding(next.volume)
        value = value.adding(next.value)
        takerBuyVolume = takerBuyVolume.adding(next.takerBuyVolume)
        takerBuyValue = takerBuyValue.adding(next.takerBuyValue)
    }

    /// The same as part of an interval that began at `start`.
    func starting(at start: Timestamp) -> Candle {
        var candle = Candle(contract, source, from: start, at: open)
        candle.append(self)
        return candle
    }
}

extension UnitInteger {
    /// The sum, or the largest number there is: turnover has no bound of its own.
    fileprivate func adding(_ other: Self) -> Self {
        let (sum, overflow) = raw.addingReportingOverflow(other.raw)
        return Self(overflow ? .max : sum)
    }
}

/// The lengths of candles.
public enum CandleInterval: String, Sendable, CaseIterable {
    case oneMinute = "1m"
    case fiveMinutes = "5m"
    case fifteenMinutes = "15m"
    case thirtyMinutes = "30m"
    case oneHour = "1h"
    case twoHours = "2h"
    case fourHours = "4h"
    case sixHours = "6h"
    case eightHours = "8h"
    case twelveHours = "12h"
    case oneDay = "1d"
    case oneWeek = "1w"

    /// In microseconds.
    public var length: Int64 {
        let minute: Int64 = 60_000_000
        switch self {
        case .oneMinute: return minute
        case .fiveMinutes: return 5 * minute
        case .fifteenMinutes: return 15 * minute
        case .thirtyMinutes: return 30 * minute
        case .oneHour: return 60 * minute
        case .twoHours: return 120 * minute
        case .fourHours: return 240 * minute
        case .sixHours: return 360 * minute
        case .eightHours: return 480 * minute
        case .twelveHours: return 720 * minute
        case .oneDay: return 1_440 * minute
        case .oneWeek: return 10_080 * minute
        }
    }

    /// The lengths that are kept; all others are made of these.
    static let kept: [CandleInterval] = [.oneMinute, .oneHour, .oneDay]

    /// The longest kept length that this one is made of.
    var base: CandleInterval {
        switch self {
        case .oneMinute, .fiveMinutes, .fifteenMinutes, .thirtyMinutes: .oneMinute
        case .oneHour, .twoHours, .fourHours, .sixHours, .eightHours, .twelveHours: .oneHour
        case .oneDay, .oneWeek: .oneDay
        }
    }

    /// When the interval that `time` falls in began. Weeks begin on Mondays; the epoch was a Thursday.
    public func start(of time: Timestamp) -> Timestamp {
        let offset = self == .oneWeek ? 4 * Self.oneDay.length : 0
        let since = time.raw - offset
        let count = since >= 0 ? since / length : (since - length + 1) / length
        return Timestamp(count * length + offset)
    }
}

/// A candle in its table, which knows its length.
struct StoredCandle: Stored {
    let length: CandleInterval
    var candle: Candle

    static let shape = Shape(
        "candles", "contract", "source", "length", "start", "open", "high", "low", "close", "volume", "value", "count",
        "taker_buy_volume", "taker_buy_value")

    init(_ candle: Candle, _ length: CandleInterval) {
        self.candle = candle
        self.length = length
    }

    func add(to row: Binding) {
        row.add(candle.contract.raw).add(candle.source.rawValue).add(length.rawValue).add(candle.start.raw)
            .add(candle.open.raw).add(candle.high.raw).add(candle.low.raw).add(candle.close.raw)
            .add(candle.volume.raw).add(candle.value.raw).add(candle.count).add(candle.takerBuyVolume.raw)
            .add(candle.takerBuyValue.raw)
    }

    init(_ columns: inout Columns) {
        let contract: ContractID = columns.id()
        let source: Candle.Source = columns.choice()
        length = columns.choice()
        candle = Candle(contract, source, from: columns.unit(), at: columns.unit())
        candle.high = columns.unit()
        candle.low = columns.unit()
        candle.close = columns.unit()
        candle.volume = columns.unit()
        candle.value = columns.unit()
        candle.count = columns.integer()
        candle.takerBuyVolume = columns.unit()
        candle.takerBuyValue = columns.unit()
    }
}

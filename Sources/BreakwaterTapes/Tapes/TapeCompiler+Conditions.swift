import BreakwaterCore

enum OrderType: String, CaseIterable {
    case limit, market, stop, stopLimit, takeProfit, trailingStop

    /// Whether an order line of the given keys holds a limit. Taking profit and trailing stops may have one or not.
    func hasLimit(_ keys: [String]) -> Bool {
        switch self {
        case .limit, .stopLimit: true
        case .market, .stop: false
        case .takeProfit, .trailingStop: keys.contains("price")
        }
    }

    fileprivate var condition: Condition.Kind? {
        switch self {
        case .limit, .market: nil
        case .stop, .stopLimit: .stop
        case .takeProfit: .takeProfit
        case .trailingStop: .trailing
        }
    }
}

enum OrderFlag: String, CaseIterable {
    case postOnly, reduceOnly, closeOnTrigger
}

extension Fields {
    /// What a conditional order waits for; `nil` for the types that wait for nothing.
    mutating func condition(
        _ type: OrderType, _ flags: Set<OrderFlag>, of contract: Contract
    ) throws(BadInput) -> Condition? {
        guard let kind = type.condition else {
            guard !flags.contains(.closeOnTrigger) else {
                throw refuse("flags", OrderFlag.closeOnTrigger.rawValue, "it on an order with a trigger price only")
            }
            return nil
        }
        let stop = try price("stop", of: contract)
        return Condition(
            kind: kind, stop: stop, trigger: try choice("trigger") ?? .mark,
            closeOnTrigger: flags.contains(.closeOnTrigger))
    }
}

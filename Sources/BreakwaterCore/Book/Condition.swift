/// What a conditional order waits for before it becomes an order like any other.
public struct Condition: Sendable, Equatable {
    public var kind: Kind
    /// The trigger price; a trailing stop's distance from the best price instead.
    public var stop: Price
    /// Which of the contract's prices is watched.
    public var trigger: Trigger
    /// Closes and never opens, and when it fires the position's other orders on its side make way for it.
    public var closeOnTrigger: Bool

    public enum Kind: String, Sendable, CaseIterable {
        /// A buy fires at or above its price, a sell at or below.
        case stop
        /// A buy fires at or below its price, a sell at or above.
        case takeProfit
        /// A stop that keeps its distance from the best price since it was placed.
        case trailing
    }

    public enum Trigger: String, Sendable, CaseIterable {
        case mark
        case last
        case index
    }

    public init(kind: Kind, stop: Price, trigger: Trigger = .mark, closeOnTrigger: Bool = false) {
        self.kind = kind
        self.stop = stop
        self.trigger = trigger
        self.closeOnTrigger = closeOnTrigger
    }
}

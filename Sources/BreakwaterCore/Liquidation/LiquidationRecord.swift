/// The whole story of one liquidation: what set it off, what each stage did, and where every unit of the loss went.
public struct LiquidationRecord: Sendable {
    public let id: LiquidationID
    public let time: Timestamp
    public let trigger: LiquidationStep.Trigger
    /// Every step with the time it happened, the start left out.
    public internal(set) var steps: [(time: Timestamp, step: LiquidationStep)] = []
    public internal(set) var outcome = Outcome.open
    public internal(set) var loss = Loss()

    public enum Outcome: String, Sendable, CaseIterable {
        /// The engine still holds part of the position.
        case open
        /// Orders or a lower risk limit were enough, or part was closed in the market; the trader keeps the position.
        case saved
        /// Closed in the book at its bankruptcy price or better.
        case closedInMarket
        /// Liquidity providers took the last of it.
        case liquiditySupport
        /// The fund paid to close it.
        case insuranceFund
        /// Opposing positions took the last of it.
        case autoDeleverage
        /// It was closed at mark, and winners of the period paid for what was missing.
        case clawback
    }

    /// A liquidation that `trigger` set off at `time`, before its first step.
    public init(id: LiquidationID, time: Timestamp, trigger: LiquidationStep.Trigger) {
        self.id = id
        self.time = time
        self.trigger = trigger
    }

    /// Who bore what, in the settlement currency. Losses are positive, so a fund's gain is negative.
    public struct Loss: Sendable, Equatable {
        /// What the trader lost: margin given up at a takeover, and losses realised by forced closing.
        public internal(set) var trader = Amount.zero
        /// Spent by the insurance fund, less what it gained.
        public internal(set) var fund = Amount.zero
        /// What liquidity providers paid above the mark for what they were assigned.
        public internal(set) var providers = Amount.zero
        /// What opposing positions gave up against the mark.
        public internal(set) var deleveraged = Amount.zero
        /// Collected from winners' profits.
        public internal(set) var clawedBack = Amount.zero
        /// What nobody could be asked for: the venue's own debt.
        public internal(set) var venue = Amount.zero

        /// Funding that the engine's lot paid while it waited, less what it received; already among what others bore.
        public internal(set) var funding = Amount.zero

        /// What closing the position lost against its settled value, funding included: the sum of what everyone bore.
        public var total: Amount { trader + fund + providers + deleveraged + clawedBack + venue }
    }

    /// MM less margin at the trigger: what was missing.
    public var shortfall: Amount { trigger.stance.maintenance - trigger.stance.margin }
}

/// Folds the events of a run into liquidation records.
public struct LiquidationRecords: Sendable {
    public private(set) var all: [LiquidationRecord] = []

    public init() {}

    /// Takes in what one command did at `time`.
    public mutating func fold(_ events: [Event], at time: Timestamp) {
        for case .liquidation(let id, _, let step) in events {
            if case .started(let trigger) = step {
                precondition(id.index == all.count, "liquidation \(id.raw) starts out of turn")
                all.append(LiquidationRecord(id: id, time: time, trigger: trigger))
            } else {
                all[id.index].add(step, at: time)
            }
        }
    }
}

extension LiquidationRecord {
    /// Takes in the next step, which happened at `time`.
    public mutating func add(_ step: LiquidationStep, at time: Timestamp) {
        steps.append((time, step))
        switch step {
        case .started, .steppedDown, .ordersCancelled, .fillOrKill, .collateralConverted, .paused, .providerSkipped,
            .fundExhausted, .deleverageSkipped, .waiting, .closed:
            break
        case .forcedClose(let close): loss.trader = loss.trader + close.loss
        case .remainderKept(let kept):
            loss.trader = loss.trader + kept
            loss.fund = loss.fund - kept
        case .assigned(_, _, _, _, let paid):
            loss.providers = loss.providers + paid
            outcome = .liquiditySupport
        case .absorbed: outcome = .insuranceFund
        case .fundPaid(let paid): loss.fund = loss.fund + paid
        case .closedAtMark: outcome = .clawback
        case .clawedBack(_, let amount): loss.clawedBack = loss.clawedBack + amount
        case .clawbackEnded(let surplus):
            if surplus > .zero { loss.fund = loss.fund - surplus } else { loss.venue = loss.venue - surplus }
        case .lotFunded(let due): loss.funding = loss.funding + due
        case .saved: outcome = .saved
        case .takenOver(_, let margin, _, _): loss.trader = loss.trader + margin
        case .lotTraded(_, _, _, let gain, let aggressing):
            loss.fund = loss.fund - gain
            if aggressing { outcome = .insuranceFund }
        case .deleveraged(_, _, _, _, let forgone, let gain):
            loss.deleveraged = loss.deleveraged + forgone
            loss.fund = loss.fund - gain
            outcome = .autoDeleverage
        }
        if step == .closed, outcome == .open { outcome = .closedInMarket }
    }

    /// Whether the trader lost the whole position: to the engine, or closed in the book by force.
    public var isLost: Bool { tookOver || steps.last?.step == .closed }

    /// Whether the trader lost the position to the engine.
    public var tookOver: Bool {
        steps.contains { if case .takenOver = $0.step { true } else { false } }
    }
}

public import BreakwaterCore
internal import Foundation

/// What would have become of a position if more had stood behind it: the venue's own journal, gone through again.
public struct Counterfactual: Sendable {
    /// The least extra margin with which the liquidation would not have begun when it did; `nil` where no amount below the
    /// position's notional would have helped.
    public let extra: Amount?
    /// The least with which none would have begun over all the commands gone through.
    public let lasting: Amount?
    /// With `extra`, the next liquidation of the position among those commands: when, and at which mark.
    public let next: (time: Timestamp, mark: Price)?
    /// Up to when the journal was gone through.
    public let until: Timestamp
}

extension Venue {
    /// How many commands after a liquidation's first are gone through.
    private static let horizon: Int64 = 20_000

    /// What would have prevented the liquidation that command `sequence` began: money put behind the position right before.
    ///
    /// Takes as long as it takes to build the state from the snapshot before, on a thread that stands back, and some forty
    /// times those commands; nothing of the running exchange is touched.
    ///
    /// - Returns: `nil` where the state of that moment cannot be built any more.
    public func counterfactual(_ id: LiquidationID, of trigger: LiquidationStep.Trigger, at sequence: Int64)
        async throws -> Counterfactual?
    {
        try await withCheckedThrowingContinuation { continuation in
            Thread.start("hindsight", standsBack: true) {
                continuation.resume(with: Result { try self.hindsight(id, trigger, sequence) })
            }
        }
    }

    private func hindsight(_ id: LiquidationID, _ trigger: LiquidationStep.Trigger, _ sequence: Int64) throws
        -> Counterfactual?
    {
        guard let recovery, sequence > 1 else { return nil }
        var report = RecoveryReport()
        let start = try recovery.replica(through: sequence - 1, &report)
        guard start.exchange.liquidations <= id.raw else { return nil }
        var commands: [(Timestamp, Command)] = []
        let end = min(last, sequence + Self.horizon)
        try recovery.journal.forEachBatch(from: sequence) { batch in
            guard batch.first <= end else { return }
            try batch.forEachCommand { number, time, command, _ in
                if number >= sequence, number <= end { commands.append((time, command)) }
            }
        }
        return Hindsight(trigger, commands).search(from: start.exchange)
    }
}

/// The commands from the one that began a liquidation on, to be gone through with more behind the position.
private struct Hindsight {
    private let trigger: LiquidationStep.Trigger
    private let commands: [(time: Timestamp, command: Command)]

    init(_ trigger: LiquidationStep.Trigger, _ commands: [(Timestamp, Command)]) {
        self.trigger = trigger
        self.commands = commands.map { (time: $0.0, command: $0.1) }
    }

    func search(from start: borrowing Exchange) -> Counterfactual {
        let bound = max(Amount(1), start.directory[trigger.key.contract].notional(of: trigger.size, at: trigger.mark))
        let extra = least(upTo: bound, over: 1, from: start)
        let next = extra.flatMap { fall(with: $0, over: commands.count, from: start) }
        let lasting = next == nil ? extra : least(upTo: bound, over: commands.count, from: start)
        return Counterfactual(
            extra: extra, lasting: lasting, next: next, until: commands.last?.time ?? start.now)
    }

    /// The least amount with which the first `count` commands liquidate nothing of the position; `nil` where `bound` is not
    /// enough.
    private func least(upTo bound: Amount, over count: Int, from start: borrowing Exchange) -> Amount? {
        guard fall(with: bound, over: count, from: start) == nil else { return nil }
        var (low, high) = (Amount.zero, bound)
        while high - low > Amount(1) {
            let middle = Amount(low.raw + (high - low).raw / 2)
            if fall(with: middle, over: count, from: start) == nil { high = middle } else { low = middle }
        }
        return high
    }

    /// When the position is liquidated with so much more behind it; `nil` where it is not.
    private func fall(
        with extra: Amount, over count: Int, from start: borrowing Exchange
    ) -> (time: Timestamp, mark: Price)? {
        var twin = start.fork()
        let key = trigger.key
        twin.execute(.deposit(key.account, twin.directory[key.contract].settle, extra), at: twin.now)
        if trigger.mode == .isolated { twin.execute(.moveMargin(key, extra), at: twin.now) }
        for (time, command) in commands.prefix(count) {
            twin.execute(command, at: time)
            for case .liquidation(_, _, .started(let other)) in twin.events where other.key == key {
                return (time, other.mark)
            }
        }
        return nil
    }
}

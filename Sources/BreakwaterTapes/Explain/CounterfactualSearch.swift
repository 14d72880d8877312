import BreakwaterCore

/// Looks for the least extra margin with which a liquidation does not happen.
///
/// The money is deposited right after a step of the tape and, for an isolated position, moved behind it in the same
/// instant. Where that is refused it is tried again whenever the position changes; where a new leverage hands the money
/// back it is moved again. Everything else runs as it stands on the tape, so what the money makes possible elsewhere
/// happens too.
struct CounterfactualSearch {
    private let tape: Tape
    private let subject: LiquidationCase
    private var replays = 0

    /// How many times the next amount follows from what was missing before amounts are doubled.
    private static let guesses = 12
    /// How many moments before the liquidation are each tried for the last one that works.
    private static let momentsTried = 64

    init(_ tape: Tape, _ subject: LiquidationCase) {
        self.tape = tape
        self.subject = subject
    }

    /// - Parameter start: the run right after the step that opened the position.
    mutating func search(from start: borrowing TapeRunner) -> Counterfactual {
        guard let opened = subject.opened, opened < subject.step else {
            return Counterfactual(verdict: .noMoment, replays: 0)
        }
        let bound = self.bound(start.exchange.directory)
        // The tape itself is the run without anything put in: it fails.
        var (low, high) = (Amount.zero, Amount.zero)
        var less: Trial?
        var missing = subject.record.shortfall
        while high == .zero {
            let next = min(bound, self.next(after: low, missing: missing))
            let trial = trial(next, after: opened, from: start)
            if trial.survived {
                high = next
            } else if next == bound {
                return Counterfactual(verdict: .beyond(bound: bound, trial: trial), replays: replays)
            } else {
                (low, less, missing) = (next, trial, trial.fell?.shortfall ?? next)
            }
        }
        // What was missing is mostly exact, so that the next lower amount is tried before halves.
        var middle = high - Amount(1)
        while middle > low {
            let trial = trial(middle, after: opened, from: start)
            if trial.survived { high = middle } else { (low, less) = (middle, trial) }
            middle = Amount(low.raw + (high - low).raw / 2)
        }
        let last = lastMoment(for: high, from: start, opened: opened)
        let found = Counterfactual.Found(
            extra: high, less: less, lastStep: last.step, triedEveryLater: last.triedEveryLater)
        return Counterfactual(verdict: .found(found), replays: replays)
    }

    /// What to try next: as much more as was missing where `low` failed, so that its trigger is just not met; twice as
    /// much once that has been of little help for long.
    private func next(after low: Amount, missing: Amount) -> Amount {
        let beyond = tape.rulebook.trigger == .reaches ? missing + Amount(1) : missing
        let guess = low + max(Amount(1), beyond)
        return replays < Self.guesses ? guess : max(guess, low + low)
    }

    /// Ten times the position's notional, or all that one venue may hold.
    private func bound(_ venue: Directory) -> Amount {
        let trigger = subject.record.trigger
        let notional = venue[trigger.key.contract].notional(of: trigger.size, at: trigger.mark)
        return Amount(Int64(min(Int128(Limits.money), max(1, notional.wide * 10))))
    }

    /// The last step after which `extra` works: every step back from the liquidation is tried, then halves of the rest.
    private mutating func lastMoment(for extra: Amount, from start: borrowing TapeRunner, opened: Int) -> (
        step: Int, triedEveryLater: Bool
    ) {
        var step = subject.step - 1
        let floor = max(opened, step - Self.momentsTried)
        while step > floor {
            if trial(extra, after: step, from: start).survived { return (step, true) }
            step -= 1
        }
        guard step > opened else { return (opened, true) }
        var (works, fails) = (opened, step + 1)
        while fails - works > 1 {
            let middle = (works + fails) / 2
            if trial(extra, after: middle, from: start).survived { works = middle } else { fails = middle }
        }
        return (works, false)
    }

    /// Runs the rest of the tape with `extra` put in after `step`.
    private mutating func trial(_ extra: Amount, after step: Int, from start: borrowing TapeRunner) -> Trial {
        replays += 1
        var replay = Replay(of: subject, start.fork())
        for index in subject.opened! + 1..<step + 1 { replay.run(tape.steps[index], index) }
        replay.put(extra, after: step)
        for index in step + 1..<tape.steps.count where replay.trial.fell == nil {
            replay.run(tape.steps[index], index)
        }
        return replay.trial
    }
}

/// A run of the rest of the tape, watched for one position.
private struct Replay: ~Copyable {
    private var runner: TapeRunner
    private let subject: LiquidationCase
    private let liquidationsBefore: Int
    private var extra = Amount.zero
    /// What is still to be moved behind an isolated position.
    private var pending = Amount.zero
    private(set) var trial = Trial()

    init(of subject: LiquidationCase, _ runner: consuming TapeRunner) {
        self.subject = subject
        liquidationsBefore = runner.records.all.count
        self.runner = runner
    }

    mutating func put(_ extra: Amount, after step: Int) {
        let key = subject.key
        self.extra = extra
        let events = runner.execute(
            .deposit(key.account, runner.exchange.directory[key.contract].settle, extra))
        look(at: events, step)
        for case .rejected(let rejection) in events {
            trial.refusal = rejection
            trial.isDeposited = false
        }
        if trial.isDeposited, subject.record.trigger.mode == .isolated {
            pending = extra
            move(step)
        }
    }

    mutating func run(_ step: Tape.Step, _ index: Int) {
        var changed = false
        var fell: Trial.Fall?
        let (key, judged) = (subject.key, index >= subject.step)
        runner.run(step) { exchange, _ in
            for event in exchange.events {
                switch event {
                case .positionChanged(let change), .settingsChanged(let change):
                    if change.key == key { changed = true }
                case .liquidation(_, _, .started(let trigger)):
                    if judged, trigger.key == key, fell == nil { fell = Trial.Fall(index, trigger) }
                default: break
                }
            }
        }
        if let fell, trial.fell == nil { trial.fell = fell }
        if changed, extra > .zero, subject.record.trigger.mode == .isolated {
            if step.setsLeverage(of: key) { pending = extra }
            if pending > .zero { move(index) }
        }
        if index == subject.step - 1 { checkNotLostBefore(index) }
    }

    /// A position lost before the liquidation in question did not survive it.
    private mutating func checkNotLostBefore(_ index: Int) {
        let lost = runner.records.all.dropFirst(liquidationsBefore).first {
            $0.tookOver && $0.trigger.key == subject.key
        }
        if let lost, trial.fell == nil { trial.fell = Trial.Fall(index, lost.trigger) }
    }

    private mutating func move(_ step: Int) {
        let events = runner.execute(.moveMargin(subject.key, pending))
        look(at: events, step)
        trial.refusal = nil
        for case .rejected(let rejection) in events { trial.refusal = rejection }
        if trial.refusal == nil { pending = .zero }
    }

    /// Putting money in is a command too, in which waiting liquidations may go on.
    private mutating func look(at events: [Event], _ step: Int) {
        guard step >= subject.step else { return }
        for case .liquidation(_, _, .started(let trigger)) in events where trigger.key == subject.key {
            if trial.fell == nil { trial.fell = Trial.Fall(step, trigger) }
        }
    }
}

extension Tape.Step {
    /// Whether it sets the leverage or mode of a position, by which an isolated one is assigned its margin anew.
    fileprivate func setsLeverage(of key: PositionKey) -> Bool {
        guard case .execute(let commands) = action else { return false }
        return commands.contains { if case .setLeverage(key, _, _) = $0 { true } else { false } }
    }
}

extension Trial.Fall {
    fileprivate init(_ step: Int, _ trigger: LiquidationStep.Trigger) {
        self.init(
            step: step, mark: trigger.mark, shortfall: trigger.stance.maintenance - trigger.stance.margin)
    }
}

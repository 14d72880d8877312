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

    /// How many times the next amount follows from what was missing before amounts are doubled or halved.
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
        let most = trial(bound, after: opened, from: start)
        // The tape itself is the run without anything put in: it fails.
        var bracket = Bracket(low: .zero, less: nil, high: most.survived ? bound : nil)
        // With plenty behind it the position shows what it never used.
        var next =
            most.survived ? bound - (most.slack ?? .zero) + beyond : subject.record.shortfall + beyond
        while bracket.high.map({ $0 - bracket.low > Amount(1) }) ?? true {
            next = bracket.inside(next, doubling: replays > Self.guesses, bound: bound)
            if next == bound, !most.survived {
                return Counterfactual(verdict: .beyond(bound: bound, trial: most), replays: replays)
            }
            let trial = trial(next, after: opened, from: start)
            bracket.narrow(by: trial, of: next)
            // An amount that works is mostly the least, one that fails mostly lacks what was missing at its trigger.
            next = trial.survived ? next - Amount(1) : next + (trial.fell?.shortfall ?? next) + beyond
        }
        let last = lastMoment(for: bracket.high!, from: start, opened: opened)
        let found = Counterfactual.Found(
            extra: bracket.high!, less: bracket.less, lastStep: last.step, triedEveryLater: last.triedEveryLater)
        return Counterfactual(verdict: .found(found), replays: replays)
    }

    /// One unit more than what was missing, where margin at MM is liquidated already.
    private var beyond: Amount { tape.rulebook.trigger == .reaches ? Amount(1) : .zero }

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

/// An amount that fails and one that works, drawn together until one unit lies between them.
private struct Bracket {
    var low: Amount
    /// How `low` failed; `nil` for the tape itself.
    var less: Trial?
    /// `nil` until one was found.
    var high: Amount?

    /// `guess` where it lies between the two; otherwise, or after too many guesses, their middle or twice the lower.
    func inside(_ guess: Amount, doubling: Bool, bound: Amount) -> Amount {
        if let high {
            return guess > low && guess < high && !doubling ? guess : Amount(low.raw + (high - low).raw / 2)
        }
        return min(bound, max(guess, low + Amount(1), doubling ? low + low : low))
    }

    mutating func narrow(by trial: Trial, of amount: Amount) {
        if trial.survived { high = amount } else { (low, less) = (amount, trial) }
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
        var slack = trial.slack
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
            if judged, let above = exchange.buffer(of: key)?.above { slack = min(slack ?? above, above) }
        }
        trial.slack = slack
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
            $0.isLost && $0.trigger.key == subject.key
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

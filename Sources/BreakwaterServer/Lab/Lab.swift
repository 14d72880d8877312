internal import BreakwaterSimulator
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb
internal import Foundation
internal import Synchronization

/// Simulations for whoever asks: one at a time, on a thread that stands back from the exchange, the latest kept in memory.
final class Lab: Sendable {
    /// How many runs may wait, and how many finished ones are kept.
    private static let (waiting, kept) = (6, 12)

    private struct State {
        /// Oldest first.
        var runs: [LabRun] = []
        var isWorking = false
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Takes a run in, to be begun when those before it are done.
    ///
    /// - Parameter caller: who asks, who may have one unfinished run at a time.
    func submit(_ order: LabOrder, for caller: String) throws(Refusal) -> LabRun {
        let run = LabRun(order, caller: caller)
        let (refusal, begins) = state.withLock { state -> (Refusal?, Bool) in
            let unfinished = state.runs.filter { !$0.isFinished }
            if unfinished.contains(where: { $0.caller == caller }) {
                return (.tooManyRequests("A run of yours is not finished yet; one at a time.", retryAfter: 5), false)
            }
            if unfinished.count > Self.waiting {
                return (.unavailable("\(unfinished.count) runs wait in the lab already.", retryAfter: 30), false)
            }
            state.runs.append(run)
            while state.runs.count > Self.kept, let oldest = state.runs.firstIndex(where: { $0.isFinished }) {
                state.runs.remove(at: oldest)
            }
            defer { state.isWorking = true }
            return (nil, !state.isWorking)
        }
        if let refusal { throw refusal }
        if begins { Thread.start("lab", standsBack: true) { [self] in work() } }
        return run
    }

    /// The run of that name, and how many are before it; `nil` once it was dropped.
    func run(named name: String) -> (run: LabRun, ahead: Int)? {
        state.withLock { state in
            guard let place = state.runs.firstIndex(where: { $0.name == name }) else { return nil }
            return (state.runs[place], state.runs[..<place].count { !$0.isFinished })
        }
    }

    /// Begins no further simulation.
    func stop() { state.withLock { $0.isStopped = true } }

    private func work() {
        while let run = next() { run.perform { [self] in state.withLock { $0.isStopped } } }
    }

    private func next() -> LabRun? {
        state.withLock { state in
            let run = state.isStopped ? nil : state.runs.first { !$0.isFinished }
            state.isWorking = run != nil
            return run
        }
    }
}

/// One run of the lab: what it is, how far it is, and what came of it.
final class LabRun: Sendable {
    enum Stage: Sendable {
        case waiting
        /// Underway, with how much of it is done, in per cent.
        case running(Int)
        case done(LabResult)
    }

    let name: String
    let caller: String
    let order: LabOrder
    private let stage = Mutex(Stage.waiting)

    init(_ order: LabOrder, caller: String) {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        name = String(repeating: "0", count: 16 - digits.count) + digits
        self.caller = caller
        self.order = order
    }

    var now: Stage { stage.withLock { $0 } }

    var isFinished: Bool { if case .done = now { true } else { false } }

    /// Runs each simulation, unless `isStopped` before it.
    fileprivate func perform(unless isStopped: () -> Bool) {
        let count = order.jobs.count
        var parts: [LabResult.Part] = []
        for (place, job) in order.jobs.enumerated() where !isStopped() {
            var simulation = Simulation(job.plan)
            let steps = max(1, simulation.steps)
            simulation.run { [self] done in
                let percent = (place * 100 + done * 100 / steps) / count
                stage.withLock { $0 = .running(min(99, percent)) }
            }
            parts.append(LabResult.Part(job.name, simulation))
        }
        let result = LabResult(parts, of: order)
        stage.withLock { $0 = .done(result) }
    }
}

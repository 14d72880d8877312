internal import BreakwaterSimulator
internal import Dispatch
internal import Foundation
internal import Synchronization

/// Does the runs of a sweep that have no result yet, one on each core at a time.
public struct SweepRunner: Sendable {
    private let sweep: Sweep
    private let store: ResultStore
    private let units: [WorkUnit]

    public init(_ sweep: Sweep, _ store: ResultStore) {
        self.sweep = sweep
        self.store = store
        units = sweep.units
    }

    /// How many runs the sweep has.
    public var count: Int { units.count }

    private struct State {
        var next = 0
        var done = 0
        var fault: (any Error)?
    }

    /// Runs what is missing.
    ///
    /// - Parameters:
    ///   - lanes: how many runs go on at a time.
    ///   - progress: told how many runs have a result, and how many of those are new.
    /// - Returns: the results, in the order of the units.
    public func run(lanes: Int, progress: @Sendable (Int, Int) -> Void) throws -> [RunResult] {
        let known = try store.results()
        let missing = units.filter { known[$0.address] == nil }
        let before = units.count - missing.count
        progress(before, 0)
        let state = Mutex(State())
        DispatchQueue.concurrentPerform(iterations: max(1, min(lanes, missing.count))) { _ in
            while let unit = Self.take(missing, state) {
                let result = unit.run(sweep.points[unit.point].scenario)
                Self.finish(unit, result, store, state)
                let done = state.withLock { $0.done }
                progress(before + done, done)
            }
        }
        if let fault = state.withLock({ $0.fault }) { throw fault }
        let results = try store.results()
        return units.map { results[$0.address]! }
    }

    private static func take(_ units: [WorkUnit], _ state: borrowing Mutex<State>) -> WorkUnit? {
        state.withLock { state in
            guard state.next < units.count, state.fault == nil else { return nil }
            state.next += 1
            return units[state.next - 1]
        }
    }

    private static func finish(
        _ unit: WorkUnit, _ result: RunResult, _ store: ResultStore, _ state: borrowing Mutex<State>
    ) {
        do {
            try store.add(result, of: unit)
            state.withLock { $0.done += 1 }
        } catch {
            state.withLock { $0.fault = error }
        }
    }
}

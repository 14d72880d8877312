import Foundation

/// Runs independent pieces of long work two at a time, with one bar for all of them.
enum Lanes {
    /// Works on every job and returns the results in the jobs' order, whichever finished first.
    ///
    /// - Parameters:
    ///   - steps: how many steps one job has.
    ///   - work: does one job; tells after some steps how many are done.
    static func run<Job: Sendable, Result: Sendable>(
        _ label: String, _ jobs: [Job], steps: Int, _ work: @Sendable (Job, (Int) -> Void) -> Result
    ) -> [Result] {
        let board = Board<Result>(label, jobs: jobs.count, steps: steps)
        DispatchQueue.concurrentPerform(iterations: min(2, jobs.count)) { _ in
            while let index = board.take() {
                let result = work(jobs[index]) { board.reach($0, of: index) }
                board.finish(index, with: result)
            }
        }
        return board.results
    }
}

/// What the lanes share: which job is next, how far each is, and what came of it. Every access holds the lock.
private final class Board<Result: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var next = 0
    private var done: [Int]
    private var found: [Result?]
    private var progress: Progress

    init(_ label: String, jobs: Int, steps: Int) {
        done = Array(repeating: 0, count: jobs)
        found = Array(repeating: nil, count: jobs)
        progress = Progress(label, of: jobs * max(1, steps))
    }

    func take() -> Int? {
        lock.withLock {
            guard next < found.count else { return nil }
            next += 1
            return next - 1
        }
    }

    func reach(_ steps: Int, of job: Int) {
        lock.withLock {
            done[job] = steps
            progress.reach(done.reduce(0, +))
        }
    }

    func finish(_ job: Int, with result: Result) { lock.withLock { found[job] = result } }

    /// Every job's result, once all have finished.
    var results: [Result] {
        progress.finish()
        return lock.withLock { found.map { $0! } }
    }
}

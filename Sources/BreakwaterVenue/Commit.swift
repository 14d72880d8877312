internal import BreakwaterCore

/// What is made durable and answered together.
struct Commit: Sendable {
    /// The commands as the journal keeps them; empty where there is none.
    var bytes: [UInt8] = []
    /// What was executed, each without its events until `share` gives it its own.
    var executions: [Execution] = []
    /// What all of them did, one after another, and where the events of each end.
    var events: [Event] = []
    var ends: [Int] = []
    /// What is told to those who asked, in order.
    var answers: [Answer] = []

    enum Answer: Sendable {
        case execution(Int, @Sendable (Result<Execution, VenueFault>) -> Void)
        case executions(Range<Int>, @Sendable (Result<ArraySlice<Execution>, VenueFault>) -> Void)
        /// What is told of a question, or of a command that was refused before it came to the exchange.
        case other(@Sendable (VenueFault?) -> Void)
    }

    init() {}

    /// An empty one with room for as much as `other` holds.
    init(like other: borrowing Commit) {
        executions.reserveCapacity(other.executions.count)
        events.reserveCapacity(other.events.count)
        ends.reserveCapacity(other.ends.count)
        answers.reserveCapacity(other.answers.count)
    }

    var isEmpty: Bool { executions.isEmpty && answers.isEmpty }

    /// Gives each execution its part of the events.
    mutating func share() {
        var start = 0
        for index in executions.indices {
            executions[index].events = events[start..<ends[index]]
            start = ends[index]
        }
    }
}

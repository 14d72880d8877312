import BreakwaterCore
import BreakwaterVenue
import BreakwaterWorkloads
import Foundation
import Synchronization

/// The running venue on its own: commands numbered, executed, made durable in SQLite, and answered.
enum Sequencer: Benchmark {
    static let name = "sequencer"
    /// How many commands a sender in a hurry submits together.
    private static let together = 256

    static func run(_ setting: Setting) -> Outcome {
        let count = setting.size(3_000_000, quick: 100_000)
        var outcome = Outcome(
            name,
            "\(words(count)) commands of \(OrderFlow.mix), from one thread, answered once they are flushed to disk")
        setting.progress.say("drawing \(words(count)) commands")
        let flow = OrderFlow(count: count)
        do { try measure(flow, count, setting, &outcome) } catch { preconditionFailure("\(error)") }
        return outcome
    }

    private static func measure(
        _ flow: OrderFlow, _ count: Int, _ setting: Setting, _ outcome: inout Outcome
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "breakwater-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = VenueOptions()
        // No timers come between, so that an order's number is known before it is placed.
        options.clock = { WorkloadVenue.start }
        options.snapshotEvery = .max
        let (venue, _) = try Venue.open(folder, rulebook: WorkloadVenue.rulebook(), options: options)
        var sender = Sender(venue)
        for command in OrderFlow.opening() { sender.send(command) }
        sender.waitForAnswers()
        for step in flow.filling { sender.send(step) }
        sender.waitForAnswers()
        let commands = flow.steps.map { sender.numbered($0) }
        setting.progress.say("as fast as it goes")
        let third = count / 3
        var watch = Stopwatch()
        for command in commands[..<third] { sender.sendNumbered(command) }
        sender.waitForAnswers()
        let single = Double(third) / watch.seconds
        watch = Stopwatch()
        for start in stride(from: third, to: count, by: Self.together) {
            sender.sendNumbered(Array(commands[start..<min(start + Self.together, count)]))
        }
        sender.waitForAnswers()
        let bulk = Double(count - third) / watch.seconds
        outcome.add("commands, \(Self.together) at a time", bulk / 1e6, .millionsPerSecond, .atLeast(1))
        outcome.add("commands, one at a time", single / 1e6, .millionsPerSecond)
        venue.stop()
        let journal = try FileManager.default.attributesOfItem(atPath: folder + "/journal.sqlite")[.size] as? Int ?? 0
        outcome.add("a command on disk", Double(journal) / Double(count), .bytes)
        setting.progress.say("opening it again")
        let again = Stopwatch()
        let reopened = try Venue.open(folder, rulebook: WorkloadVenue.rulebook(), options: options)
        outcome.add("opening it again from its snapshot", again.seconds * 1_000, .milliseconds)
        reopened.venue.stop()
        let flushes = try flushTimes(in: FileManager.default.temporaryDirectory.path)
        outcome.add("a flush of 4 kB by itself, median", flushes.median / 1_000, .microseconds)
    }

    /// What the disk takes to keep one page.
    private static func flushTimes(in folder: String) throws -> Samples {
        let path = folder + "/breakwater-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data().write(to: URL(filePath: path))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        let page = Data(count: 4_096)
        return Samples(
            try (0..<200).map { _ in
                let watch = Stopwatch()
                try file.write(contentsOf: page)
                try file.synchronize()
                return watch.nanoseconds
            })
    }
}

/// Sends commands and counts the answers.
private struct Sender {
    private let venue: Venue
    private let answered = Answers()
    private var sent: Int64 = 0
    /// How many commands the venue gave itself.
    private var timers: Int64 = 0
    /// The number that the venue gave each order of the flow.
    private var numbers: [Int32: OrderID] = [:]
    private static let origin = Origin("bench")

    private let reply: @Sendable (Result<Execution, VenueFault>) -> Void

    init(_ venue: Venue) {
        self.venue = venue
        let answered = answered
        reply = { result in
            if case .failure(let fault) = result { preconditionFailure("\(fault)") }
            answered.count.add(1, ordering: .relaxed)
        }
    }

    mutating func send(_ step: FlowStep) { sendNumbered(numbered(step, after: sent)) }

    mutating func send(_ command: Command) { sendNumbered(command) }

    /// A step as a command that names orders as the venue will; those before it have to be sent in this order.
    private var drawn: Int64 = 0
    mutating func numbered(_ step: FlowStep) -> Command {
        drawn += 1
        return numbered(step, after: sent + drawn - 1)
    }

    private mutating func numbered(_ step: FlowStep, after sequence: Int64) -> Command {
        switch step {
        case .rest(_, let order, _, _, _), .take(_, let order, _, _, _):
            numbers[order] = OrderID(sequence + timers + 1)
            return OrderFlow.command(step)
        case .cancel(let account, let order): return .cancelOrder(AccountID(account), numbers[order]!)
        case .move(let account, let order, let price):
            return .amendOrder(AccountID(account), numbers[order]!, ContractID(0), size: nil, price: Price(price))
        }
    }

    /// Waits where the venue has too much to do.
    mutating func sendNumbered(_ command: Command) {
        sent += 1
        while sent - answered.count.load(ordering: .relaxed) > 100_000 { usleep(50) }
        venue.submit(command, from: Self.origin, reply: reply)
    }

    mutating func sendNumbered(_ commands: [Command]) {
        sent += Int64(commands.count)
        while sent - answered.count.load(ordering: .relaxed) > 100_000 { usleep(50) }
        venue.submit(commands, from: Self.origin) { [answered] result in
            guard case .success(let executions) = result else { preconditionFailure("\(result)") }
            answered.count.add(Int64(executions.count), ordering: .relaxed)
        }
    }

    /// Then the venue's numbers are known too: a timer that was due took one.
    mutating func waitForAnswers() {
        while answered.count.load(ordering: .relaxed) < sent { usleep(100) }
        timers = venue.last - sent
    }

    private final class Answers: Sendable {
        let count = Atomic<Int64>(0)
    }
}

import BreakwaterCore
import BreakwaterJournal
import BreakwaterWorkloads

/// How fast a venue is built again from its journal.
enum Replay: Benchmark {
    static let name = "replay"

    static func run(_ setting: Setting) -> Outcome {
        let count = setting.size(10_000_000, quick: 100_000)
        var outcome = Outcome(
            name, "\(words(count)) journalled commands of \(OrderFlow.mix), in batches of 10,000, checked and executed")
        setting.progress.say("drawing \(words(count)) commands")
        let flow = OrderFlow(count: count)
        let bytes = journal(of: flow)
        setting.progress.say("replaying")
        var watch = Stopwatch()
        let exchange = replayed(bytes)
        let seconds = watch.seconds
        outcome.add("replay", seconds, .seconds, .atMost(10))
        outcome.add("commands", Double(count) / seconds / 1e6, .millionsPerSecond)
        watch = Stopwatch()
        var decoded = 0
        try? JournalFile(bytes: bytes).forEachCommand { _, _ in decoded += 1 }
        outcome.add("of it checking and decoding", watch.seconds, .seconds)
        outcome.add("a command", Double(bytes.count) / Double(decoded), .bytes)
        setting.progress.say("the same commands, never written")
        watch = Stopwatch()
        let twin = executed(flow)
        outcome.add("drawing and executing the same commands", watch.seconds, .seconds)
        let differ = exchange.stateHash != twin.stateHash
        outcome.add("states that differ at the end", differ ? 1 : 0, .count, .atMost(0))
        return outcome
    }

    private static func forEachCommand(_ flow: OrderFlow, _ body: (Command, Timestamp) -> Void) {
        for command in OrderFlow.opening() { body(command, WorkloadVenue.start) }
        var time = WorkloadVenue.start
        for step in flow.filling + flow.steps {
            time = Timestamp(time.raw + 1)
            body(OrderFlow.command(step), time)
        }
    }

    private static func journal(of flow: OrderFlow) -> [UInt8] {
        var file = JournalFile(rulebook: WorkloadVenue.rulebook())
        var batch = JournalWriter()
        var count = 0
        forEachCommand(flow) { command, time in
            batch.append(command, at: time)
            count += 1
            guard count.isMultiple(of: 10_000) else { return }
            file.append(batch)
            batch.clear()
        }
        file.append(batch)
        return file.bytes
    }

    private static func replayed(_ bytes: [UInt8]) -> Exchange {
        do { return try JournalFile(bytes: bytes).replayed() } catch { preconditionFailure("\(error)") }
    }

    private static func executed(_ flow: OrderFlow) -> Exchange {
        var exchange = Exchange(rulebook: WorkloadVenue.rulebook())
        forEachCommand(flow) { exchange.execute($0, at: $1) }
        return exchange
    }
}

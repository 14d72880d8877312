import BreakwaterCore
import BreakwaterWorkloads

/// The published order flow through the whole core: margin checks, ledger and events.
enum CoreFlow: Benchmark {
    static let name = "order-flow-core"

    static func run(_ setting: Setting) -> Outcome {
        let count = setting.size(3_000_000, quick: 100_000)
        var outcome = Outcome(name, "\(words(count)) commands of \(OrderFlow.mix), with margin, ledger and events")
        setting.progress.say("drawing \(words(count)) commands")
        let flow = OrderFlow(count: count)
        let commands = flow.steps.map(OrderFlow.command)
        var exchange = opened(flow)
        setting.progress.say("as fast as it goes")
        var events = 0
        var time = WorkloadVenue.start
        let watch = Stopwatch()
        for command in commands {
            time = Timestamp(time.raw + 1)
            exchange.execute(command, at: time)
            events += exchange.events.count
        }
        let rate = Double(count) / watch.seconds
        outcome.add("commands", rate / 1e6, .millionsPerSecond, .atLeast(8))
        outcome.add("events a command", Double(events) / Double(count), .count)

        let naive = NaiveBook.seconds(flow)
        outcome.add("the naive book, without margin", Double(count) / naive / 1e6, .millionsPerSecond)
        outcome.add("whole core / naive book", rate * naive / Double(count), .times)

        setting.progress.say("paced")
        // A third of what it can do, in whole hundred thousands, so that waiting in line is not what is measured.
        let paced = max(1e5, (rate / 3 / 1e5).rounded(.down) * 1e5)
        let dueCount = setting.size(2_000_000, quick: 50_000)
        exchange = opened(flow)
        time = WorkloadVenue.start
        let busy = latencies(dueCount, rate: paced) { number in
            time = Timestamp(time.raw + 1)
            exchange.execute(commands[number], at: time)
        }
        let idle = latencies(dueCount, rate: paced) { _ in }
        outcome.add("paced at", paced / 1e6, .millionsPerSecond)
        outcome.add("median from due to done", busy.median / 1_000, .microseconds)
        outcome.add("99th percentile", busy.percentile(99) / 1_000, .microseconds)
        outcome.add("99.9th percentile", busy.percentile(99.9) / 1_000, .microseconds, .atMost(10))
        outcome.add("the longest", busy.longest / 1_000, .microseconds)
        outcome.add("99.9th percentile with nothing to do", idle.percentile(99.9) / 1_000, .microseconds)
        outcome.add("the longest with nothing to do", idle.longest / 1_000, .microseconds)
        return outcome
    }

    static func opened(_ flow: OrderFlow) -> Exchange {
        var exchange = Exchange(rulebook: WorkloadVenue.rulebook())
        for command in OrderFlow.opening() { exchange.execute(command, at: WorkloadVenue.start) }
        for step in flow.filling { exchange.execute(OrderFlow.command(step), at: WorkloadVenue.start) }
        return exchange
    }

    /// Each piece of work is due at its time, whether or not the one before is done: who waits in line waits in the
    /// figures, also for the machine to turn to us again.
    private static func latencies(_ count: Int, rate: Double, _ work: (Int) -> Void) -> Samples {
        var samples = [Int64](repeating: 0, count: count)
        let watch = Stopwatch()
        for number in 0..<count {
            let due = Int64(Double(number) * 1e9 / rate)
            while watch.nanoseconds < due {}
            work(number)
            samples[number] = watch.nanoseconds - due
        }
        return Samples(samples)
    }
}

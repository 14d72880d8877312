import ArgumentParser
import Foundation

/// Runs the benchmarks and prints each one's conditions, figures, references and targets.
@main
struct Main: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure the core's speed beside its references.")

    /// Memory first: it looks at what the process grows by.
    static let all: [any Benchmark.Type] = [
        Memory.self, MarkTick.self, MarkGrowth.self, MarkAmortised.self, Crash.self, BookFlow.self, CoreFlow.self,
        Epoch.self, Replay.self, Sequencer.self,
    ]

    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Use small sizes, to see that all of it runs; the figures say little.") var quick = false
    @Option(help: "Run one benchmark, by the name it is printed with.") var only: String?
    @Option(help: "Write the JSON to a file as well.") var output: String?
    @Option(help: "Write a chart of how cost grows, as SVG.") var chart: String?

    func run() throws {
        let chosen = Self.all.filter { only == nil || $0.name == only }
        guard !chosen.isEmpty else {
            throw ValidationError("There are \(Self.all.map { $0.name }.joined(separator: ", ")), and no \(only!).")
        }
        let machine = Machine()
        if !json { print(machine.text + "\n") }
        let progress = Progress()
        let setting = Setting(quick: quick, progress: progress)
        var outcomes: [Outcome] = []
        for benchmark in chosen {
            progress.benchmark = benchmark.name
            let outcome = benchmark.run(setting)
            progress.clear()
            outcomes.append(outcome)
            if !json { print(outcome.text) }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let data = try encoder.encode(Report(machine: machine.text, benchmarks: outcomes)) + Data("\n".utf8)
        if json { FileHandle.standardOutput.write(data) }
        if let output { try data.write(to: URL(filePath: output)) }
        if let chart, let growth = outcomes.first(where: { $0.name == MarkGrowth.name }) {
            try Data(GrowthChart(growth).svg.utf8).write(to: URL(filePath: chart))
        }
    }
}

/// What is written as JSON.
private struct Report: Encodable {
    let machine: String
    let benchmarks: [Outcome]
}

/// Where figures were taken, without which those of one machine say little.
private struct Machine {
    let text: String

    init() {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last.map { $0.dropFirst() }
        let memory = ProcessInfo.processInfo.physicalMemory >> 30
        text = "\(model ?? "unknown processor"), \(ProcessInfo.processInfo.activeProcessorCount) cores, \(memory) GB"
    }
}

protocol Benchmark: Sendable {
    static var name: String { get }
    static func run(_ setting: Setting) -> Outcome
}

/// How large a run is, and where it tells how far it is.
struct Setting {
    let quick: Bool
    let progress: Progress

    func size(_ full: Int, quick small: Int) -> Int { quick ? small : full }
}

/// One line on a terminal that says what is going on; nothing in a pipe.
final class Progress {
    var benchmark = ""
    private let isTerminal = isatty(STDERR_FILENO) == 1

    func say(_ what: String) { write("\r\u{1b}[K\(benchmark): \(what) …") }
    func clear() { write("\r\u{1b}[K") }
    private func write(_ text: String) { if isTerminal { FileHandle.standardError.write(Data(text.utf8)) } }
}

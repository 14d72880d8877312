import BreakwaterCore
import BreakwaterTapes
import BreakwaterWorkloads
import Testing

/// What speed is measured with is what it says it is.
@Suite("Workloads")
struct WorkloadTests {
    @Test("PERF-001: the workloads run under the shipped rulebook of BitMEX")
    func rulebook() throws {
        var (ours, shipped) = (JournalWriter(), JournalWriter())
        ours.append(WorkloadVenue.rulebook())
        shipped.append(try RulebookFile.read(Repository.path("Rulebooks/bitmex.yaml")))
        #expect(ours.bytes == shipped.bytes)
    }

    @Test("PERF-002: a population is open as asked for, its ledger whole, through a crash as well")
    func population() {
        let population = Population(positions: 1_000, contracts: 5)
        var exchange = Exchange(rulebook: WorkloadVenue.rulebook())
        var refused: [Rejection] = []
        func execute(_ command: Command) {
            exchange.execute(command, at: WorkloadVenue.start)
            for case .rejected(let rejection) in exchange.events { refused.append(rejection) }
        }
        population.open(execute)
        let open = exchange.positionStatements().filter { $0.size != .zero }
        #expect(open.count == 1_000)
        #expect(open.count { $0.mode == .cross } == 500)
        for step in 0..<10 {
            let prices = Array(repeating: WorkloadVenue.price * Int64(97 - 3 * step) / 100, count: 5)
            population.bids(below: prices, step: step, execute)
            execute(.mark(population.marks(at: prices)))
        }
        #expect(refused == [])
        #expect(exchange.positionStatements().count { $0.size != .zero } < 800)
        #expect(exchange.brokenInvariants() == [])
    }

    @Test("PERF-003: no command of the order flow is refused, and the book keeps its size")
    func flow() {
        let flow = OrderFlow(count: 20_000)
        var exchange = Exchange(rulebook: WorkloadVenue.rulebook())
        var refused: [Rejection] = []
        for command in OrderFlow.opening() + (flow.filling + flow.steps).map(OrderFlow.command) {
            exchange.execute(command, at: WorkloadVenue.start)
            for case .rejected(let rejection) in exchange.events { refused.append(rejection) }
        }
        #expect(refused.map(\.code) == [])
        #expect((900...1_100).contains(exchange.openOrderCount))
        #expect(exchange.brokenInvariants() == [])
    }
}

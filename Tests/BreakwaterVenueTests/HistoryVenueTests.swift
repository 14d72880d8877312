import BreakwaterWorkloads
import Foundation
import Synchronization
import Testing

@testable import BreakwaterCore
@testable import BreakwaterHistory
@testable import BreakwaterVenue

/// The history beside a running venue: interrupted, caught up, rebuilt, and as fast as it has to be.
@Suite("History: beside a venue", .serialized)
struct HistoryVenueTests {
    /// A clock that moves on by a millisecond whenever it is asked.
    private static func clock() -> Venue.Clock {
        let now = Mutex(HistoryFlow.start)
        return {
            now.withLock { time in
                time = Timestamp(time.raw + 1_000)
                return time
            }
        }
    }

    /// Runs a flow's commands through a venue that keeps `journal`, for `followers` to see.
    private static func run(_ flow: borrowing HistoryFlow, _ journal: any Journal, followers: [any Follower])
        async throws
    {
        let venue = Venue(
            Exchange(rulebook: flow.rulebook), journal: journal, followers: followers, clock: clock())
        for execution in flow.executions.dropLast() {
            venue.submit(execution.command, from: execution.origin) { _ in }
        }
        if let last = flow.executions.last { _ = try await venue.perform(last.command, from: last.origin) }
        venue.stop()
    }

    @Test(
        "HIS-005: killed at any moment, it catches up from the journal; rebuilt, its tables are the same",
        arguments: HistoryFlow.venues)
    func interrupted(venue: String) async throws {
        let folder = try Folder()
        var flow = try HistoryFlow(venue, seed: 11)
        flow.run(1_500)
        let rulebook = flow.rulebook
        let journal = try SQLiteJournal(folder.file("journal.sqlite"), rulebook: rulebook)
        let history = try History(folder.file("history.sqlite"))
        let copier = Copier(folder.path)
        try await Self.run(flow, journal, followers: [history, copier])
        try await history.caughtUp(to: journal.last)
        let expected = try history.dump()
        #expect(copier.count > 0)
        for copy in 0..<copier.count {
            let part = try History(folder.file("copy\(copy).sqlite"))
            let behind = part.applied
            let exchange = try part.catchUp(Exchange(rulebook: rulebook), after: 0, with: journal)
            try await part.caughtUp(to: journal.last)
            #expect(try part.dump() == expected, "from \(behind) of \(journal.last)")
            #expect(exchange.now > HistoryFlow.start)
            part.stop()
        }
        _ = try history.rebuild(Exchange(rulebook: rulebook), after: 0, with: journal)
        try await history.caughtUp(to: journal.last)
        #expect(try history.dump() == expected)
        history.stop()
    }

    @Test("HIS-006: begun from a state, it goes on from the balances and positions there")
    func begunLate() async throws {
        let folder = try Folder()
        var flow = try HistoryFlow("bitmex", seed: 5)
        flow.run(600)
        let rulebook = flow.rulebook
        let journal = try SQLiteJournal(folder.file("journal.sqlite"), rulebook: rulebook)
        try await Self.run(flow, journal, followers: [])
        var state = Exchange(rulebook: rulebook)
        let middle = journal.last / 2
        try journal.forEachBatch(from: 1) { batch in
            try batch.forEachCommand { number, time, command, _ in
                if number <= middle { state.execute(command, at: time) }
            }
        }
        let history = try History(folder.file("history.sqlite"))
        let end = try history.catchUp(state, after: middle, with: journal)
        try await history.caughtUp(to: journal.last)
        for account in (0..<HistoryFlow.accounts).map(AccountID.init(index:)) {
            let positions = try await history.lastPositions(of: account)
            let told = end.allPositions().filter { $0.key.account == account && $0.size != .zero }
            let held = positions.filter { $0.size != .zero }.sorted { $0.key.order < $1.key.order }
            #expect(held.map(\.size) == told.map(\.size))
            for wallet in end.walletStatements(of: account) {
                let lines = try await history.walletLines(of: account, in: wallet.currency, page: .all)
                let rest = try await history.settlement(
                    of: account, in: wallet.currency, present: wallet.balance, after: history.applied, at: end.now)
                let sum = lines.reduce(.zero) { $0 + $1.amount } + (rest?.amount ?? .zero)
                #expect(sum == wallet.balance)
                #expect(lines.isEmpty || lines.contains { $0.cause == .broughtForward || $0.id.sequence > middle })
            }
        }
        history.stop()
    }

    @Test("HIS-007: a history ahead of its journal, or with commands missing, says so")
    func misfits() async throws {
        let folder = try Folder()
        var flow = try HistoryFlow("bitmex", seed: 2)
        flow.run(20)
        let rulebook = flow.rulebook
        let journal = try SQLiteJournal(folder.file("journal.sqlite"), rulebook: rulebook)
        let history = try History(folder.file("history.sqlite"))
        try await history.fold(flow.executions)
        let count = Int64(flow.executions.count)
        #expect(throws: HistoryFault.aheadOfJournal(applied: count, journal: 0)) {
            _ = try history.catchUp(Exchange(rulebook: rulebook), after: 0, with: journal)
        }
        let last = flow.executions[flow.executions.count - 1]
        history.take([
            Execution(sequence: count + 2, time: last.time, command: .wait, origin: .timer, events: [])
        ])
        await #expect(throws: HistoryFault.gap(applied: count, next: count + 2)) {
            try await history.caughtUp(to: count + 2)
        }
        #expect(history.fault == .gap(applied: count, next: count + 2))
        #expect(history.applied == count)
        history.stop()
        let again = try History(folder.file("history.sqlite"))
        #expect(again.applied == count)
        again.stop()
        await #expect(throws: HistoryFault.stopped) { try await again.caughtUp(to: count + 1) }
    }

    @Test("HIS-008: it keeps up with 30,000 order commands a second, resting, moving or trading")
    func speed() async throws {
        let folder = try Folder()
        let steps = OrderFlow(seed: 3, count: 200_000)
        var exchange = Exchange(rulebook: WorkloadVenue.rulebook())
        var executions: [Execution] = []
        var ids: [OrderID: OrderID] = [:]
        for command in OrderFlow.opening() + (steps.filling + steps.steps).map(OrderFlow.command) {
            exchange.append(command.numbered(Int64(executions.count + 1), &ids), to: &executions)
        }
        let mixed = executions.count
        // Every second order trades with the one before it.
        for number in 0..<60_000 {
            let isMaker = number.isMultiple(of: 2)
            let key = PositionKey(AccountID(isMaker ? 1 : 2), ContractID(0))
            let side: OrderSide = (number / 2 % 2 == 0) == isMaker ? .sell : .buy
            let request = OrderRequest(
                key: key, id: OrderID(Int64(executions.count + 1)), side: side, size: Size(1),
                price: Price(OrderFlow.middle))
            exchange.append(.placeOrder(request), to: &executions)
        }
        let history = try History(folder.file("history.sqlite"))
        let opening = OrderFlow.opening().count
        try await history.fold(executions[..<opening])
        for (name, part, least) in [
            ("mixed", opening..<mixed, 30_000.0), ("trading", mixed..<executions.count, 12_000),
        ] {
            let took = try await ContinuousClock().measure { try await history.fold(executions[part], batch: 500) }
            let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
            let rate = Double(part.count) / seconds
            print("history: \(Int(rate)) order commands a second, \(name)")
            #expect(rate >= least)
        }
        let orders = try await history.openOrders(of: AccountID(1))
        #expect(orders.map(\.id) == exchange.openOrderChanges().filter { $0.account == AccountID(1) }.map(\.id))
        #expect(try await history.trades(in: ContractID(0), page: .all).count > 30_000)
        history.stop()
    }
}

extension PositionKey {
    /// By contract, then by side.
    fileprivate var order: (ContractID, String) { (contract, side.rawValue) }
}

extension Exchange {
    /// Executes a command as the next of `executions`.
    fileprivate mutating func append(_ command: Command, to executions: inout [Execution]) {
        let number = Int64(executions.count + 1)
        let time = Timestamp(WorkloadVenue.start.raw + number * 20)
        execute(command, at: time)
        executions.append(
            Execution(sequence: number, time: time, command: command, origin: Origin("test"), events: events))
    }
}

extension Command {
    /// The same with the id that a venue gives its order.
    fileprivate func numbered(_ number: Int64, _ ids: inout [OrderID: OrderID]) -> Command {
        if case .placeOrder(var request) = self {
            ids[request.id] = OrderID(number)
            request.id = OrderID(number)
            return .placeOrder(request)
        }
        if case .cancelOrder(let account, let id) = self { return .cancelOrder(account, ids[id] ?? .none) }
        if case .amendOrder(let account, let id, let contract, let size, let price, let stop) = self {
            return .amendOrder(account, ids[id] ?? .none, contract, size: size, price: price, stop: stop)
        }
        return self
    }
}

/// Copies the history's files while they are being written, as a sudden end would leave them.
private final class Copier: Follower {
    private let folder: String
    private let copies = Mutex(0)

    init(_ folder: String) { self.folder = folder }

    var count: Int { copies.withLock { $0 } }

    func take(_ batch: [Execution]) {
        copies.withLock { copies in
            guard copies < 5, let last = batch.last?.sequence, last > copies * 150 else { return }
            for ending in ["", "-wal"] {
                try? FileManager.default.copyItem(
                    atPath: folder + "/history.sqlite" + ending, toPath: folder + "/copy\(copies).sqlite" + ending)
            }
            copies += 1
        }
    }
}

import BreakwaterVenue
import Foundation
import Testing

@testable import BreakwaterCore
@testable import BreakwaterHistory

/// After random workloads under every rulebook, the history says what the core says.
@Suite("History: random workloads")
struct HistoryTests {
    static let seeds: [UInt64] =
        ProcessInfo.processInfo.environment["BREAKWATER_SOAK"] == "1" ? Array(1...200) : Array(1...6)
    static let commands = 900

    @Test(
        "HIS-001: each wallet's lines, funding worked out, add up to its balance, and settled values to its trades",
        arguments: HistoryFlow.venues, seeds)
    func books(venue: String, seed: UInt64) async throws {
        let folder = try Folder()
        let history = try History(folder.file("history.sqlite"))
        var flow = try HistoryFlow(venue, seed: seed)
        flow.run(Self.commands)
        try await history.fold(flow.executions)
        let positions = flow.exchange.allPositions()
        for account in (0..<HistoryFlow.accounts).map(AccountID.init(index:)) {
            let fills = try await history.fills(of: account, page: .all)
            for wallet in flow.exchange.walletStatements(of: account) {
                let place = "\(venue), seed \(seed), account \(account.raw), currency \(wallet.currency.raw)"
                func isHere(_ contract: ContractID) -> Bool {
                    flow.exchange.directory[contract].settle == wallet.currency
                }
                let lines = try await history.walletLines(of: account, in: wallet.currency, page: .all)
                let told = try await history.balance(of: account, in: wallet.currency)
                #expect(lines.reduce(.zero) { $0 + $1.amount } == told, "\(place)")
                let rest = try await history.settlement(
                    of: account, in: wallet.currency, present: wallet.balance, at: flow.exchange.now)
                #expect(told + (rest?.amount ?? .zero) == wallet.balance, "\(place)")
                // Balance less settled values moves by what is traded, charged and brought, and by nothing else:
                // realising profit and carrying charges leaves it alone.
                var expected = lines.reduce(Amount.zero) { sum, line in
                    switch line.cause {
                    case .broughtForward, .deposit, .withdrawal, .transfer, .fee, .funding, .clawback, .conversion:
                        sum + line.amount
                    case .realisedPnL, .autoDeleverage, .settlement, .liquidation: sum
                    }
                }
                for fill in fills where isHere(fill.contract) { expected = expected - fill.value }
                // Margin that a forced close left and the fund kept is no trade of its own.
                let traded = Set(fills.map(\.id))
                for line in lines where line.cause == .liquidation && !traded.contains(line.id) {
                    expected = expected + line.amount
                }
                let settled = positions.filter { $0.key.account == account && isHere($0.key.contract) }
                let found = settled.reduce(wallet.balance) { $0 - $1.settled }
                #expect(found == expected, "\(place): balance less settled values")
            }
        }
        history.stop()
    }

    @Test(
        "HIS-002: where nothing settles, is funded or charged, nothing is realised at mark",
        arguments: seeds)
    func plain(seed: UInt64) async throws {
        let folder = try Folder()
        let history = try History(folder.file("history.sqlite"))
        var flow = try HistoryFlow("mexc", seed: seed, isPlain: true)
        flow.run(Self.commands)
        try await history.fold(flow.executions)
        for account in (0..<HistoryFlow.accounts).map(AccountID.init(index:)) {
            let lines = try await history.walletLines(of: account, causes: [.settlement], page: .all)
            #expect(lines == [], "seed \(seed)")
            for wallet in flow.exchange.walletStatements(of: account) {
                let rest = try await history.settlement(
                    of: account, in: wallet.currency, present: wallet.balance, at: flow.exchange.now)
                #expect(rest == nil, "seed \(seed)")
            }
        }
        history.stop()
    }

    @Test(
        "HIS-003: open orders, positions, funds and liquidation records are the core's", arguments: HistoryFlow.venues,
        seeds)
    func states(venue: String, seed: UInt64) async throws {
        let folder = try Folder()
        let history = try History(folder.file("history.sqlite"))
        var flow = try HistoryFlow(venue, seed: seed)
        flow.run(Self.commands)
        try await history.fold(flow.executions)
        var open: [OrderRecord] = []
        var positions: [PositionRecord] = []
        for account in (0..<HistoryFlow.accounts).map(AccountID.init(index:)) {
            open += try await history.openOrders(of: account)
            positions += try await history.lastPositions(of: account)
        }
        let changes = flow.exchange.openOrderChanges()
        #expect(open.sorted { $0.id < $1.id }.map(OrderFigures.init) == changes.map(OrderFigures.init))
        positions.sort {
            ($0.key.account, $0.key.contract, $0.key.side.rawValue)
                < ($1.key.account, $1.key.contract, $1.key.side.rawValue)
        }
        let told = flow.exchange.allPositions().filter { $0.size != .zero }
        let held = positions.filter { $0.size != .zero }
        #expect(held.map(\.key) == told.map(\.key), "\(venue), seed \(seed)")
        #expect(held.map(\.size) == told.map(\.size))
        #expect(held.map(\.entry) == told.map(\.entry))
        #expect(held.map(\.mode) == told.map(\.mode))
        for currency in flow.exchange.directory.currencies.indices.map(CurrencyID.init(index:)) {
            let lines = try await history.insurance(of: currency, page: .all)
            #expect(lines.reduce(.zero) { $0 + $1.amount } == flow.exchange.insurance(of: currency))
        }
        var records = LiquidationRecords()
        for execution in flow.executions { records.fold(Array(execution.events), at: execution.time) }
        let kept = try await history.liquidations(page: .all)
        #expect(kept.map(\.text) == records.all.map(\.text), "\(venue), seed \(seed)")
        #expect(open.count + held.count > 5, "\(venue), seed \(seed): the workload is too quiet")
        history.stop()
    }

    @Test(
        "HIS-004: however it is cut into batches, stopped and opened again, the tables are the same to the byte",
        arguments: HistoryFlow.venues, seeds.prefix(2))
    func cuts(venue: String, seed: UInt64) async throws {
        let folder = try Folder()
        var flow = try HistoryFlow(venue, seed: seed)
        flow.run(Self.commands)
        let whole = try History(folder.file("whole.sqlite"))
        try await whole.fold(flow.executions, batch: .max)
        let expected = try whole.dump()
        let single = try History(folder.file("single.sqlite"))
        for execution in flow.executions {
            single.take([execution])
            if execution.sequence.isMultiple(of: 3) { try await single.caughtUp(to: execution.sequence) }
        }
        try await single.caughtUp(to: Int64(flow.executions.count))
        #expect(try single.dump() == expected, "\(venue), seed \(seed)")
        var pieces = try History(folder.file("pieces.sqlite"))
        for start in stride(from: 0, to: flow.executions.count, by: 137) {
            try await pieces.fold(flow.executions[start...].prefix(137), batch: 50)
            pieces.stop()
            pieces = try History(folder.file("pieces.sqlite"))
            #expect(pieces.applied == Int64(min(start + 137, flow.executions.count)))
        }
        #expect(try pieces.dump() == expected, "\(venue), seed \(seed)")
        for history in [whole, single, pieces] { history.stop() }
    }
}

/// What both the core and the history say of an open order.
private struct OrderFigures: Equatable {
    let id: OrderID
    let account: AccountID?
    let side: OrderSide
    let price: Price?
    let size: Size
    let remaining: Size
    let condition: Condition?

    init(_ record: OrderRecord) {
        (id, account, side, price) = (record.id, record.account, record.side, record.price)
        (size, remaining) = (record.size, record.remaining)
        condition = record.state == .waiting ? record.condition : nil
    }

    init(_ change: OrderChange) {
        (id, account, side, price) = (change.id, change.account, change.side, change.price)
        (size, remaining, condition) = (change.size, change.remaining, change.condition)
    }
}

extension LiquidationRecord {
    /// Everything of it.
    var text: String { "\(id) \(time) \(trigger) \(outcome) \(loss) \(steps)" }
}

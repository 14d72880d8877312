import BreakwaterCore
import BreakwaterTapes
import Testing

/// What an order or a setting is said to do is what it then does, and asking leaves nothing behind.
@Suite("Preview: orders and settings before they are sent")
struct PreviewTests {
    /// What one stream of commands showed.
    private struct Finding {
        var faults: [String] = []
        var orders = 0
        var filled = 0
        var settings = 0
        var refused = 0

        mutating func add(_ other: Finding) {
            orders += other.orders
            filled += other.filled
            settings += other.settings
            refused += other.refused
        }
    }

    @Test(
        "PRE-001: previews agree with what then happens, and leave no trace", arguments: VenuePropertyTests.venues)
    func agreement(venue: String) throws {
        var seen = Finding()
        for seed in VenuePropertyTests.seeds.prefix(10) {
            let finding = Self.walk(try VenuePropertyTests.tape(venue, seed: seed))
            #expect(finding.faults == [], "\(venue), seed \(seed)")
            seen.add(finding)
        }
        #expect(seen.orders > 200 && seen.filled > 50 && seen.settings > 50 && seen.refused > 50, "\(seen)")
    }

    @Test("PRE-002: the same in portfolios", arguments: PropertyTests.seeds.prefix(20))
    func portfolios(seed: UInt64) throws {
        let finding = Self.walk(try PropertyTests.tape(seed: seed, portfolio: true))
        #expect(finding.faults == [], "seed \(seed)")
        #expect(finding.orders > 20, "\(finding)")
    }

    private static func walk(_ tape: Tape) -> Finding {
        var exchange = Exchange(rulebook: tape.rulebook)
        var plain = Exchange(rulebook: tape.rulebook)
        var finding = Finding()
        for step in tape.steps {
            guard case .execute(let commands) = step.action else { continue }
            for command in commands {
                // Timers fire first, so that the preview and the command meet the same state.
                exchange.execute(.wait, at: step.time)
                plain.execute(.wait, at: step.time)
                if command.canPreview {
                    check(command, on: &exchange, at: step, &finding)
                } else {
                    exchange.execute(command, at: step.time)
                }
                plain.execute(command, at: step.time)
            }
        }
        if exchange.stateHash != plain.stateHash { finding.faults.append("previews changed how the tape ends") }
        return finding
    }

    private static func check(
        _ command: Command, on exchange: inout Exchange, at step: Tape.Step, _ finding: inout Finding
    ) {
        func fault(_ what: String) { finding.faults.append("line \(step.line): \(what): \(command)") }
        let (hash, events) = (exchange.stateHash, exchange.events)
        let preview = exchange.preview(command)
        if exchange.stateHash != hash || exchange.events != events { fault("the preview left something behind") }
        finding.faults += exchange.brokenInvariants().map { "line \(step.line): after the preview \($0)" }
        exchange.execute(command, at: step.time)
        if case .rejected(let rejection)? = exchange.events.last {
            finding.refused += 1
            if preview.rejection != rejection { fault("said \(preview.rejection as Any), was \(rejection)") }
            return
        }
        guard let key = command.key, isAlone(exchange.events, key) else { return }
        if preview.rejection != nil, !wasCancelled(exchange.events) {
            return fault("was to be refused: \(preview.rejection!)")
        }
        guard preview.rejection == nil else { return }
        let contract = exchange.directory[key.contract]
        let position = exchange.positionStatement(key, ranked: false)?.report(in: exchange.directory)
        if preview.position?.report(in: exchange.directory) != position { fault("another position") }
        let wallet = exchange.walletStatement(of: key.account, in: contract.settle)?.report(in: exchange.directory)
        if preview.wallet?.report(in: exchange.directory) != wallet { fault("another wallet") }
        if preview.orderMargin != exchange.orderMargin(of: key) { fault("another order margin") }
        guard let told = preview.fills else {
            finding.settings += 1
            return
        }
        finding.orders += 1
        var (size, value, fee) = (Size.zero, Amount.zero, Amount.zero)
        for case .traded(let trade) in exchange.events {
            guard case .account(key.account, _, let booking) = trade.taker else { continue }
            (size, value, fee) = (size + trade.size, value + trade.value, fee + booking.fee)
        }
        if size > .zero { finding.filled += 1 }
        if (told.size, told.value, told.fee) != (size, value, fee) { fault("other fills: \(told)") }
    }

    /// Whether nothing happened but the command itself: neither liquidations nor other orders.
    private static func isAlone(_ events: [Event], _ key: PositionKey) -> Bool {
        events.allSatisfy { event in
            switch event {
            case .orderAccepted, .traded, .settingsChanged, .warned, .feeCharged, .positionChanged: true
            case .orderCancelled(let change, let reason): change.account == key.account && reason != .selfTrade
            default: false
            }
        }
    }

    private static func wasCancelled(_ events: [Event]) -> Bool {
        events.contains { if case .orderCancelled = $0 { true } else { false } }
    }
}

extension Command {
    fileprivate var key: PositionKey? {
        switch self {
        case .placeOrder(let request): request.key
        case .setLeverage(let key, _, _), .moveMargin(let key, _), .setRiskLimit(let key, _): key
        default: nil
        }
    }
}

public import BreakwaterCore

/// Runs a tape through an exchange, step by step, and keeps what a report needs.
public struct TapeRunner: ~Copyable, Sendable {
    public let tape: Tape
    public private(set) var exchange: Exchange
    public private(set) var records = LiquidationRecords()
    public private(set) var refusals: [Refusal] = []
    public private(set) var failures: [Failure] = []
    public private(set) var expectations = 0
    /// The code of the last command's refusal, if it was refused.
    private var lastRefusal: Rejection?

    /// A command the exchange refused, with the line it stands on.
    public struct Refusal: Sendable {
        public let line: Int
        public let rejection: Rejection
    }

    /// An expectation that did not hold.
    public struct Failure: Sendable, CustomStringConvertible {
        public let file: String
        public let line: Int
        public let key: String
        public let expected: String
        public let found: String

        public var description: String { "\(file):\(line): \(key): expected \(expected), found \(found)" }
    }

    public init(_ tape: Tape) {
        self.tape = tape
        exchange = Exchange(rulebook: tape.rulebook)
    }

    /// An independent run in the same state, for what-if questions about the rest of the tape.
    public func fork() -> TapeRunner {
        var twin = TapeRunner(tape)
        twin.exchange = exchange.fork()
        twin.records = records
        twin.refusals = refusals
        twin.failures = failures
        twin.expectations = expectations
        twin.lastRefusal = lastRefusal
        return twin
    }

    /// What was refused, as sentences with their places.
    public var refusalSentences: [String] {
        var sentences: [String] = []
        for refusal in refusals {
            let reason = refusal.rejection.sentence(in: exchange.directory)
            sentences.append("\(tape.file):\(refusal.line): refused (\(refusal.rejection.code)): \(reason)")
        }
        return sentences
    }

    /// The run's report.
    public var report: JSONValue { exchange.report(records) }

    /// Refused commands that no `expect` with `rejected` follows: mistakes in a scenario.
    public var unexpectedRefusals: [String] {
        let expected = Set(
            zip(tape.steps, tape.steps.dropFirst()).compactMap { step, next in
                if case .expect(let expectation) = next.action,
                    expectation.figures.contains(where: { $0.key == "rejected" })
                {
                    step.line
                } else {
                    nil
                }
            })
        return zip(refusals, refusalSentences).filter { !expected.contains($0.0.line) }.map(\.1)
    }

    /// Runs every step.
    ///
    /// - Parameter observe: called after each command with the exchange whose `events` are its outcome.
    public mutating func run(observe: (borrowing Exchange, Tape.Step) -> Void = { _, _ in }) {
        for step in tape.steps { run(step, observe: observe) }
    }

    public mutating func run(_ step: Tape.Step, observe: (borrowing Exchange, Tape.Step) -> Void = { _, _ in }) {
        switch step.action {
        case .execute(let commands):
            lastRefusal = nil
            for command in commands {
                exchange.execute(command, at: step.time)
                records.fold(exchange.events, at: step.time)
                for case .rejected(let rejection) in exchange.events {
                    lastRefusal = rejection
                    refusals.append(Refusal(line: step.line, rejection: rejection))
                }
                observe(exchange, step)
            }
        case .expect(let expectation):
            // An `at` on an expectation lets time pass like any other; the refusal it may ask about stays the last.
            if step.time > exchange.now {
                execute(.wait, at: step.time)
                observe(exchange, step)
            }
            for figure in expectation.figures { check(figure, of: expectation) }
        }
    }

    /// Executes one more command after the tape, now or at `time`, and returns what it did.
    @discardableResult
    public mutating func execute(_ command: Command, at time: Timestamp? = nil) -> [Event] {
        let time = time ?? exchange.now
        exchange.execute(command, at: time)
        records.fold(exchange.events, at: time)
        return exchange.events
    }

    private mutating func check(_ figure: (key: String, expected: String), of expectation: Expectation) {
        expectations += 1
        let found = self.figure(figure.key, of: expectation)
        if !matches(found, figure.expected) {
            failures.append(
                Failure(
                    file: tape.file, line: expectation.line, key: figure.key, expected: figure.expected,
                    found: Self.plain(found)))
        }
    }

    /// Numbers are equal as numbers, everything else as text.
    private func matches(_ found: JSONValue, _ expected: String) -> Bool {
        let text = Self.plain(found)
        if let number = ExactDecimal(text), let wanted = ExactDecimal(expected) { return number == wanted }
        return text == expected
    }

    private static func plain(_ value: JSONValue) -> String {
        if case .string(let text) = value { text } else { value.text(pretty: false) }
    }

    private func figure(_ key: String, of expectation: Expectation) -> JSONValue {
        switch key {
        case "rejected": return lastRefusal.map { .string($0.code) } ?? .null
        case "insurance":
            // A contract's own fund where the line names one and the rulebook keeps one for each.
            if let contract = expectation.contract, exchange.rulebook.insurance == .perContract {
                let currency = exchange.directory[exchange.directory[contract].settle]
                return .decimal(currency.decimal(exchange.insurance(behind: contract)))
            }
            return exchange.insuranceReport(of: expectation.currency!)
        case "trading": return .string(exchange.trading(in: expectation.contract!))
        case "pendingOrders": return .integer(exchange.pendingOrderCount(of: expectation.account!))
        case _ where ExpectationScope.contractFigures.contains(key):
            return exchange.contractReport(expectation.contract!)[key]!
        case "state" where expectation.account != nil && expectation.contract != nil:
            let key = PositionKey(expectation.account!, expectation.contract!, expectation.side)
            return exchange.state(of: key).map { .string($0.rawValue) } ?? .null
        case "venueDebt":
            return .decimal(
                exchange.directory[expectation.currency!].decimal(exchange.venueDebt(in: expectation.currency!)))
        case "liquidated":
            let lost = records.all.contains {
                $0.isLost && $0.trigger.key.account == expectation.account
                    && $0.trigger.key.contract == expectation.contract
                    && (expectation.side == .net || $0.trigger.key.side == expectation.side)
            }
            return .bool(lost)
        default: break
        }
        if let account = expectation.account, let contract = expectation.contract,
            ExpectationScope.positionFigures.contains(key)
        {
            let position = exchange.positionReport(PositionKey(account, contract, expectation.side))
            return position?[key] ?? (key == "size" ? "0" : .null)
        }
        return exchange.walletReport(of: expectation.account!, in: expectation.currency!)?[
            key == "wallet" ? "balance" : key] ?? "0"
    }
}

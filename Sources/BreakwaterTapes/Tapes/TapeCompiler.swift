import BreakwaterCore
import Foundation

/// Turns a tape's lines into commands, keeping its own list of what has been opened and listed so far.
struct TapeCompiler {
    private(set) var steps: [Tape.Step] = []
    var venue = Directory()
    private let override: Rulebook?
    private var rulebook: Rulebook?
    private var time = Timestamp.zero
    private var orderIDs: [OrderName: OrderID] = [:]
    /// The contracts each order id was used in, to read an amendment's price and size in.
    var orderContracts: [OrderID: [ContractID]] = [:]

    private struct OrderName: Hashable {
        let account: AccountID
        let id: String
    }

    init(override: Rulebook?) {
        self.override = override
        for currency in Currency.common { venue.add(currency) }
    }

    /// A compiler that goes on where a venue stands.
    init(running venue: Directory, under rulebook: Rulebook, at time: Timestamp) {
        override = rulebook
        self.venue = venue
        self.time = time
    }

    func chosenRulebook() throws(BadInput) -> Rulebook {
        if let chosen = override ?? rulebook { return chosen }
        return try RulebookLibrary.load("bitmex")
    }

    /// Checks one line and adds what it does.
    mutating func add(_ object: Fields) throws(BadInput) {
        var fields = object
        try advanceTime(&fields)
        let text = try fields.requiredText("do", expected: "a verb")
        guard let verb = Verb(rawValue: text) else {
            throw fields.refuse("do", text, "one of \(Verb.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let action = try compile(verb, &fields)
        try fields.finish("\(verb.rawValue)")
        if let action { steps.append(Tape.Step(line: fields.place.line, time: time, action: action)) }
    }

    /// Takes the line's `at`: a moment, or a wait after the line before it.
    private mutating func advanceTime(_ fields: inout Fields) throws(BadInput) {
        let expected = "a moment such as 2022-01-20T00:00:00Z, or a wait such as +30s"
        guard let text = try fields.text("at", expected: expected) else { return }
        if text.hasPrefix("+"), let wait = BreakwaterCore.Duration(text: String(text.dropFirst())) {
            try move(to: time + wait, fields, "at", text)
        } else if let moment = Timestamp(iso: text) {
            try move(to: moment, fields, "at", text)
        } else {
            throw fields.refuse("at", text, expected)
        }
    }

    private mutating func move(to moment: Timestamp, _ fields: Fields, _ key: String, _ text: String) throws(BadInput) {
        guard moment >= time else {
            throw fields.refuse(key, text, "a time not before \(time.iso), that of the line before")
        }
        guard moment <= .latest else { throw fields.refuse(key, text, "a time before the year 10000") }
        time = moment
    }

    /// A line's commands, or `nil` where it only sets the run up.
    private mutating func compile(_ verb: Verb, _ fields: inout Fields) throws(BadInput) -> Tape.Action? {
        switch verb {
        case .rulebook:
            let chosen = try namedRulebook(&fields)
            if venue.contracts.isEmpty {
                rulebook = chosen
                return nil
            }
            return .execute([.changeRules(RuleChange(.rulebook(chosen), from: try effective(&fields)))])
        case .wait:
            guard let wait = try fields.duration("for") else {
                throw fields.missing("for", "a length of time such as 10m")
            }
            try move(to: time + wait, fields, "for", "\(wait.raw / 1_000_000)s")
            return .execute([.wait])
        case .expect: return .expect(try expectation(&fields))
        case .list: return .execute([.list(try list(&fields))])
        case .deposit: return .execute(try deposit(&fields))
        default: return .execute([try command(verb, &fields)])
        }
    }

    /// When a change of rules takes effect: `effective`, or at once.
    func effective(_ fields: inout Fields) throws(BadInput) -> Timestamp { try moment("effective", &fields) ?? time }

    /// A moment, or a wait after the line's own.
    func moment(_ key: String, _ fields: inout Fields) throws(BadInput) -> Timestamp? {
        let expected = "a moment such as 2022-01-20T00:00:00Z, or a wait such as +30s"
        guard let text = try fields.text(key, expected: expected) else { return nil }
        if text.hasPrefix("+"), let wait = BreakwaterCore.Duration(text: String(text.dropFirst())) {
            guard time + wait <= .latest else { throw fields.refuse(key, text, "a time before the year 10000") }
            return time + wait
        }
        guard let moment = Timestamp(iso: text) else { throw fields.refuse(key, text, expected) }
        return moment
    }

    /// The rulebook a line names. One that cannot be found is the line's fault, one that contradicts itself its file's.
    private func namedRulebook(_ fields: inout Fields) throws(BadInput) -> Rulebook {
        let key = fields.keys.contains("file") ? "file" : "name"
        var copy = fields
        let value = try copy.text(key)
        do { return try foundRulebook(&fields) } catch {
            guard error.line == nil, error.file != fields.place.file else { throw error }
            throw fields.refuse(key, value, error.expected)
        }
    }

    private func foundRulebook(_ fields: inout Fields) throws(BadInput) -> Rulebook {
        let name = try fields.name("name")
        let file = try fields.text("file", expected: "a rulebook file")
        let folder = URL(filePath: fields.place.file).deletingLastPathComponent().path
        switch (name, file) {
        case (let name?, nil): return try RulebookLibrary.load(name)
        case (nil, let file?):
            return try RulebookLibrary.load(file.contains("/") ? file : "./" + file, beside: folder)
        default: throw fields.refuse("name", name, "either the name of a rulebook or a file")
        }
    }

    private mutating func list(_ fields: inout Fields) throws(BadInput) -> Contract {
        guard var terms = try fields.object("contract") else { throw fields.missing("contract", "a contract's terms") }
        let contract = try terms.contract(in: venue)
        guard venue.contract(named: contract.symbol) == nil else {
            throw terms.refuse("symbol", contract.symbol, "a symbol that is not listed yet")
        }
        guard venue.contracts.count < Limits.listings else {
            throw terms.refuse("symbol", contract.symbol, "at most \(Limits.listings) contracts")
        }
        let rulebook = try chosenRulebook()
        do {
            try rulebook.validate(contract)
            try rulebook.prices.validate(contract)
        } catch {
            throw terms.refuse(error.key, error.value, error.expected)
        }
        if self.rulebook == nil { self.rulebook = rulebook }
        venue.add(contract)
        return contract
    }

    private mutating func deposit(_ fields: inout Fields) throws(BadInput) -> [Command] {
        let name = try fields.requiredName("account")
        let (currency, terms) = try fields.currency("currency", in: venue)
        let amount = try fields.amount("amount", in: terms)
        if let account = venue.account(named: name) { return [.deposit(account, currency, amount)] }
        return [.openAccount(name: name), .deposit(venue.add(accountNamed: name), currency, amount)]
    }

    /// The dense number of an account's order id, new or known.
    mutating func orderID(_ account: AccountID, _ id: String) -> OrderID {
        let name = OrderName(account: account, id: id)
        if let known = orderIDs[name] { return known }
        let new = OrderID(index: orderIDs.count)
        orderIDs[name] = new
        return new
    }
}

/// The verbs of the tape schema (docs/TAPES.md).
enum Verb: String, CaseIterable {
    case currency, list, deposit, withdraw, fund, leverage, margin, riskLimit, hedge, selfTrade
    case order, amend, cancel, cancelAll, close, trade
    case mark, index, funding, settle, wait, halt, resume, rulebook, expect
    case provider, pairs, event, tiers
    case auction, uncross
    case restart
    case transfer, restrict
}

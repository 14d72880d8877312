public import BreakwaterCore
public import BreakwaterTapes

/// One event that policies of auto-deleveraging are tried on: accounts, and what went bankrupt on the other side.
public struct DeleveragingEvent: Sendable {
    /// Where the accounts come from.
    public let source: String
    public let accounts: [OpposingAccount]
    /// Which side was liquidated; the accounts are on the other.
    public let liquidatesLongs: Bool
    /// What the liquidated position is worth at the mark.
    public let notional: Amount
    /// What it lost beyond its margin, to be borne by the accounts.
    public let deficit: Amount
    let venue: Venue

    /// The contract and the rules that an event is played out under; data files that come with the program.
    public struct Venue: Sendable {
        public let contract: Contract
        public let currency: Currency
        public let rulebook: Rulebook
        /// The mark of every event: one, so that a lot is worth its own size.
        let mark: Price

        public init() throws(BadInput) {
            func file(_ name: String) throws(BadInput) -> String {
                guard let path = DataFolder.file(name, in: "Examples/Lab") else {
                    throw BadInput(file: "Examples/Lab/" + name, expected: "a data file that comes with the program")
                }
                return path
            }
            let path = try file("deleveraging-contract.yaml")
            (contract, currency) = try ContractFile.load(path)
            rulebook = try RulebookLibrary.load(try file("deleveraging.yaml"))
            guard let one = ExactDecimal(digits: 1).steps(of: contract.tick), contract.kind == .linear,
                contract.executionValue(of: Size(1), at: Price(1)) == Amount(1), rulebook.autoDeleverage != nil
            else {
                throw BadInput(
                    file: path, expected: "a linear contract of which a lot is worth one unit more with each tick")
            }
            mark = Price(one)
        }

        /// Whole lots worth `notional` at the mark; `nil` where it is no whole number of them.
        func lots(worth notional: Amount) -> Size? {
            notional.raw % mark.raw == 0 ? Size(notional.raw / mark.raw) : nil
        }

        /// The smallest notional there is.
        var lot: ExactDecimal { currency.decimal(contract.executionValue(of: Size(1), at: mark)) }
    }

    /// - Parameters:
    ///   - notional: what the liquidated position is worth at the mark; ten times the deficit where none is given, as if
    ///     it had been closed a tenth beyond where its margin ended, and no more than the accounts hold.
    public init(
        _ accounts: [OpposingAccount], from source: String, liquidatesLongs: Bool, deficit: Amount, notional: Amount?,
        in venue: Venue
    ) throws(BadInput) {
        for (place, account) in accounts.enumerated() {
            func refuse(_ key: String, _ amount: Amount, _ expected: String) -> BadInput {
                BadInput(
                    file: source, line: place + 2, key: key, value: "\(venue.currency.decimal(amount))",
                    expected: expected)
            }
            guard venue.lots(worth: account.notional) != nil else {
                throw refuse("notional", account.notional, "a multiple of \(venue.lot)")
            }
            let entry = liquidatesLongs ? account.notional + account.profit : account.notional - account.profit
            guard entry.raw >= account.notional.raw / venue.mark.raw else {
                throw refuse(
                    "pnl", account.profit,
                    liquidatesLongs
                        ? "a loss of less than the notional: a short loses at most what it was sold for"
                        : "a profit of less than the notional: a long was bought for something")
            }
        }
        let held = accounts.reduce(Int128(0)) { $0 + $1.notional.wide }
        // Up to a whole lot.
        let lots = divide(min(deficit.wide * 10, held), by: venue.mark.raw.wide, .up)
        let notional = notional ?? Amount(Int64(lots) * venue.mark.raw)
        guard venue.lots(worth: notional) != nil, notional > .zero, notional.wide <= held else {
            throw BadInput(
                file: source, key: "--notional", value: "\(venue.currency.decimal(notional))",
                expected: "a multiple of \(venue.lot) above zero, at most the \(venue.currency.decimal(held)) that the "
                    + "accounts hold")
        }
        guard deficit > .zero, deficit.raw <= Limits.money / 10_000,
            liquidatesLongs || deficit.wide * 100 < notional.wide * 99
        else {
            throw BadInput(
                file: source, key: "--deficit", value: "\(venue.currency.decimal(deficit))",
                expected: "an amount above zero and up to \(venue.currency.decimal(Amount(Limits.money / 10_000)))"
                    + (liquidatesLongs ? "" : ", below 99 % of what the short is worth"))
        }
        self.source = source
        self.accounts = accounts
        self.liquidatesLongs = liquidatesLongs
        self.notional = notional
        self.deficit = deficit
        self.venue = venue
    }
}

extension Int64 {
    fileprivate var wide: Int128 { Int128(self) }
}

/// The stages of a waterfall, and what each may say.
extension Stage: Journaled {
    private enum Code: UInt8 {
        case warnings = 1
        case stepDown, cancelOrders, fillOrKill, convertCollateral, partial, marketClose, takeover
        case liquiditySupport, aggress, absorb, autoDeleverage, clawback
    }

    func write(to journal: inout JournalWriter) {
        func write<each Value: Journaled>(_ code: Code, _ values: repeat each Value) {
            journal.write(byte: code.rawValue)
            repeat journal.write(each values)
        }
        switch self {
        case .warnings(let levels): write(.warnings, levels)
        case .stepDown(let withOrders): write(.stepDown, withOrders)
        case .cancelOrders: write(.cancelOrders)
        case .fillOrKill: write(.fillOrKill)
        case .convertCollateral(let discount): write(.convertCollateral, discount)
        case .partial(let terms): write(.partial, terms)
        case .marketClose(let terms): write(.marketClose, terms)
        case .takeover(let terms): write(.takeover, terms)
        case .liquiditySupport(let window): write(.liquiditySupport, window)
        case .insuranceFund(.aggress(let slippage)): write(.aggress, slippage)
        case .insuranceFund(.absorb(let capital)): write(.absorb, capital)
        case .autoDeleverage(let terms): write(.autoDeleverage, terms)
        case .clawback(let period): write(.clawback, period)
        }
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        let code = try journal.readByte()
        switch Code(rawValue: code) {
        case .warnings: self = .warnings(try journal.read())
        case .stepDown: self = .stepDown(withOrders: try journal.read())
        case .cancelOrders: self = .cancelOrders
        case .fillOrKill: self = .fillOrKill
        case .convertCollateral: self = .convertCollateral(discount: try journal.read())
        case .partial: self = .partial(try journal.read())
        case .marketClose: self = .marketClose(try journal.read())
        case .takeover: self = .takeover(try journal.read())
        case .liquiditySupport: self = .liquiditySupport(window: try journal.read())
        case .aggress: self = .insuranceFund(.aggress(slippage: try journal.read()))
        case .absorb: self = .insuranceFund(.absorb(capital: try journal.read()))
        case .autoDeleverage: self = .autoDeleverage(try journal.read())
        case .clawback: self = .clawback(period: try journal.read())
        case nil: throw journal.fault(.unknownCode(code))
        }
    }
}

extension Warnings: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(warning, danger, warningRearmed, dangerRearmed) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        let (warning, danger): (Rate, Rate) = (try journal.read(), try journal.read())
        let (warningRearmed, dangerRearmed): (Rate, Rate) = (try journal.read(), try journal.read())
        self = try journal.checked { () throws(TermsError) in
            try Warnings(
                warning: warning, danger: danger, warningRearmed: warningRearmed, dangerRearmed: dangerRearmed)
        }
    }
}

extension PartialClose.DuringCooldown: Journaled {}
extension PartialClose: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(close, over, cooldown, duringCooldown, above, slippage)
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(
            close: try journal.read(), over: try journal.read(), cooldown: try journal.read(),
            duringCooldown: try journal.read(), above: try journal.read(), slippage: try journal.read())
    }
}

extension PartialClose.Portion: Journaled {
    func write(to journal: inout JournalWriter) {
        switch self {
        case .fraction(let rate):
            journal.write(byte: 0)
            journal.write(rate)
        case .toInitial: journal.write(byte: 1)
        case .toTier: journal.write(byte: 2)
        case .all: journal.write(byte: 3)
        }
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        switch try journal.readByte() {
        case 0: self = .fraction(try journal.read())
        case 1: self = .toInitial
        case 2: self = .toTier
        case 3: self = .all
        case let code: throw journal.fault(.unknownCode(code))
        }
    }
}

extension MarginLevel: Journaled {
    /// The share, where it is one.
    private var share: Share? { if case .ofMaintenance(let share) = self { share } else { nil } }

    func write(to journal: inout JournalWriter) { journal.write(share) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self = try Share?(from: &journal).map { .ofMaintenance($0) } ?? .closeOut
    }
}

extension MarketClose.Remainder: Journaled {}
extension MarketClose: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(slippage, remainder) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(slippage: try journal.read(), remainder: try journal.read())
    }
}

extension Takeover: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(patience, below, offers) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(patience: try journal.read(), below: try journal.read(), offers: try journal.read())
    }
}

extension AutoDeleveragePolicy: Journaled {}
extension DeleveragePrice: Journaled {}
extension AutoDeleverage: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(policy, price) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(try journal.read(), at: try journal.read())
    }
}

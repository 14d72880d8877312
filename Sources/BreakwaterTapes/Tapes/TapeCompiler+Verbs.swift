package import BreakwaterCore

/// The verbs that become one command each.
extension TapeCompiler {
    mutating func command(_ verb: Verb, _ fields: inout Fields) throws(BadInput) -> Command {
        switch verb {
        case .currency: return .addCurrency(try currency(&fields))
        case .withdraw:
            let account = try fields.account("account", in: venue)
            let (currency, terms) = try fields.currency("currency", in: venue)
            return .withdraw(account, currency, try fields.amount("amount", in: terms))
        case .fund:
            let (currency, terms) = try fields.currency("currency", in: venue)
            let amount = try fields.amount("amount", in: terms)
            return .payIntoFund(currency, amount, try fields.optionalContract(in: venue))
        case .leverage:
            let key = try fields.positionKey(in: venue)
            guard let leverage = try fields.leverage("leverage") else {
                throw fields.missing("leverage", "a leverage such as \"50\"")
            }
            return .setLeverage(key, leverage, try fields.choice("mode"))
        case .margin:
            let key = try fields.positionKey(in: venue)
            let currency = venue[venue[key.contract].settle]
            return .moveMargin(key, try fields.amount("amount", in: currency, signed: true))
        case .riskLimit:
            let key = try fields.positionKey(in: venue)
            return .setRiskLimit(key, upTo: try fields.amount("limit", in: venue[venue[key.contract].settle]))
        case .hedge:
            let account = try fields.account("account", in: venue)
            return .setHedged(account, try fields.requiredFlag("on"))
        case .selfTrade:
            return .setSelfTrade(try fields.account("account", in: venue), try fields.requiredChoice("cancel"))
        case .order: return .placeOrder(try order(&fields))
        case .amend: return try amend(&fields)
        case .cancel:
            let account = try fields.account("account", in: venue)
            return .cancelOrder(account, orderID(account, try fields.requiredName("id")))
        case .cancelAll:
            return .cancelAll(try fields.account("account", in: venue), try fields.optionalContract(in: venue))
        case .close: return .close(try fields.positionKey(in: venue))
        case .trade: return .trade(try trade(&fields))
        case .mark: return .mark(try marks(&fields))
        case .index:
            let contract = try fields.contractID(in: venue)
            let source = try fields.requiredName("source")
            let price = try fields.price("price", of: venue[contract])
            return .index(contract, source: source, price, asOf: try fields.observed())
        case .funding: return .payFunding(try fields.contractID(in: venue), try fields.requiredRate("rate"))
        case .settle: return .settle
        case .halt: return try fields.optionalContract(in: venue).map(Command.halt) ?? .haltAll
        case .resume: return try fields.optionalContract(in: venue).map(Command.resume) ?? .resumeAll
        case .transfer:
            let (currency, terms) = try fields.currency("currency", in: venue)
            return .transfer(
                from: try fields.account("from", in: venue), to: try fields.account("to", in: venue), currency,
                try fields.amount("amount", in: terms))
        case .restrict:
            return .restrict(try fields.account("account", in: venue), try fields.requiredChoice("to"))
        case .provider:
            let account = try fields.account("account", in: venue)
            let (currency, terms) = try fields.currency("currency", in: venue)
            return .registerProvider(
                account, currency, capacity: try fields.amount("capacity", in: terms, orZero: true))
        case .pairs:
            let account = try fields.account("account", in: venue)
            return .setPairsShrinkTogether(account, try fields.requiredFlag("together"))
        case .event: return try announcedEvent(&fields)
        case .tiers:
            let contract = try fields.contractID(in: venue)
            let terms = venue[contract]
            guard let tiers = try fields.tiers(in: venue[terms.settle], lot: terms.lot) else {
                throw fields.missing("tiers", "stepped, progressive or concentration")
            }
            return .changeRules(RuleChange(.tiers(contract, tiers), from: try effective(&fields)))
        case .auction: return .openAuction(try fields.contractID(in: venue))
        case .uncross: return .uncross(try fields.contractID(in: venue))
        case .restart: return .restart
        case .list, .deposit, .wait, .rulebook, .expect: preconditionFailure("\(verb) is no plain command")
        }
    }

    private func announcedEvent(_ fields: inout Fields) throws(BadInput) -> Command {
        let contract = try fields.contractID(in: venue)
        let expected = "a moment such as 2022-01-20T00:00:00Z, or a wait such as +30s"
        guard let from = try moment("from", &fields) else { throw fields.missing("from", expected) }
        guard let to = try moment("to", &fields) else { throw fields.missing("to", expected) }
        return .announceEvent(contract, AnnouncedEvent(from: from, to: to, initial: try fields.requiredRate("im")))
    }

    private mutating func currency(_ fields: inout Fields) throws(BadInput) -> Currency {
        let name = try fields.requiredName("currency")
        guard let decimals = try fields.wholeNumber("decimals", upTo: 12) else {
            throw fields.missing("decimals", "0 to 12")
        }
        guard venue.currency(named: name) == nil else {
            throw fields.refuse("currency", name, "a currency that is not known yet")
        }
        let currency = Currency(name: name, decimals: decimals)
        venue.add(currency)
        return currency
    }

    private mutating func order(_ fields: inout Fields) throws(BadInput) -> OrderRequest {
        let key = try fields.positionKey(in: venue)
        let contract = venue[key.contract]
        let id = orderID(key.account, try fields.requiredName("id"))
        if !orderContracts[id, default: []].contains(key.contract) {
            orderContracts[id, default: []].append(key.contract)
        }
        let side: OrderSide = try fields.requiredChoice("side")
        let type: OrderType = try fields.requiredChoice("type")
        let size = try fields.size("size", of: contract)
        let timeInForce: TimeInForce? = try fields.choice("tif")
        var price: Price?
        if type.hasLimit(fields.keys) { price = try fields.price("price", of: contract) }
        var flags: Set<OrderFlag> = []
        for word in try fields.words("flags") {
            guard let flag = OrderFlag(rawValue: word) else {
                throw fields.refuse("flags", word, OrderFlag.allCases.map(\.rawValue).joined(separator: " or "))
            }
            flags.insert(flag)
        }
        return OrderRequest(
            key: key, id: id, side: side, size: size, price: price, timeInForce: timeInForce ?? .goodTillCancelled,
            postOnly: flags.contains(.postOnly), reduceOnly: flags.contains(.reduceOnly),
            condition: try fields.condition(type, flags, of: contract))
    }

    private mutating func amend(_ fields: inout Fields) throws(BadInput) -> Command {
        let account = try fields.account("account", in: venue)
        let name = try fields.requiredName("id")
        let id = orderID(account, name)
        let used = orderContracts[id] ?? []
        let named = try fields.optionalContract(in: venue)
        guard let contract = named ?? used.first else {
            // Never placed: the exchange refuses it whatever the amendment says, as it refuses to cancel it.
            let given = [try fields.decimal("size"), try fields.decimal("price"), try fields.decimal("stop")]
            return .amendOrder(
                account, id, ContractID(0), size: given.allSatisfy { $0 == nil } ? nil : Size(1), price: nil)
        }
        guard used.count < 2 || named != nil else {
            throw fields.missing("symbol", "the symbol, because the id \(name) was used in several contracts")
        }
        let size = fields.keys.contains("size") ? try fields.size("size", of: venue[contract]) : nil
        let price = fields.keys.contains("price") ? try fields.price("price", of: venue[contract]) : nil
        let stop = fields.keys.contains("stop") ? try fields.price("stop", of: venue[contract]) : nil
        return .amendOrder(account, id, contract, size: size, price: price, stop: stop)
    }

    private func trade(_ fields: inout Fields) throws(BadInput) -> TradeRequest {
        let contract = try fields.contractID(in: venue)
        let buyer = try fields.account("buyer", in: venue)
        let seller = try fields.account("seller", in: venue)
        let sides = (try fields.side("buyerPosition"), try fields.side("sellerPosition"))
        return TradeRequest(
            buyer: PositionKey(buyer, contract, sides.0), seller: PositionKey(seller, contract, sides.1),
            size: try fields.size("size", of: venue[contract]), price: try fields.price("price", of: venue[contract]),
            taker: try fields.taker())
    }

    private func marks(_ fields: inout Fields) throws(BadInput) -> [MarkPrice] {
        let asOf = try fields.observed()
        guard var prices = try fields.object("prices") else {
            let contract = try fields.contractID(in: venue)
            return [MarkPrice(contract, try fields.price("price", of: venue[contract]), asOf: asOf)]
        }
        var marks: [MarkPrice] = []
        for symbol in prices.keys {
            guard let contract = venue.contract(named: symbol) else {
                throw prices.refuse(symbol, nil, "a listed symbol")
            }
            marks.append(MarkPrice(contract, try prices.price(symbol, of: venue[contract]), asOf: asOf))
        }
        guard !marks.isEmpty else { throw fields.refuse("prices", nil, "at least one symbol and its price") }
        return marks
    }

    mutating func expectation(_ fields: inout Fields) throws(BadInput) -> Expectation {
        let account = fields.keys.contains("account") ? try fields.account("account", in: venue) : nil
        let currency = fields.keys.contains("currency") ? try fields.currency("currency", in: venue).0 : nil
        let contract = try fields.optionalContract(in: venue)
        let side = try fields.side("position")
        let place = fields.place
        var figures: [(key: String, expected: String)] = []
        for (key, value) in try fields.rest() {
            let scope = ExpectationScope(account: account != nil, currency: currency != nil, contract: contract != nil)
            guard scope.offers(key) else {
                throw place.refuse(
                    key, value, "one of \(scope.offered.joined(separator: ", ")) for what the line names")
            }
            figures.append((key, value))
        }
        return Expectation(
            line: place.line, account: account, currency: currency, contract: contract, side: side, figures: figures)
    }
}

/// Values that need the venue's names and terms.
extension Fields {
    mutating func account(_ key: String, in venue: Directory) throws(BadInput) -> AccountID {
        let name = try requiredName(key)
        guard let account = venue.account(named: name) else {
            throw refuse(key, name, "an account that has been opened by a deposit")
        }
        return account
    }

    mutating func contractID(in venue: Directory) throws(BadInput) -> ContractID {
        guard let contract = try optionalContract(in: venue) else { throw missing("symbol", "a listed symbol") }
        return contract
    }

    mutating func optionalContract(in venue: Directory) throws(BadInput) -> ContractID? {
        guard let symbol = try name("symbol") else { return nil }
        guard let contract = venue.contract(named: symbol) else {
            let listed = venue.contracts.map(\.symbol).joined(separator: ", ")
            throw refuse(
                "symbol", symbol, listed.isEmpty ? "a contract that has been listed" : "a listed symbol: \(listed)")
        }
        return contract
    }

    mutating func side(_ key: String) throws(BadInput) -> PositionSide { try choice(key) ?? .net }

    mutating func positionKey(in venue: Directory) throws(BadInput) -> PositionKey {
        PositionKey(try account("account", in: venue), try contractID(in: venue), try side("position"))
    }

    mutating func requiredFlag(_ key: String) throws(BadInput) -> Bool {
        guard let flag = try flag(key) else { throw missing(key, "true or false") }
        return flag
    }

    /// - Parameters:
    ///   - signed: may be below zero.
    ///   - orZero: may be zero.
    package mutating func amount(_ key: String, in currency: Currency, signed: Bool = false, orZero: Bool = false)
        throws(BadInput) -> Amount
    {
        let expected =
            "an amount \(signed ? "other than" : orZero ? "of at least" : "above") zero of at most \(currency.decimals) decimals in \(currency.name)"
        let decimal = try requiredDecimal(key, expected: expected)
        guard let amount = currency.amount(decimal),
            signed ? amount != .zero : amount > .zero || orZero && amount == .zero
        else {
            throw refuse(key, "\(decimal)", expected)
        }
        return amount
    }

    package mutating func price(_ key: String, of contract: Contract) throws(BadInput) -> Price {
        let expected = "a price above zero, in whole ticks of \(contract.tick)"
        let decimal = try requiredDecimal(key, expected: expected)
        guard let ticks = decimal.steps(of: contract.tick), ticks > 0, ticks <= Limits.ticksOrLots else {
            throw refuse(key, "\(decimal)", expected)
        }
        return Price(ticks)
    }

    mutating func size(_ key: String, of contract: Contract) throws(BadInput) -> Size {
        let expected = "a size above zero, in whole lots of \(contract.lot)"
        let decimal = try requiredDecimal(key, expected: expected)
        guard let lots = decimal.steps(of: contract.lot), lots > 0, lots <= Limits.ticksOrLots else {
            throw refuse(key, "\(decimal)", expected)
        }
        return Size(lots)
    }

    mutating func taker() throws(BadInput) -> OrderSide? {
        guard let text = try text("taker", expected: "buyer or seller") else { return nil }
        switch text {
        case "buyer": return .buy
        case "seller": return .sell
        default: throw refuse("taker", text, "buyer or seller")
        }
    }
}

import ArgumentParser
import BreakwaterCore
import BreakwaterTapes

/// One position, opened for real in an exchange of two accounts.
struct PositionCalculation {
    let figures: [(key: String, label: String, value: JSONValue)]

    init(_ options: Calc) throws {
        let terms = try Terms(options)
        let contract = terms.contract
        var rulebook = terms.rulebook
        // The marks are those that were asked about.
        rulebook.prices = PriceRules()
        var exchange = Exchange(rulebook: rulebook)
        let (trader, other, listed) = (AccountID(0), AccountID(1), ContractID(0))
        let key = PositionKey(trader, listed)
        let initial = max(
            terms.leverage.margin(for: contract.executionValue(of: terms.size, at: terms.entry).magnitude),
            terms.initialRate.of(contract.executionValue(of: terms.size, at: terms.entry).magnitude, .up))
        let wallet = try terms.wallet(options, orElse: initial)
        let buys = terms.size > .zero
        try exchange.perform([
            .list(contract), .openAccount(name: "trader"), .openAccount(name: "other"),
            .deposit(trader, contract.settle, wallet),
            .deposit(other, contract.settle, Amount(Limits.money / 4)), .mark([MarkPrice(listed, terms.entry)]),
            .setLeverage(key, terms.leverage, options.mode),
            .trade(
                TradeRequest(
                    buyer: PositionKey(buys ? trader : other, listed),
                    seller: PositionKey(buys ? other : trader, listed),
                    size: terms.size.magnitude, price: terms.entry)),
            .mark([MarkPrice(listed, terms.mark)]),
        ])
        guard let position = exchange.positionStatement(key) else {
            throw ValidationError("--mark: at \(contract.decimal(terms.mark)) this position is liquidated already")
        }
        let currency = terms.currency
        let mexc = SimplifiedFormulas.mexc(
            contract, size: terms.size, entry: terms.entry, positionMargin: options.mode == .cross ? wallet : initial,
            maintenance: terms.maintenance.of(contract.executionValue(of: terms.size, at: terms.entry).magnitude, .up))
        let studio = SimplifiedFormulas.perpsStudio(
            contract, size: terms.size, entry: terms.entry, leverage: terms.leverage, maintenance: terms.maintenance)
        let applies = contract.kind != .inverse
        figures = [
            ("rulebook", "rulebook", .string(terms.rulebook.name)),
            ("liquidationPrice", "liquidation price", .decimal(position.liquidationPrice)),
            (
                "liquidationPriceWithFees", "liquidation price, fees left over",
                .decimal(position.liquidationPriceWithFees)
            ),
            ("bankruptcyPrice", "bankruptcy price", .decimal(position.bankruptcyPrice)),
            ("initialMargin", "initial margin", .decimal(currency.decimal(position.initialMargin))),
            ("maintenanceMargin", "maintenance margin", .decimal(currency.decimal(position.maintenanceMargin))),
            ("margin", "margin behind the position", .decimal(currency.decimal(position.margin))),
            ("unrealisedPnl", "unrealised PnL", .decimal(currency.decimal(position.unrealised))),
            ("buffer", "buffer, %", .decimal(position.buffer?.percent)),
            ("mexcLiquidationPrice", "liquidation price, MEXC's formula", applies ? .decimal(mexc) : .null),
            (
                "simplifiedLiquidationPrice", "liquidation price, perps.studio's formula",
                applies ? .decimal(studio) : .null
            ),
        ]
    }
}

extension Exchange {
    /// Performs commands that must succeed; the first refusal is the caller's to explain.
    fileprivate mutating func perform(_ commands: [Command]) throws {
        for command in commands {
            execute(command, at: now)
            for case .rejected(let rejection) in events { throw ValidationError(rejection.sentence(in: directory)) }
        }
    }
}

/// The options as the core's values.
private struct Terms {
    let rulebook: Rulebook
    let contract: Contract
    let currency: Currency
    let size: Size
    let entry: Price
    let mark: Price
    let leverage: Leverage
    let initialRate: Rate
    let maintenance: Rate

    init(_ options: Calc) throws {
        rulebook = try RulebookLibrary.load(options.rulebook)
        guard options.side != .net else { throw ValidationError("--side: expected long or short") }
        guard let index = Currency.common.firstIndex(where: { $0.name == options.settle }) else {
            throw ValidationError(
                "--settle: expected one of \(Currency.common.map(\.name).joined(separator: ", ")), not \(options.settle)"
            )
        }
        currency = Currency.common[index]
        guard let leverage = Leverage(text: options.leverage) else {
            throw ValidationError("--leverage: expected 1 to 1000, not \(options.leverage)")
        }
        guard let maintenance = Rate(text: options.mm), maintenance > .zero else {
            throw ValidationError("--mm: expected a rate such as 0.5%, not \(options.mm)")
        }
        guard let fee = Rate(text: options.takerFee), fee >= .zero else {
            throw ValidationError("--taker-fee: expected a rate such as 0.05%, not \(options.takerFee)")
        }
        self.leverage = leverage
        self.maintenance = maintenance
        initialRate = Rate(Int64(divide(Rate.one.wide * 100, by: leverage.wide, .down)))
        let (sizeText, entryText) = (
            try Self.positive(options.size, "--size"), try Self.positive(options.entry, "--entry")
        )
        let markText = try options.mark.map { try Self.positive($0, "--mark") } ?? entryText
        let multiplier = try Self.positive(options.multiplier, "--multiplier")
        // The finest tick and lot that the figures given use.
        let tick = ExactDecimal(digits: 1, places: max(entryText.places, markText.places))
        let lot = ExactDecimal(digits: 1, places: sizeText.places)
        contract = try Self.contract(
            options, currency, CurrencyID(index: index), tick: tick, lot: lot, multiplier: multiplier,
            limit: RiskLimit(upTo: Amount(Limits.value), initial: initialRate, maintenance: maintenance), rulebook,
            leverage, fee)
        guard let lots = sizeText.steps(of: lot), lots <= Limits.ticksOrLots, let ticks = entryText.steps(of: tick),
            ticks <= Limits.ticksOrLots, let marked = markText.steps(of: tick), marked <= Limits.ticksOrLots
        else {
            throw ValidationError("--size, --entry and --mark: expected numbers of at most a million million steps")
        }
        size = Size(options.side == .long ? lots : -lots)
        entry = Price(ticks)
        mark = Price(marked)
    }

    /// A contract of one tier that holds just this position's terms.
    private static func contract(
        _ options: Calc, _ currency: Currency, _ settle: CurrencyID, tick: ExactDecimal, lot: ExactDecimal,
        multiplier: ExactDecimal, limit: RiskLimit, _ rulebook: Rulebook, _ leverage: Leverage, _ fee: Rate
    ) throws -> Contract {
        do {
            return try Contract(
                symbol: "CALC", kind: options.kind, settle: settle, currency: currency, tick: tick, lot: lot,
                multiplier: multiplier, display: options.display, maxLeverage: leverage,
                tiers: rulebook.basis == .entry ? .stepped([limit]) : .progressive(rows: [limit]),
                fees: Contract.Fees(taker: fee))
        } catch {
            let option =
                error.key.hasSuffix(".im") ? "--leverage" : error.key.hasSuffix(".mm") ? "--mm" : "--\(error.key)"
            throw ValidationError("\(option): \(error.value) is not what was expected: \(error.expected)")
        }
    }

    private static func positive(_ text: String, _ option: String) throws -> ExactDecimal {
        guard let decimal = ExactDecimal(text), decimal.isPositive, decimal.places <= 18 else {
            throw ValidationError("\(option): expected a number above zero, not \(text)")
        }
        return decimal
    }

    func wallet(_ options: Calc, orElse initial: Amount) throws -> Amount {
        guard let text = options.wallet else { return initial }
        guard let amount = ExactDecimal(text).flatMap(currency.amount), amount > .zero else {
            throw ValidationError("--wallet: expected an amount of \(currency.name) above zero, not \(text)")
        }
        return amount
    }
}

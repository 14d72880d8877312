internal import BreakwaterCore
internal import BreakwaterVenue
internal import GRDB

/// Trades: the public tape, what they did to either side, and the candles they draw.
extension Fold {
    func fold(_ trade: Trade, of execution: Execution, into database: Database) throws {
        let isAgreed = isAgreed(trade, execution.command)
        newTrades.append(
            TradeRecord(
                id: here, contract: trade.contract, price: trade.price, size: trade.size, value: trade.value,
                takerSide: trade.takerSide, isOffBook: isAgreed, time: now))
        try draw(trade, in: database)
        let engine = (of: Self.engine(trade.taker), or: Self.engine(trade.maker))
        let makerSide: OrderSide = trade.takerSide == .buy ? .sell : .buy
        let cause: FillRecord.Cause = isAgreed ? .agreed : .close
        try book(trade, trade.taker, trade.takerSide, isMaker: false, engine: engine.or, cause, in: database)
        try book(trade, trade.maker, makerSide, isMaker: true, engine: engine.of, cause, in: database)
    }

    /// - Parameter cause: what it was where no order was behind it.
    private func book(
        _ trade: Trade, _ party: Trade.Party, _ side: OrderSide, isMaker: Bool, engine: LiquidationID?,
        _ cause: FillRecord.Cause, in database: Database
    ) throws {
        guard case .account(let account, let order, let booking) = party else { return }
        let isOrdered = order != .none
        if isOrdered { try fill(order, trade.size, worth: trade.value, in: database) }
        let key = PositionKey(account, trade.contract, booking.side)
        fills.append(
            FillRecord(
                id: here, account: account, contract: trade.contract, order: isOrdered ? order : nil, side: side,
                positionSide: booking.side, price: trade.price, size: trade.size,
                value: contracts[trade.contract.index].signed(trade.value, side), fee: booking.fee,
                realised: booking.realised, isMaker: isMaker, cause: isOrdered ? .order : cause, liquidation: nil,
                engine: engine, time: now))
        try move(.realisedPnL, booking.realised, by: key, in: database)
        try move(.fee, -booking.fee, by: key, in: database)
    }

    private static func engine(_ party: Trade.Party) -> LiquidationID? {
        if case .engine(let id) = party { id } else { nil }
    }

    /// Whether a trade is the one that the command agreed on, and not one of a timer before it.
    private func isAgreed(_ trade: Trade, _ command: Command) -> Bool {
        guard case .trade(let request) = command, request.buyer.contract == trade.contract,
            case .account(let taker, .none, _) = trade.taker, case .account(let maker, .none, _) = trade.maker
        else { return false }
        return Set([taker, maker]) == [request.buyer.account, request.seller.account] && trade.size == request.size
            && trade.price == request.price
    }

    /// Says of the last fills of a position, `size` in all, which liquidation they were part of.
    func claim(_ size: Size, of key: PositionKey, for liquidation: LiquidationID) {
        var left = size.magnitude
        for place in fills.indices.reversed() where left > .zero {
            let fill = fills[place]
            guard fill.account == key.account, fill.contract == key.contract, fill.order == nil, fill.cause == .close,
                fill.positionSide == key.side
            else { continue }
            left = left - fill.size
            fills[place].cause = .liquidation
            fills[place].liquidation = liquidation
            for line in lines.indices where lines[line].id == fill.id && lines[line].account == key.account {
                lines[line].liquidation = liquidation
                if lines[line].cause == .realisedPnL { lines[line].cause = .liquidation }
            }
        }
    }
}

/// A candle that may still change.
struct OpenCandle {
    var stored: StoredCandle
    var isChanged = true
}

extension Fold {
    func mark(_ contract: ContractID, _ price: Price, in database: Database) throws {
        marks[contract.index] = price
        try forEachCandle(contract, .marks, at: price, in: database) { $0.add(price) }
    }

    private func draw(_ trade: Trade, in database: Database) throws {
        try forEachCandle(trade.contract, .trades, at: trade.price, in: database) { candle in
            candle.add(trade.price, trade.size, trade.value, takerSide: trade.takerSide)
        }
    }

    /// Changes the candles of every kept length that the moment falls in; they begin at `price` where they are new.
    private func forEachCandle(
        _ contract: ContractID, _ source: Candle.Source, at price: Price, in database: Database,
        _ body: (inout Candle) -> Void
    ) throws {
        let lengths = CandleInterval.kept
        for (number, length) in lengths.enumerated() {
            let place = (contract.index * 2 + (source == .marks ? 1 : 0)) * lengths.count + number
            while candles.count <= place { candles.append(nil) }
            let start = length.start(of: now)
            if let open = candles[place], open.stored.candle.start != start {
                if open.isChanged { try open.stored.replace(in: database) }
                candles[place] = nil
            }
            if candles[place] == nil {
                let kept = try StoredCandle.fetch(
                    "WHERE contract = ? AND source = ? AND length = ? AND start = ?",
                    [contract.raw, source.rawValue, length.rawValue, start.raw], from: database)
                let fresh = StoredCandle(Candle(contract, source, from: start, at: price), length)
                candles[place] = OpenCandle(stored: kept.first ?? fresh)
            }
            body(&candles[place]!.stored.candle)
            candles[place]!.isChanged = true
        }
    }

    func flushCandles(into database: Database) throws {
        for place in candles.indices {
            guard let open = candles[place], open.isChanged else { continue }
            try open.stored.replace(in: database)
            candles[place]!.isChanged = false
        }
    }
}

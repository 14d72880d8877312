internal import BreakwaterCore
internal import GRDB

/// Liquidations: their records, and what each step did to fills, wallets and funds.
extension Fold {
    func fold(_ step: LiquidationStep, of id: LiquidationID, in contract: ContractID, into database: Database) throws {
        if case .started(let trigger) = step {
            liquidations[id] = LiquidationRecord(id: id, time: now, trigger: trigger)
            changedLiquidations.insert(id)
            return
        }
        if liquidations[id] == nil { liquidations[id] = try LiquidationRecord.fetch(id, from: database) }
        if let record = liquidations[id] {
            liquidations[id]!.add(step, at: now)
            changedLiquidations.insert(id)
            try StepRow(step, of: id, here, at: now).insert(into: database)
            try foldOwner(step, of: record, into: database)
        }
        try foldOthers(step, of: id, in: contract, into: database)
    }

    /// What a step did to the position that is liquidated.
    private func foldOwner(_ step: LiquidationStep, of record: LiquidationRecord, into database: Database) throws {
        let key = record.trigger.key
        switch step {
        case .forcedClose(let close):
            claim(close.filled, of: key, for: record.id)
            let kind: ForcedOrder.Kind = close.stage == .partial ? .partial : .marketClose
            try order(
                kind, close.asked, filled: close.filled, limit: close.limit, worth: close.value, of: key, record.id,
                in: database)
        case .fillOrKill(let size, let limit, let filled):
            if filled { claim(size, of: key, for: record.id) }
            let value = filled ? traded(by: record.id) : .zero
            try order(
                .fillOrKill, size, filled: filled ? size : .zero, limit: limit, worth: value, of: key, record.id,
                in: database)
        case .takenOver(let size, let margin, let settled, let limit):
            try order(
                .takeover, -size, filled: -size, limit: limit, worth: -settled, of: key, record.id, in: database)
            fills.append(
                FillRecord(
                    id: here, account: key.account, contract: key.contract, order: nil, side: side(of: -size),
                    positionSide: key.side, price: nil, size: size.magnitude, value: -settled, fee: .zero,
                    realised: -margin, isMaker: false, cause: .takeover, liquidation: record.id, engine: record.id,
                    time: now))
            try move(.liquidation, -margin, by: key, liquidation: record.id, in: database)
        case .remainderKept(let kept):
            try move(.liquidation, -kept, by: key, liquidation: record.id, in: database)
        case .started, .steppedDown, .ordersCancelled, .collateralConverted, .paused, .saved, .lotTraded, .lotFunded,
            .fundExhausted, .assigned, .providerSkipped, .absorbed, .fundPaid, .deleveraged, .deleverageSkipped,
            .closedAtMark, .clawedBack, .clawbackEnded, .waiting, .closed:
            break
        }
    }

    /// What a step did to other accounts and to the fund.
    private func foldOthers(
        _ step: LiquidationStep, of id: LiquidationID, in contract: ContractID, into database: Database
    ) throws {
        let currency = contracts[contract.index].settle
        switch step {
        case .assigned(let account, let side, let size, let value, _):
            let key = PositionKey(account, contract, side)
            try execute(.liquiditySupport, .realisedPnL, size, worth: value, of: key, id, in: database)
        case .deleveraged(let account, let side, let size, let value, _, let gain):
            let key = PositionKey(account, contract, side)
            try execute(.autoDeleverage, .autoDeleverage, size, worth: value, of: key, id, in: database)
            try order(.autoDeleverage, size, filled: size, limit: nil, worth: value, of: key, id, in: database)
            try moveFund(.autoDeleverage, gain, currency, contract, liquidation: id, in: database)
        case .closedAtMark(let account, let side, let size, let value, _):
            let key = PositionKey(account, contract, side)
            try execute(.clawback, .autoDeleverage, size, worth: value, of: key, id, in: database)
            try order(.clawback, size, filled: size, limit: nil, worth: value, of: key, id, in: database)
        case .clawedBack(let account, let amount):
            try move(.clawback, -amount, of: account, currency, contract: contract, liquidation: id, in: database)
        case .lotTraded(_, _, _, let gain, _):
            try moveFund(.lotTraded, gain, currency, contract, liquidation: id, in: database)
        case .remainderKept(let kept):
            try moveFund(.remainderKept, kept, currency, contract, liquidation: id, in: database)
        case .fundPaid(let paid):
            try moveFund(.absorbed, -paid, currency, contract, liquidation: id, in: database)
        case .clawbackEnded(let surplus) where surplus > .zero:
            try moveFund(.clawback, surplus, currency, contract, liquidation: id, in: database)
        case .started, .steppedDown, .ordersCancelled, .fillOrKill, .collateralConverted, .forcedClose, .paused, .saved,
            .takenOver, .lotFunded, .fundExhausted, .providerSkipped, .absorbed, .deleverageSkipped, .clawbackEnded,
            .waiting, .closed:
            break
        }
    }

    /// A position that changed hands with the engine, by value: `size` signed like what it executed.
    ///
    /// What it realised is told against the settled value that was known last; what settlement had added since is in
    /// the line of that cause that follows.
    private func execute(
        _ cause: FillRecord.Cause, _ movement: WalletLine.Cause, _ size: Size, worth value: Amount, of key: PositionKey,
        _ id: LiquidationID, in database: Database
    ) throws {
        let ledger = try ledger(of: key.account, in: database)
        let realised = ledger.place(of: key).map { ledger.holdings[$0].realised(by: size, worth: value) } ?? .zero
        fills.append(
            FillRecord(
                id: here, account: key.account, contract: key.contract, order: nil, side: side(of: size),
                positionSide: key.side, price: nil, size: size.magnitude, value: value, fee: .zero, realised: realised,
                isMaker: false, cause: cause, liquidation: nil, engine: id, time: now))
        try move(movement, realised, by: key, liquidation: id, in: database)
    }

    private func side(of size: Size) -> OrderSide { size < .zero ? .sell : .buy }

    /// What the fills of a liquidation changed hands for in this execution since its order before.
    private func traded(by id: LiquidationID) -> Amount {
        var sum = Amount.zero
        for fill in fills.reversed() where fill.liquidation == id && fill.cause == .liquidation {
            if let last = lastForced, fill.id <= last { break }
            sum = sum + fill.value
        }
        return sum
    }

    private func order(
        _ kind: ForcedOrder.Kind, _ size: Size, filled: Size, limit: Price?, worth value: Amount, of key: PositionKey,
        _ id: LiquidationID, in database: Database
    ) throws {
        let order = ForcedOrder(
            id: here, account: key.account, contract: key.contract, positionSide: key.side, liquidation: id, kind: kind,
            side: side(of: size), limit: limit, size: size.magnitude, filled: filled.magnitude, value: value, time: now)
        try order.insert(into: database)
        lastForced = here
    }

    /// Writes the liquidations that changed, and lets go of those that are over.
    func flushLiquidations(into database: Database) throws {
        for id in changedLiquidations.sorted() {
            guard let record = liquidations[id] else { continue }
            let isOver = record.isOver
            try LiquidationRow(record, isOver: isOver).replace(in: database)
            if isOver { liquidations[id] = nil }
        }
        changedLiquidations.removeAll(keepingCapacity: true)
    }
}

extension LiquidationRecord {
    /// Whether nothing more will happen in it.
    var isOver: Bool {
        switch steps.last?.step {
        case .saved, .closed: true
        case nil, .started, .steppedDown, .ordersCancelled, .fillOrKill, .collateralConverted, .forcedClose,
            .remainderKept, .paused, .takenOver, .lotTraded, .lotFunded, .fundExhausted, .assigned, .providerSkipped,
            .absorbed, .fundPaid, .deleveraged, .deleverageSkipped, .closedAtMark, .clawedBack, .clawbackEnded,
            .waiting:
            false
        }
    }
}

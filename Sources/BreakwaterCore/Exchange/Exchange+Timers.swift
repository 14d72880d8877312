/// Timers fire at UTC multiples of their cadence, before the command that moves time past them.
extension Exchange {
    mutating func fireTimers(upTo time: Timestamp) {
        while let due = knownTimer, due <= time {
            timerIsKnown = false
            // A moment that other rules left behind is due now, not then.
            advance(to: max(now, due))
            liquidationsThisCommand = 0
            resumePaused()
            applyDueChanges()
            firePriceTimers()
            if due == nextSettlement { settle() }
            if nextForcedSecond.map({ $0 <= due }) == true { resumeForcedFlow() }
            workImpatientLots()
            for market in markets.indices { endDueHolds(in: market) }
            finish()
            scheduleSettlement(before: time)
        }
    }

    /// The next timer, looked for only where something may have changed it since.
    ///
    /// Orders that only rest, move or trade with each other leave every timer alone. What the engine does and every
    /// other command forgets the known one.
    private var knownTimer: Timestamp? {
        mutating get {
            if !timerIsKnown {
                timer = nextTimer
                timerIsKnown = true
            }
            return timer
        }
    }

    /// When something happens next by time alone; `nil` where nothing will.
    public var nextTimer: Timestamp? { earliest(earliest(nextSettlement, nextPriceTimer), nextOfRules) }

    /// The next change of rules, end of a hold, or moment at which a liquidation goes on.
    private var nextOfRules: Timestamp? { earliest(earliest(nextChange, nextHoldEnd), nextOfLiquidation) }

    /// The next moment at which a liquidation that waits may go on.
    private var nextOfLiquidation: Timestamp? { earliest(earliest(nextImpatience, nextCooled), nextForcedSecond) }

    private func earliest(_ first: Timestamp?, _ second: Timestamp?) -> Timestamp? {
        guard let first, let second else { return first ?? second }
        return min(first, second)
    }

    /// When the first waiting lot's patience ends; those already past it are retried at marks.
    private var nextImpatience: Timestamp? {
        guard rulebook.stages.takeover.patience ?? .zero > .zero else { return nil }
        var first: Timestamp?
        for market in markets.indices {
            for index in markets[market].lots {
                guard let end = lots[Int(index)].impatientAt, end > now else { continue }
                first = min(end, first ?? end)
            }
        }
        return first
    }

    /// When the first cooldown after a partial close ends.
    private var nextCooled: Timestamp? {
        var first: Timestamp?
        for index in pausedPositions where constraints(of: Int(index)).liquidation >= 0 {
            let end = coolsUntil(positions[Int(index)])
            if end > now { first = min(end, first ?? end) }
        }
        return first
    }

    private mutating func workImpatientLots() {
        for contract in markets.indices {
            for lot in markets[contract].lots where lots[Int(lot)].impatientAt == now { work(lot: Int(lot)) }
        }
    }

    /// Sets the next settlement. While nothing else happens settling again changes nothing, so idle years are one step.
    private mutating func scheduleSettlement(before time: Timestamp) {
        guard let cadence = rulebook.settlement, let due = nextSettlement, due <= now else { return }
        // What the bound on one command's liquidations left goes on with each settlement.
        let until = recheck.isEmpty ? min(time, nextOfRules ?? time) : now
        let idle = until.nextMultiple(of: cadence)
        // A settlement at the very moment of a price comes after it, so that one is not idle.
        nextSettlement = min(idle, nextPriceTimer.map { Timestamp($0.raw - 1).nextMultiple(of: cadence) } ?? idle)
    }
}

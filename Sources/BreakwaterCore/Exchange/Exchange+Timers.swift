/// Timers fire at UTC multiples of their cadence, before the command that moves time past them.
extension Exchange {
    mutating func fireTimers(upTo time: Timestamp) {
        while let due = nextTimer, due <= time {
            advance(to: due)
            firePriceTimers()
            if due == nextSettlement { settle() }
            workImpatientLots()
            finishLiquidations()
            scheduleSettlement(before: time)
        }
    }

    private var nextTimer: Timestamp? {
        var next = nextSettlement
        if let due = nextImpatience { next = min(due, next ?? due) }
        if let due = nextPriceTimer { next = min(due, next ?? due) }
        return next
    }

    /// When the first waiting lot's patience ends; those already past it are retried at marks.
    private var nextImpatience: Timestamp? {
        guard rulebook.takeoverPatience != nil else { return nil }
        var first: Timestamp?
        for market in markets.indices {
            for index in markets[market].lots {
                guard let end = lots[Int(index)].impatientAt, end > now else { continue }
                first = min(end, first ?? end)
            }
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
        let idle = min(time, nextImpatience ?? time).nextMultiple(of: cadence)
        // A settlement at the very moment of a price comes after it, so that one is not idle.
        nextSettlement = min(idle, nextPriceTimer.map { Timestamp($0.raw - 1).nextMultiple(of: cadence) } ?? idle)
    }
}

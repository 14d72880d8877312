/// Timers fire at UTC multiples of their cadence, before the command that moves time past them.
extension Exchange {
    mutating func fireTimers(upTo time: Timestamp) {
        while let due = nextTimer, due <= time {
            advance(to: due)
            if due == nextSettlement { settle() }
            workImpatientLots()
            for market in markets.indices { endDueHolds(in: market) }
            finish()
            scheduleSettlement(before: time)
        }
    }

    private var nextTimer: Timestamp? {
        [nextSettlement, nextImpatience, nextHoldEnd].compactMap { $0 }.min()
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
        nextSettlement = min(time, nextImpatience ?? time, nextHoldEnd ?? time).nextMultiple(of: cadence)
    }
}

import BreakwaterCore

/// One contract's prices while a simulation runs: the path, what trades made of it, and the makers' book around it.
struct SimulatedMarket {
    var book: MakersBook
    /// The price on the path now, and the last mark.
    private(set) var price: Price
    private(set) var mark: Price
    /// The lowest and highest mark of the bar.
    private(set) var low: Price
    private(set) var high: Price
    /// How far the price fell from its highest and rose from its lowest, within what panic looks at.
    private(set) var moved = (fall: Rate.zero, rise: Rate.zero)
    /// What forced orders traded since that was last asked for.
    var forced: Int128 = 0

    private let path: [Price]
    private let feedback: Feedback?
    private let withdrawal: Liquidity.Withdrawal?
    /// How far trades have pushed the price away from its path, in 2^-16 ticks.
    private var displacement: Int64 = 0
    private var time = Timestamp.zero
    private var stress: MoveWatch?
    private var panic: MoveWatch?
    private var calmFrom = Timestamp.zero

    init(_ plan: SimulationPlan, _ contract: ContractID, _ path: [Price]) {
        self.path = path
        book = MakersBook(plan, contract)
        feedback = plan.feedback
        withdrawal = plan.liquidity.withdrawal
        stress = withdrawal.map { MoveWatch(within: $0.within) }
        panic = plan.behaviour.panic.map { MoveWatch(within: $0.within) }
        (price, mark, low, high) = (path[0], path[0], path[0], path[0])
        forgetRange()
    }

    /// Begins a bar.
    mutating func forgetRange() { (low, high) = (Price(.max), .zero) }

    /// Moves to the next price, with what trades did to the last one.
    ///
    /// - Parameter orders: what makers do.
    /// - Returns: the mark.
    mutating func move(to step: Int, at now: Timestamp, _ orders: inout [Command]) -> Price {
        price = path[step]
        var reference = price
        mark = price
        if let feedback {
            let push = book.takePush()
            displacement += Int64(Int128(push) * feedback.impact.wide / Rate.one.wide)
            if now > time, time > .zero {
                displacement = Fixed.halved(after: now.raw - time.raw, half: feedback.halfLife.raw).of(displacement)
            }
            let lowest = Int64(1) - price.raw
            reference = Price(price.raw + max(lowest, displacement >> 16))
            let shown = Int64(Int128(displacement) * feedback.mark.wide / Rate.one.wide)
            mark = Price(price.raw + max(lowest, shown >> 16))
        }
        time = now
        (low, high) = (min(low, mark), max(high, mark))
        watch(reference, at: now)
        book.move(to: reference, at: now, isStressed: now < calmFrom, &orders)
        return mark
    }

    private mutating func watch(_ reference: Price, at now: Timestamp) {
        if let moved = panic?.add(reference, at: now) { self.moved = moved }
        if let withdrawal, let moved = stress?.add(reference, at: now), max(moved.fall, moved.rise) >= withdrawal.move {
            calmFrom = now + withdrawal.calm
        }
    }

    /// How far trades have pushed the price, in ticks.
    var displacementInTicks: Int64 { displacement / (1 << 16) }
}

/// How an exchange finds the positions that a price, a settlement or a funding payment concerns.
public enum Watching: Sendable {
    /// Positions that provably cannot be warned or liquidated while prices stay within bands are left alone until one
    /// leaves its band.
    case bands
    /// Every open position is visited every time: slow, plain, and the judge of the other way.
    case everyone
}

/// Who is looked at when a price moves, and who need not be.
///
/// A calm position has a band of marks, and of funding, inside which it can neither be warned nor liquidated, and draws
/// nothing that is not drawn in full. What marks, settlements and funding do to it is folded in when it is next touched
/// (`Exchange+Fold`). All others are watched: visited at every mark of their contracts.
struct Watch: Sendable {
    let watching: Watching
    /// By position.
    var standings: [Standing] = []
    /// By position: what means something while it is calm.
    var departures: [Departure] = []
    /// By wallet.
    var purses: [Purse] = []
    var markets: [Market] = []
    /// Where each position stands in its market's queues, by bound and position; `-1` where it has none.
    private var places = [[Int32]](repeating: [], count: Bound.allCases.count)
    /// Wallets with positions visited in this command, which may become calm when it ends.
    var visited: [Int32] = []
    /// Room to work out one wallet's bands in, used again for each.
    var members: [Exchange.Member] = []
    /// The contracts they were visited in.
    var visitedMarkets: [Int32] = []
    /// Wallets that have nothing available, and some that no longer are so.
    var spent: [Int32] = []

    /// The moment from which a position has been left alone: its contract's clock, and the funding a lot had paid by then.
    struct Departure: Sendable {
        var since: Int64 = 0
        var funded = Amount.zero
    }

    /// Whether a position is watched.
    struct Standing: Sendable {
        var ease = Ease.watched
        /// Whether its bounds of funding are still those it was left with.
        var keepsFunding = false
        /// Whether it stands in its market's list of watched positions.
        var isListed = false
    }

    /// What is known of a wallet.
    struct Purse: Sendable {
        /// Whether any of its positions may be calm.
        var hasCalm = false
        /// Whether it has nothing available, and its positions are left alone because of that.
        var isSpent = false
        /// Whether it stands in the list of such.
        var isListed = false
        /// Whether it stands in the list of those visited.
        var isVisited = false
    }

    enum Ease: UInt8, Sendable {
        case watched
        /// Calm as a part of its account: what it loses, the account's other positions cannot.
        case shared
        /// Calm by itself: isolated, or of an account with nothing left to draw.
        case alone
    }

    /// What can be passed: by a mark falling or rising, by funding that longs or shorts pay.
    enum Bound: Int, CaseIterable {
        case below, above, longsPay, shortsPay
    }

    struct Market: Sendable {
        var history = PriceHistory()
        /// Positions visited at every mark; in no order, some of them calm or closed by now.
        var listed: [Int32] = []
        var queues = [BandQueue](repeating: BandQueue(), count: Bound.allCases.count)
    }

    init(_ watching: Watching) { self.watching = watching }

    mutating func addPosition() {
        standings.append(Standing())
        departures.append(Departure())
        for bound in places.indices { places[bound].append(-1) }
    }

    /// Forgets the newest position, which the command that would have opened it did not.
    mutating func removeLastPosition(in market: Int) {
        departures.removeLast()
        if standings.removeLast().isListed, let place = markets[market].listed.lastIndex(of: Int32(standings.count)) {
            markets[market].listed.remove(at: place)
        }
        for bound in places.indices { places[bound].removeLast() }
    }

    /// Has a wallet looked at when the command ends.
    mutating func visit(wallet: Int32) {
        guard !purses[Int(wallet)].isVisited else { return }
        purses[Int(wallet)].isVisited = true
        visited.append(wallet)
    }

    /// Has a position visited at its contract's marks.
    mutating func list(_ position: Int, in market: Int) {
        guard !standings[position].isListed else { return }
        standings[position].isListed = true
        markets[market].listed.append(Int32(position))
    }

    /// Sets how far a reading may go before a position must be looked at; as far as it likes where that is `nil`.
    mutating func set(_ bound: Bound, of position: Int, in market: Int, to reading: Int64?) {
        let kind = bound.rawValue
        if let reading {
            markets[market].queues[kind].set(Int32(position), to: reading, &places[kind])
        } else if places[kind][position] >= 0 {
            markets[market].queues[kind].remove(Int32(position), &places[kind])
        }
    }

    /// The reading a position may go to; `nil` where it has no bound of the kind.
    func bound(_ bound: Bound, of position: Int, in market: Int) -> Int64? {
        let kind = bound.rawValue
        return markets[market].queues[kind].bound(of: Int32(position), places[kind])
    }

    /// Takes out a position whose bound a reading has passed.
    mutating func popPassed(_ bound: Bound, in market: Int, by reading: Int64) -> Int? {
        let kind = bound.rawValue
        return markets[market].queues[kind].popPassed(by: reading, &places[kind]).map(Int.init)
    }
}

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
    /// By wallet.
    var purses: [Purse] = []
    var markets: [Market] = []
    /// Wallets with positions visited in this command, which may become calm when it ends.
    var visited: [Int32] = []
    /// Room to work out one wallet's bands in, used again for each.
    var members: [Exchange.Member] = []
    /// The contracts they were visited in.
    var visitedMarkets: [Int32] = []
    /// Wallets that have nothing available, and some that no longer are so.
    var spent: [Spent] = []

    /// The moment from which a position has been left alone: its contract's clock, and the funding a lot had paid by then.
    struct Departure: Sendable {
        var since: Int64 = 0
        var funded = Amount.zero
    }

    /// Whether a position is watched, and what means something while it is not. All of it together, because whoever looks
    /// at a position needs all of it, and memory comes in lines of sixty-four bytes.
    struct Standing: Sendable {
        var departure = Departure()
        /// Where it stands in its market's queues, by bound; `-1` where it has none.
        var places = InlineArray<4, Int32>(repeating: -1)
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
        /// Whether it stands in the list of such, and whether what that says of settlements still holds.
        var isListed = false
        var keepsSettlement = false
        /// Whether it stands in the list of those visited.
        var isVisited = false
    }

    /// A wallet with nothing available, and what settlements have to reach to give it something.
    struct Spent: Sendable {
        let wallet: Int32
        /// Its one cross position's contract and side; without meaning where it has several.
        var market: Int32 = 0
        var longs = false
        /// The best mark for that position at which a settlement was seen to give nothing.
        var mark = Price.zero

        /// Whether a settlement at `price` gives nothing either, since a better one gave nothing.
        func isBeyond(_ price: Price) -> Bool { longs ? price <= mark : price >= mark }
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
        var queues = Bound.allCases.map(BandQueue.init)
    }

    init(_ watching: Watching) { self.watching = watching }

    mutating func addPosition() {
        standings.append(Standing())
    }

    /// Forgets the newest position, which the command that would have opened it did not.
    mutating func removeLastPosition(in market: Int) {
        if standings.removeLast().isListed, let place = markets[market].listed.lastIndex(of: Int32(standings.count)) {
            markets[market].listed.remove(at: place)
        }
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
            markets[market].queues[kind].set(Int32(position), to: reading, &standings)
        } else if standings[position].places[kind] >= 0 {
            markets[market].queues[kind].remove(Int32(position), &standings)
        }
    }

    /// The reading a position may go to; `nil` where it has no bound of the kind.
    func bound(_ bound: Bound, of position: Int, in market: Int) -> Int64? {
        markets[market].queues[bound.rawValue].bound(of: Int32(position), standings)
    }

    /// Takes out a position whose bound a reading has passed.
    mutating func popPassed(_ bound: Bound, in market: Int, by reading: Int64) -> Int? {
        markets[market].queues[bound.rawValue].popPassed(by: reading, &standings).map(Int.init)
    }
}

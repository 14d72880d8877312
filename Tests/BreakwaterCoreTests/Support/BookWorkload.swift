@testable import BreakwaterCore

/// Random streams of orders over few prices, few accounts and few order ids, so that everything collides.
struct BookWorkload {
    static let accounts = 5
    /// Ids of one account run from its number times this.
    private static let idsEach = 8
    private static let middle = 100

    private var chance: SplitMix64
    /// How many accounts take part, how far prices reach from the middle, and how large orders get.
    private let active: Int
    private let reach: Int
    private let largest: Int

    private init(seed: UInt64) {
        chance = SplitMix64(seed: seed)
        active = chance.whole(in: 2...Self.accounts)
        reach = chance.whole(in: 1...5)
        largest = chance.pick([3, 10, 40])
    }

    static func commands(seed: UInt64, count: Int) -> [BookCommand] {
        var workload = BookWorkload(seed: seed)
        return (0..<count).map { _ in workload.next() }
    }

    private mutating func next() -> BookCommand {
        let account = chance.whole(in: 0...active - 1)
        switch chance.whole(in: 1...100) {
        case ...62: return .place(placement(account))
        case ...78: return amendment(account)
        case ...84: return .cancel(account: account, id: someID(account))
        case ...86: return .cancelAll(account: account)
        case ...90: return .close(account: account)
        case ...95: return .prevent(account: account, chance.pick(SelfTradePrevention.allCases))
        case ...99: return .mark(Self.middle + chance.whole(in: -reach...reach))
        default: return .settle
        }
    }

    private mutating func placement(_ account: Int) -> BookCommand.Placement {
        let isMarket = chance.chance(percent: 12)
        return BookCommand.Placement(
            account: account, id: Self.idsEach * account + chance.whole(in: 0...Self.idsEach - 1),
            side: chance.pick(OrderSide.allCases), size: someSize(), price: isMarket ? nil : somePrice(),
            timeInForce: chance.pick([
                .goodTillCancelled, .goodTillCancelled, .goodTillCancelled, .immediateOrCancel, .fillOrKill,
            ]),
            postOnly: chance.chance(percent: isMarket ? 5 : 20), reduceOnly: chance.chance(percent: 30))
    }

    private mutating func amendment(_ account: Int) -> BookCommand {
        let what = chance.whole(in: 0...20)
        return .amend(
            account: account, id: someID(account), size: what == 0 || what % 3 == 1 ? nil : someSize(),
            price: what == 0 || what % 3 == 2 ? nil : somePrice())
    }

    /// Mostly the account's own, sometimes another's.
    private mutating func someID(_ account: Int) -> Int {
        let owner = chance.chance(percent: 95) ? account : chance.whole(in: 0...active - 1)
        return Self.idsEach * owner + chance.whole(in: 0...Self.idsEach - 1)
    }

    private mutating func somePrice() -> Int {
        chance.chance(percent: 1) ? chance.whole(in: -1...1) : Self.middle + chance.whole(in: -reach...reach)
    }

    private mutating func someSize() -> Int {
        chance.chance(percent: 1) ? chance.whole(in: -1...0) : chance.whole(in: 1...largest)
    }
}

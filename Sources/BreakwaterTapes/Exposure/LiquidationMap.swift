public import BreakwaterCore

/// Where the liquidations of a contract wait, and how far the book would carry them: everything that the API, the page and
/// the command show of it.
public struct LiquidationMap: Sendable {
    public let contract: Contract
    public let mark: Price?
    /// Sizes by liquidation price in steps of a hundredth of the mark, lowest first, those with nothing in them left out.
    public let buckets: [Bucket]
    /// What a falling mark would force, and a rising one.
    public let falling: Cascade
    public let rising: Cascade

    /// Positions whose liquidation price is in [from, to).
    public struct Bucket: Sendable, Equatable {
        public let from: Price
        public let to: Price
        public var longs: Size
        public var shorts: Size
    }

    public init(of id: ContractID, in exchange: borrowing Exchange) {
        let (bids, asks) = (exchange.depth(of: id, .buy), exchange.depth(of: id, .sell))
        self.init(
            exchange.directory[id], mark: exchange.contractStatement(id).mark, exchange.exposures(in: id), bids: bids,
            asks: asks)
    }

    /// - Parameters:
    ///   - bids: the book's levels, best first, as are `asks`.
    public init(
        _ contract: Contract, mark: Price?, _ exposures: [Exposure], bids: [DepthLevel], asks: [DepthLevel]
    ) {
        self.contract = contract
        self.mark = mark
        buckets = mark.map { Self.buckets(exposures, around: $0, contract) } ?? []
        falling = Cascade(exposures, bids, isFalling: true, contract)
        rising = Cascade(exposures, asks, isFalling: false, contract)
    }

    private static func buckets(_ exposures: [Exposure], around mark: Price, _ contract: Contract) -> [Bucket] {
        let width = max(1, mark.raw / 100)
        var buckets: [Int64: Bucket] = [:]
        for exposure in exposures {
            guard let price = exposure.liquidationPrice?.ticks(of: contract) else { continue }
            let number = price / width
            let empty = Bucket(
                from: Price(number * width), to: Price((number + 1) * width), longs: .zero, shorts: .zero)
            if exposure.size > .zero {
                buckets[number, default: empty].longs = buckets[number, default: empty].longs + exposure.size
            } else {
                buckets[number, default: empty].shorts = buckets[number, default: empty].shorts - exposure.size
            }
        }
        return buckets.sorted { $0.key < $1.key }.map(\.value)
    }
}

/// What a mark that moves one way would force, against what rests in the book.
public struct Cascade: Sendable {
    /// One step for each position, from the mark outwards.
    public let steps: [Step]
    /// Where it would come to rest once its first liquidation has begun: the nearest price up to which the book holds as
    /// much as is forced up to there. `nil` where nothing is forced, or the book does not hold that much at any price.
    public let end: End?

    public struct Step: Sendable, Equatable {
        public let price: ExactDecimal
        /// All that is liquidated up to this price.
        public let forced: Size
        /// All that rests in the book up to it.
        public let depth: Size
    }

    public struct End: Sendable, Equatable {
        public let price: ExactDecimal
        public let forced: Size
    }

    init(_ exposures: [Exposure], _ depth: [DepthLevel], isFalling: Bool, _ contract: Contract) {
        /// Whether one price is reached no later than another.
        func isNear(_ price: ExactDecimal, _ other: ExactDecimal) -> Bool {
            isFalling ? price >= other : price <= other
        }
        let concerned = exposures.filter { ($0.size > .zero) == isFalling }
            .compactMap { exposure in exposure.liquidationPrice.map { (price: $0, size: exposure.size.magnitude) } }
            .sorted { $0.price != $1.price && isNear($0.price, $1.price) }
        let levels = depth.map { (price: contract.decimal($0.price), size: $0.size) }
        var (forced, taken, level) = (Size.zero, Size.zero, 0)
        var steps: [Step] = []
        var end: End?
        for (place, exposure) in concerned.enumerated() {
            forced = forced + exposure.size
            while level < levels.count, isNear(levels[level].price, exposure.price) {
                taken = taken + levels[level].size
                level += 1
            }
            steps.append(Step(price: exposure.price, forced: forced, depth: taken))
            // All that is liquidated at this price has to be counted before the book is asked.
            let next = place + 1 < concerned.count ? concerned[place + 1].price : nil
            guard end == nil, next != exposure.price else { continue }
            if taken >= forced {
                end = End(price: exposure.price, forced: forced)
                continue
            }
            // Further into the book, as far as the next liquidation.
            var (beyond, further) = (taken, level)
            while further < levels.count, beyond < forced, next.map({ !isNear($0, levels[further].price) }) ?? true {
                beyond = beyond + levels[further].size
                further += 1
            }
            if beyond >= forced { end = End(price: levels[further - 1].price, forced: forced) }
        }
        self.steps = steps
        self.end = end
    }
}

extension ExactDecimal {
    /// The price in whole ticks, rounded down.
    fileprivate func ticks(of contract: Contract) -> Int64? {
        let common = max(places, contract.tick.places)
        guard let whole = scaled(toPlaces: common), let tick = contract.tick.scaled(toPlaces: common) else {
            return nil
        }
        return Int64(exactly: whole / tick)
    }
}

/// The one price at which a crossed book trades most.
///
/// Ties go to the smaller imbalance, then to the price nearest the mark, then to the lower one.
struct AuctionPrice: Equatable {
    let price: Price
    /// What can trade there, by what the orders show.
    let volume: Int64
    private let imbalance: Int64
    private let distance: Int64

    private init(_ price: Price, demand: Int64, supply: Int64, mark: Price?) {
        self.price = price
        volume = min(demand, supply)
        imbalance = abs(demand - supply)
        distance = mark.map { ($0 - price).magnitude.raw } ?? 0
    }

    private func isBetter(than other: AuctionPrice) -> Bool {
        if volume != other.volume { return volume > other.volume }
        if imbalance != other.imbalance { return imbalance < other.imbalance }
        return distance != other.distance ? distance < other.distance : price < other.price
    }

    /// The price for `book`, or `nil` where no bid meets an ask.
    ///
    /// Demand and supply change only at the prices of orders, so between two of them only the tick nearest the mark
    /// needs a look.
    init?(of book: OrderBook, mark: Price?) {
        guard let lowest = book.asks.best, let highest = book.bids.best, highest >= lowest else { return nil }
        let bids = book.bids.levels.filter { $0.price >= lowest }
        let asks = book.asks.levels.filter { $0.price <= highest }
        var demand = bids.reduce(Int64(0)) { $0 + $1.size.raw }
        var supply: Int64 = 0
        var best: AuctionPrice?
        func consider(_ price: Price) {
            let candidate = AuctionPrice(price, demand: demand, supply: supply, mark: mark)
            if best.map({ candidate.isBetter(than: $0) }) ?? true { best = candidate }
        }
        let prices = (bids + asks).map(\.price).sorted()
        for (place, price) in prices.enumerated() where place == 0 || prices[place - 1] != price {
            supply += book.asks.size(at: price).raw
            consider(price)
            demand -= book.bids.size(at: price).raw
            guard let next = prices[place...].first(where: { $0 > price }), next.raw > price.raw + 1 else { continue }
            let (first, last) = (Price(price.raw + 1), Price(next.raw - 1))
            consider(max(first, min(mark ?? first, last)))
        }
        guard let best else { return nil }
        self = best
    }
}

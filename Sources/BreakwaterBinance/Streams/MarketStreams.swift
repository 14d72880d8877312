internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import Synchronization

/// Tells what happens in the markets as it happens.
final class MarketStreams: MarketSink {
    private let hubs: StreamHubs
    private let listings: Listings
    private let books: Books
    private let state = Mutex(State())

    private struct State {
        /// The marks last told of.
        var marks: [ContractID: Price] = [:]
        /// Contracts that traded or were marked since candles were told last.
        var moved: Set<ContractID> = []
    }

    init(_ hubs: StreamHubs, _ listings: Listings, _ books: Books) {
        self.hubs = hubs
        self.listings = listings
        self.books = books
    }

    func mark(of contract: ContractID) -> Price? { state.withLock { $0.marks[contract] } }

    /// The contracts that traded since this was asked last.
    func takeMoved() -> Set<ContractID> {
        state.withLock { state in
            defer { state.moved = [] }
            return state.moved
        }
    }

    func take(_ updates: [MarketUpdate]) {
        for update in updates {
            switch update {
            case .trade(let tick): tell(tick)
            case .mark(let contract, let price, _): state.withLock { $0.marks[contract] = price }
            case .top(let contract, let bid, let ask, let number, let time):
                tell(contract, bid: bid, ask: ask, number: number, at: time)
            case .depth(let change): tell(change)
            case .minute(let contract, _): state.withLock { _ = $0.moved.insert(contract) }
            case .forced(let print): tell(print)
            // Told with the marks, or asked for with the contract's terms.
            case .funding, .listed, .halted: break
            }
        }
    }

    private func tell(_ tick: TradeTick) {
        guard let listing = listings[tick.contract] else { return }
        hubs.publish(listing.lowerCase + "@trade") {
            JSONText(capacity: 256) { json in
                json.putEvent("trade", listing, at: tick.time)
                json.put("T", tick.time)
                json.put("t", tick.id)
                json.put("p", listing.decimal(tick.price))
                json.put("q", listing.decimal(tick.size))
                json.put("X", word: "MARKET")
                json.put("m", tick.side == .sell)
            }
        }
        hubs.publish(listing.lowerCase + "@aggTrade") {
            JSONText(capacity: 256) { json in
                json.putEvent("aggTrade", listing, at: tick.time)
                json.put("a", tick.id)
                json.put("p", listing.decimal(tick.price))
                json.put("q", listing.decimal(tick.size))
                json.put("f", tick.id)
                json.put("l", tick.id)
                json.put("T", tick.time)
                json.put("m", tick.side == .sell)
            }
        }
    }

    private func tell(
        _ contract: ContractID, bid: DepthLevel?, ask: DepthLevel?, number: Int64, at time: Timestamp
    ) {
        guard let listing = listings[contract] else { return }
        for name in [listing.lowerCase + "@bookTicker", "!bookTicker"] {
            hubs.publish(name) {
                JSONText(capacity: 256) { json in
                    json.putEvent("bookTicker", listing, at: time)
                    json.put("u", number)
                    json.put("T", time)
                    json.put("b", listing.decimal(bid?.price))
                    json.put("B", bid.map { listing.decimal($0.size) })
                    json.put("a", listing.decimal(ask?.price))
                    json.put("A", ask.map { listing.decimal($0.size) })
                }
            }
        }
    }

    private func tell(_ change: DepthChange) {
        guard let listing = listings[change.contract] else { return }
        func event(_ bids: some Sequence<DepthLevel>, _ asks: some Sequence<DepthLevel>) -> JSONText {
            JSONText(capacity: 1_024) { json in
                json.putEvent("depthUpdate", listing, at: change.time)
                json.put("T", change.time)
                json.put("U", change.first)
                json.put("u", change.last)
                json.put("pu", change.previous)
                json.putLevels("b", bids, listing)
                json.putLevels("a", asks, listing)
            }
        }
        for pace in StreamName.paces {
            for kind in ["@depth", "@rpiDepth"] {
                hubs.publish(listing.lowerCase + kind + pace) { event(change.bids, change.asks) }
            }
            for levels in [5, 10, 20] {
                hubs.publish(listing.lowerCase + "@depth\(levels)" + pace) {
                    let book = books.seen(change.contract)
                    return event(book.bids.prefix(levels), book.asks.prefix(levels))
                }
            }
        }
    }

    private func tell(_ print: ForcedPrint) {
        guard let listing = listings[print.contract] else { return }
        for name in [listing.lowerCase + "@forceOrder", "!forceOrder@arr"] {
            hubs.publish(name) {
                let average = listing.averagePrice(of: print.size, worth: print.value)
                return JSONText(capacity: 384) { json in
                    json.put("e", word: "forceOrder")
                    json.put("E", print.time)
                    json.object("o") { json in
                        json.put("s", listing.symbol)
                        json.put("S", word: print.side.word)
                        json.put("o", word: "LIMIT")
                        json.put("f", word: "IOC")
                        json.put("q", listing.decimal(print.size))
                        json.put("p", average)
                        json.put("ap", average)
                        json.put("X", word: "FILLED")
                        json.put("l", listing.decimal(print.size))
                        json.put("z", listing.decimal(print.size))
                        json.put("T", print.time)
                    }
                }
            }
        }
    }
}

extension JSONText {
    /// What every event about a contract begins with.
    mutating func putEvent(_ kind: StaticString, _ listing: Listing, at time: Timestamp) {
        put("e", word: kind)
        put("E", time)
        put("s", listing.symbol)
    }
}

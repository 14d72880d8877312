/// What parts of the state were before a fill, so that a fill that one side cannot afford leaves no trace.
///
/// Also lets a FillOrKill try all of its fills before any of them counts.
struct UndoLog: Sendable {
    private var entries: [Entry] = []

    enum Entry: Sendable {
        case position(Int, Position)
        case openOrders(Int32, OpenOrders)
        case constraints(Int, Constraints)
        case wallet(Int, Wallet)
        case order(Int32, Order)
        case lot(Int, Lot)
        case openInterest(Int, longs: Size, shorts: Size)
        case absorbed(Int, Absorbed)
        case fund(Int, Amount)
        case fees(Int, Amount)
        /// How many events there were before one that the change told.
        case events(Int)
        case converted(Int, in: Amount, out: Amount)
    }

    var count: Int { entries.count }
    mutating func append(_ entry: Entry) { entries.append(entry) }
    mutating func clear() { if !entries.isEmpty { entries.removeAll(keepingCapacity: true) } }
    mutating func popLast() -> Entry? { entries.popLast() }
}

extension Exchange {
    mutating func save(position: Int) {
        undo.append(.position(position, positions[position]))
        let constrained = Int(positions[position].constraints)
        if constrained >= 0 { undo.append(.constraints(constrained, constraints[constrained])) }
        save(wallet: Int(positions[position].wallet))
    }

    mutating func save(openOrders position: Int) {
        let place = positions[position].openOrders
        if place >= 0 { undo.append(.openOrders(place, openOrders[place])) }
    }

    mutating func save(wallet: Int) { undo.append(.wallet(wallet, wallets[wallet])) }

    /// Puts back everything saved since the log held `count` entries.
    mutating func rollBack(to count: Int) {
        while undo.count > count, let entry = undo.popLast() {
            switch entry {
            case .position(let index, let old): positions[index] = old
            case .openOrders(let place, let old): openOrders[place] = old
            case .constraints(let place, let old): constraints[place] = old
            case .wallet(let index, let old): wallets[index] = old
            case .order(let slot, let old): orders[slot] = old
            case .lot(let index, let old): lots[index] = old
            case .openInterest(let market, let longs, let shorts):
                markets[market].openInterest = longs
                markets[market].shortInterest = shorts
            case .absorbed(let market, let old): markets[market].absorbed = old
            case .fund(let index, let old): treasury.funds[index].balance = old
            case .converted(let index, let old, let out):
                treasury.convertedIn[index] = old
                treasury.convertedOut[index] = out
            case .events(let count): if events.count > count { events.removeSubrange(count...) }
            case .fees(let index, let old): treasury.fees[index] = old
            }
        }
    }
}

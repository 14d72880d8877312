/// The lines in which positions wait to be deleveraged, kept while prices stay as they are: a crash closes thousands of
/// lots at one mark, and of the positions that one lot leaves only those that it touched stand elsewhere for the next.
///
/// `Exchange.ranking` is the same order, worked out from nothing; exchanges that visit everyone use that, and tests compare.
struct DeleverageLines: Sendable {
    private var lines: [Line] = []
    /// By position: how often it was given a place. Entries of an earlier count are stale.
    private var counts: [Int32] = []
    private var prices: Prices?

    /// One side of a contract: a heap of scores, the first to be deleveraged on top.
    fileprivate struct Line: Sendable {
        let market: Int
        let longs: Bool
        var entries: [Entry] = []
    }

    struct Entry: Sendable {
        let score: Int128
        let account: AccountID
        let position: Int32
        var count: Int32 = 0

        /// Higher scores come first; ties go by account number, then by age of the position.
        func precedes(_ other: Entry) -> Bool {
            if score != other.score { return score > other.score }
            return account != other.account ? account < other.account : position < other.position
        }
    }

    /// What scores depend on beside the accounts themselves: every price and payment, and the time, by which prices grow
    /// stale.
    struct Prices: Sendable, Equatable {
        let time: Timestamp
        let clocks: Int64
    }

    var isEmpty: Bool { lines.isEmpty }

    mutating func forget() {
        lines.removeAll(keepingCapacity: true)
        prices = nil
    }

    /// Drops what was worked out at other prices.
    mutating func keep(at prices: Prices) {
        if self.prices != prices { forget() }
        self.prices = prices
    }

    func line(of market: Int, longs: Bool) -> Int? {
        lines.firstIndex { $0.market == market && $0.longs == longs }
    }

    /// Forms a line; positions in it stand in no other.
    mutating func form(_ market: Int, longs: Bool, _ entries: [Entry], among positions: Int) -> Int {
        stretch(to: positions)
        var line = Line(market: market, longs: longs, entries: entries)
        for place in line.entries.indices { line.entries[place].count = counts[Int(line.entries[place].position)] }
        for place in stride(from: line.entries.count / 2 - 1, through: 0, by: -1) { line.sink(place) }
        lines.append(line)
        return lines.count - 1
    }

    /// Takes a position's place away; it stands nowhere until it is given another.
    mutating func leave(_ position: Int32) {
        stretch(to: Int(position) + 1)
        counts[Int(position)] += 1
    }

    mutating func join(_ line: Int, _ entry: Entry) {
        var entry = entry
        entry.count = counts[Int(entry.position)]
        lines[line].entries.append(entry)
        lines[line].rise(lines[line].entries.count - 1)
    }

    /// Takes out the first in a line.
    mutating func popFirst(of line: Int) -> Int? {
        while let entry = lines[line].popFirst() {
            if entry.count == counts[Int(entry.position)] { return Int(entry.position) }
        }
        return nil
    }

    private mutating func stretch(to positions: Int) {
        if counts.count < positions { counts.append(contentsOf: repeatElement(0, count: positions - counts.count)) }
    }
}

extension DeleverageLines.Line {
    mutating func popFirst() -> DeleverageLines.Entry? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink(0)
        }
        return first
    }

    mutating func rise(_ start: Int) {
        let entry = entries[start]
        var place = start
        while place > 0, entry.precedes(entries[(place - 1) / 2]) {
            entries[place] = entries[(place - 1) / 2]
            place = (place - 1) / 2
        }
        entries[place] = entry
    }

    mutating func sink(_ start: Int) {
        let entry = entries[start]
        var place = start
        while 2 * place + 1 < entries.count {
            var child = 2 * place + 1
            if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
            guard entries[child].precedes(entry) else { break }
            entries[place] = entries[child]
            place = child
        }
        entries[place] = entry
    }
}

extension Exchange {
    /// The line of one side of a contract, in the order of `ranking`, brought up to date.
    mutating func deleverageLine(of market: Int, longs: Bool, by policy: AutoDeleveragePolicy) -> Int {
        deleverageLines.keep(
            at: DeleverageLines.Prices(time: now, clocks: watch.markets.reduce(0) { $0 + $1.history.clock }))
        if deleverageLines.isEmpty {
            positions.beginNoting()
            wallets.beginNoting()
        } else {
            moveChanged(by: policy)
        }
        if let line = deleverageLines.line(of: market, longs: longs) { return line }
        let candidates = candidates(of: market, longs: longs)
        let entries = candidates.map { entry(of: $0, by: policy) }
        return deleverageLines.form(market, longs: longs, entries, among: positions.count)
    }

    /// Ends what is kept of the order, and the noting of what is written: with the command, or when rules change in it.
    mutating func forgetDeleverageLines() {
        guard !deleverageLines.isEmpty else { return }
        deleverageLines.forget()
        positions.endNoting()
        wallets.endNoting()
    }

    /// Gives the positions of every account that was changed the places they have now: what stands behind one position is
    /// shared with the account's others.
    private mutating func moveChanged(by policy: AutoDeleveragePolicy) {
        var changed: [AccountID] = []
        // A position or wallet opened by a command that was refused is no longer there.
        for index in positions.written where index < positions.count { changed.append(positions[Int(index)].account) }
        for index in wallets.written where index < wallets.count { changed.append(wallets[Int(index)].account) }
        positions.beginNoting()
        wallets.beginNoting()
        changed.sort()
        for (place, account) in changed.enumerated() where place == 0 || changed[place - 1] != account {
            var next = accounts[account.index].firstPosition
            while next >= 0 {
                let position = positions[Int(next)]
                deleverageLines.leave(next)
                if position.size != .zero,
                    let line = deleverageLines.line(of: position.contract.index, longs: position.size > .zero)
                {
                    deleverageLines.join(line, entry(of: Int(next), by: policy))
                }
                next = position.next
            }
        }
    }

    private func entry(of position: Int, by policy: AutoDeleveragePolicy) -> DeleverageLines.Entry {
        DeleverageLines.Entry(
            score: score(of: present(position), by: policy), account: positions[position].account,
            position: Int32(position))
    }
}

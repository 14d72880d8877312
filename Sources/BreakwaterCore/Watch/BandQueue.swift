/// Positions by the reading at which they must be looked at, the nearest first: a binary heap.
///
/// Readings are made so that growing is what brings them nearer: a mark for bounds above it, a mark turned negative for
/// bounds below. Where each position stands is kept outside, so that its bound can be moved or taken back.
struct BandQueue: Sendable {
    private var entries: [Entry] = []

    private struct Entry: Sendable {
        /// The last reading that is still inside the band.
        var bound: Int64
        var position: Int32
    }

    var count: Int { entries.count }

    /// The bound that the next reading passes first; `nil` while there is none.
    var nearest: Int64? { entries.first?.bound }

    /// The bound of a position; `nil` where it has none.
    func bound(of position: Int32, _ places: [Int32]) -> Int64? {
        let place = Int(places[Int(position)])
        return place >= 0 ? entries[place].bound : nil
    }

    /// Takes out a position whose bound `reading` has passed; `nil` where there is none.
    mutating func popPassed(by reading: Int64, _ places: inout [Int32]) -> Int32? {
        guard let first = entries.first, reading > first.bound else { return nil }
        remove(first.position, &places)
        return first.position
    }

    /// Gives a position its bound, in place of the one it had.
    mutating func set(_ position: Int32, to bound: Int64, _ places: inout [Int32]) {
        var place = Int(places[Int(position)])
        if place < 0 {
            place = entries.count
            entries.append(Entry(bound: bound, position: position))
        } else {
            entries[place].bound = bound
        }
        settle(place, &places)
    }

    mutating func remove(_ position: Int32, _ places: inout [Int32]) {
        let place = Int(places[Int(position)])
        guard place >= 0 else { return }
        places[Int(position)] = -1
        let last = entries.removeLast()
        guard place < entries.count else { return }
        entries[place] = last
        settle(place, &places)
    }

    /// Moves an entry up or down to where its bound belongs.
    private mutating func settle(_ start: Int, _ places: inout [Int32]) {
        let entry = entries[start]
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard entry.bound < entries[parent].bound else { break }
            entries[place] = entries[parent]
            places[Int(entries[place].position)] = Int32(place)
            place = parent
        }
        while true {
            var child = 2 * place + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].bound < entries[child].bound { child += 1 }
            guard entries[child].bound < entry.bound else { break }
            entries[place] = entries[child]
            places[Int(entries[place].position)] = Int32(place)
            place = child
        }
        entries[place] = entry
        places[Int(entry.position)] = Int32(place)
    }
}

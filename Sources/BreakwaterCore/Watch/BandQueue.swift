/// Positions by the reading at which they must be looked at, the nearest first: a heap of which each entry has four below
/// it, side by side in memory.
///
/// Readings are made so that growing is what brings them nearer: a mark for bounds above it, a mark turned negative for
/// bounds below. Where each position stands is kept outside, so that its bound can be moved or taken back.
struct BandQueue: Sendable {
    /// Which of a position's places is the one in here.
    private let kind: Int
    private var entries: [Entry] = []

    init(_ bound: Watch.Bound) { kind = bound.rawValue }

    /// Twelve bytes: a bound in one piece would have it padded to sixteen.
    private struct Entry: Sendable {
        private var high: Int32
        private var low: UInt32
        let position: Int32

        init(bound: Int64, position: Int32) {
            high = Int32(bound >> 32)
            low = UInt32(truncatingIfNeeded: bound)
            self.position = position
        }

        /// The last reading that is still inside the band.
        var bound: Int64 { Int64(high) << 32 | Int64(low) }
    }

    /// The bound of a position; `nil` where it has none.
    func bound(of position: Int32, _ standings: [Watch.Standing]) -> Int64? {
        let place = Int(standings[Int(position)].places[kind])
        return place >= 0 ? entries[place].bound : nil
    }

    /// Takes out a position whose bound `reading` has passed; `nil` where there is none.
    mutating func popPassed(by reading: Int64, _ standings: inout [Watch.Standing]) -> Int32? {
        guard let first = entries.first, reading > first.bound else { return nil }
        remove(first.position, &standings)
        return first.position
    }

    /// Gives a position its bound, in place of the one it had.
    mutating func set(_ position: Int32, to bound: Int64, _ standings: inout [Watch.Standing]) {
        var place = Int(standings[Int(position)].places[kind])
        if place < 0 {
            place = entries.count
            entries.append(Entry(bound: bound, position: position))
        } else {
            entries[place] = Entry(bound: bound, position: position)
        }
        settle(place, &standings)
    }

    mutating func remove(_ position: Int32, _ standings: inout [Watch.Standing]) {
        let place = Int(standings[Int(position)].places[kind])
        guard place >= 0 else { return }
        standings[Int(position)].places[kind] = -1
        let last = entries.removeLast()
        guard place < entries.count else { return }
        entries[place] = last
        settle(place, &standings)
    }

    /// Moves an entry up or down to where its bound belongs.
    private mutating func settle(_ start: Int, _ standings: inout [Watch.Standing]) {
        let entry = entries[start]
        let bound = entry.bound
        var place = start
        while place > 0 {
            let parent = (place - 1) / 4
            guard bound < entries[parent].bound else { break }
            entries[place] = entries[parent]
            standings[Int(entries[place].position)].places[kind] = Int32(place)
            place = parent
        }
        while true {
            let first = 4 * place + 1
            guard first < entries.count else { break }
            var (child, nearest) = (first, entries[first].bound)
            for other in (first + 1)..<max(first + 1, min(first + 4, entries.count))
            where entries[other].bound < nearest {
                (child, nearest) = (other, entries[other].bound)
            }
            guard nearest < bound else { break }
            entries[place] = entries[child]
            standings[Int(entries[place].position)].places[kind] = Int32(place)
            place = child
        }
        entries[place] = entry
        standings[Int(entry.position)].places[kind] = Int32(place)
    }
}

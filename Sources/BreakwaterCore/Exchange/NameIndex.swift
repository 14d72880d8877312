/// Finds a name's number among names that are numbered as they came: a hash table of the numbers alone, so that a million
/// names are not kept twice.
struct NameIndex: Sendable {
    /// A name's number stands at its hash or, where others do already, in the next free place; `-1` is free. At least half
    /// of the places are, and their count is a power of two.
    private var places: [Int32] = []

    func find(_ name: String, among names: [String]) -> Int? {
        guard !places.isEmpty else { return nil }
        let number = places[place(of: name, among: names)]
        return number >= 0 ? Int(number) : nil
    }

    /// Adds the newest of the names; of two that are the same the newer one is found.
    mutating func insert(_ number: Int, of names: [String]) {
        if 2 * names.count > places.count {
            places = [Int32](repeating: -1, count: max(16, 2 * places.count))
            for earlier in 0..<number { places[place(of: names[earlier], among: names)] = Int32(earlier) }
        }
        places[place(of: names[number], among: names)] = Int32(number)
    }

    /// Where a name's number stands, or would. Names are told apart by their bytes.
    private func place(of name: String, among names: [String]) -> Int {
        var hash = StateHash()
        hash.fold(name)
        var place = Int(truncatingIfNeeded: hash.value) & (places.count - 1)
        while places[place] >= 0, !names[Int(places[place])].utf8.elementsEqual(name.utf8) {
            place = (place + 1) & (places.count - 1)
        }
        return place
    }
}

/// Rows of the state which, while asked to, note which of them are written, so that what was worked out from them can be
/// kept and only what changed worked out anew.
struct Tracked<Row: Sendable>: RandomAccessCollection, MutableCollection, Sendable {
    private var rows: [Row] = []
    /// Rows written or added since noting began, or since they were last taken; some of them more than once.
    private(set) var written: [Int32] = []
    private var isNoting = false

    var startIndex: Int { 0 }
    var endIndex: Int { rows.count }

    @inline(__always)
    subscript(index: Int) -> Row {
        _read { yield rows[index] }
        _modify {
            note(index)
            yield &rows[index]
        }
    }

    mutating func append(_ row: Row) {
        note(rows.count)
        rows.append(row)
    }

    mutating func popLast() -> Row? { rows.popLast() }

    /// Notes what is written from now on, and nothing that was before.
    mutating func beginNoting() {
        isNoting = true
        written.removeAll(keepingCapacity: true)
    }

    /// Notes a row as if it had been written.
    @inline(__always)
    mutating func note(_ index: Int) {
        if isNoting { written.append(Int32(index)) }
    }

    mutating func endNoting() {
        isNoting = false
        written.removeAll(keepingCapacity: true)
    }
}

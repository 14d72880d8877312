/// Finds a small number by an order's id, in two steps however high ids have grown.
///
/// Ids are never given twice by a venue that runs for years, and few of them are open at a time: they are looked up in
/// pages of 1,024, which stand only while an order of theirs does.
struct OrderIndex: Sendable {
    private static let bits: Int64 = 10
    /// The page of each 1,024 ids; `-1` where none of them is open.
    private var pages: [Int32] = []
    /// The numbers, page by page; `-1` where an order is not open.
    private var numbers: [Int32] = []
    /// How many orders are open in each page.
    private var open: [Int32] = []
    private var free: [Int32] = []

    /// The number kept for `id`; `-1` for none.
    subscript(id: OrderID) -> Int32 {
        guard id.raw >= 0, id.raw >> Self.bits < pages.count else { return -1 }
        let page = pages[Int(id.raw >> Self.bits)]
        return page < 0 ? -1 : numbers[place(of: id, in: page)]
    }

    /// Keeps a number, 0 or above, for an order that has none.
    mutating func insert(_ number: Int32, for id: OrderID) {
        let row = Int(id.raw >> Self.bits)
        if pages.count <= row { pages.append(contentsOf: repeatElement(-1, count: row + 1 - pages.count)) }
        if pages[row] < 0 { pages[row] = newPage() }
        numbers[place(of: id, in: pages[row])] = number
        open[Int(pages[row])] += 1
    }

    /// Forgets an order that has a number.
    mutating func remove(_ id: OrderID) {
        let row = Int(id.raw >> Self.bits)
        let page = pages[row]
        numbers[place(of: id, in: page)] = -1
        open[Int(page)] -= 1
        guard open[Int(page)] == 0 else { return }
        pages[row] = -1
        free.append(page)
    }

    @inline(__always)
    private func place(of id: OrderID, in page: Int32) -> Int {
        Int(page) << Int(Self.bits) | Int(id.raw & (1 << Self.bits - 1))
    }

    private mutating func newPage() -> Int32 {
        if let page = free.popLast() { return page }
        numbers.append(contentsOf: repeatElement(-1, count: 1 << Int(Self.bits)))
        open.append(0)
        return Int32(open.count - 1)
    }
}

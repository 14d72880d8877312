/// Finds the block of prices at a key, and the one at the next higher key, in a few steps however many there are.
///
/// A tree with 64 branches at every fork, each fork taking six bits of the key. It is as high as the keys at hand need:
/// blocks of 64 prices within 4,096 ticks of each other stand one fork deep, those of prices from 1 to 10^12 six.
struct PriceIndex: Sendable {
    /// Which branches of each fork lead anywhere.
    private var taken: [UInt64] = []
    /// Where they lead, 64 to a fork: to other forks, and from the lowest ones to blocks; `-1` for nowhere.
    private var branches: [Int32] = []
    private var parents: [Int32] = []
    /// Forks to be used again; nothing leads anywhere in them.
    private var free: [Int32] = []
    private var root: Int32 = -1
    /// How many bits of a key the forks take; what is above them is the same in all keys.
    private var bits = 0
    private var prefix: Int64 = 0

    /// The block at `key`, or `-1`.
    @inline(__always)
    func block(at key: Int64) -> Int32 {
        guard root >= 0, key &>> Int64(bits) == prefix else { return -1 }
        var (place, shift) = (root, bits - 6)
        while true {
            place = branches[branch(place, key, shift)]
            if place < 0 || shift == 0 { return place }
            shift -= 6
        }
    }

    /// Adds a block at a key that has none.
    ///
    /// - Returns: the block at the next higher key, or `-1`.
    mutating func insert(_ block: Int32, at key: Int64) -> Int32 {
        reach(key)
        var (fork, shift) = (root, bits - 6)
        var (above, aboveShift, aboveTaken) = (Int32(-1), 0, UInt64(0))
        while true {
            let digit = (key &>> Int64(shift)) & 63
            let higher = taken[Int(fork)] & ((UInt64.max &<< UInt64(digit)) &<< 1)
            if higher != 0 { (above, aboveShift, aboveTaken) = (fork, shift, higher) }
            taken[Int(fork)] |= 1 &<< UInt64(digit)
            let branch = branch(fork, key, shift)
            if shift == 0 {
                branches[branch] = block
                break
            }
            if branches[branch] < 0 { branches[branch] = newFork(below: fork) }
            (fork, shift) = (branches[branch], shift - 6)
        }
        return above < 0 ? -1 : lowest(of: aboveTaken, in: above, shift: aboveShift)
    }

    /// Takes a key out that has a block.
    mutating func remove(_ key: Int64) {
        var (fork, shift) = (root, bits - 6)
        while shift > 0 {
            fork = branches[branch(fork, key, shift)]
            shift -= 6
        }
        while true {
            branches[branch(fork, key, shift)] = -1
            taken[Int(fork)] &= ~(1 &<< UInt64((key &>> Int64(shift)) & 63))
            guard taken[Int(fork)] == 0 else { break }
            free.append(fork)
            if fork == root {
                root = -1
                return
            }
            (fork, shift) = (parents[Int(fork)], shift + 6)
        }
        lowerRoot()
    }

    @inline(__always)
    private func branch(_ fork: Int32, _ key: Int64, _ shift: Int) -> Int {
        Int(fork) << 6 | Int(key &>> Int64(shift) & 63)
    }

    /// The block with the lowest key among those that `taken` branches of a fork lead to.
    private func lowest(of taken: UInt64, in fork: Int32, shift: Int) -> Int32 {
        var place = branches[Int(fork) << 6 | taken.trailingZeroBitCount]
        for _ in 0..<shift / 6 { place = branches[Int(place) << 6 | self.taken[Int(place)].trailingZeroBitCount] }
        return place
    }

    /// Puts forks above the root until it leads to `key` as well.
    private mutating func reach(_ key: Int64) {
        if root < 0 {
            root = newFork(below: -1)
            (bits, prefix) = (6, key >> 6)
        }
        while key &>> Int64(bits) != prefix {
            let old = root
            root = newFork(below: -1)
            branches[Int(root) << 6 | Int(prefix & 63)] = old
            taken[Int(root)] = 1 &<< UInt64(prefix & 63)
            parents[Int(old)] = root
            prefix >>= 6
            bits += 6
        }
    }

    /// Takes forks away that all keys pass by the same branch.
    private mutating func lowerRoot() {
        while bits > 6, taken[Int(root)].nonzeroBitCount == 1 {
            let old = root
            let digit = taken[Int(old)].trailingZeroBitCount
            root = branches[Int(old) << 6 | digit]
            parents[Int(root)] = -1
            branches[Int(old) << 6 | digit] = -1
            taken[Int(old)] = 0
            free.append(old)
            prefix = prefix << 6 | Int64(digit)
            bits -= 6
        }
    }

    private mutating func newFork(below parent: Int32) -> Int32 {
        if let fork = free.popLast() {
            parents[Int(fork)] = parent
            return fork
        }
        taken.append(0)
        parents.append(parent)
        branches.append(contentsOf: repeatElement(-1, count: 64))
        return Int32(taken.count - 1)
    }
}

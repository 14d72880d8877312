/// What stands in the log that SQLite writes before its file, looked at before SQLite does: it ends at the first frame that
/// does not fit, without a word, and this says what was behind it. Source: "WAL-mode File Format", sqlite.org.
struct WriteAheadLog {
    /// Frames behind the last complete transaction.
    struct Tail: Equatable {
        let offset: Int
        let frames: Int
        /// How many of them end a transaction, though they or one before them are not what was written.
        let commits: Int
    }

    /// `nil` where the log ends with a complete transaction, or was never begun.
    private(set) var tail: Tail?

    private static let headSize = 32
    private static let frameHead = 24

    init(_ bytes: [UInt8]) {
        guard bytes.count > Self.headSize else { return }
        let magic = bytes.big(at: 0)
        let isBig = magic == 0x377f_0683
        guard isBig || magic == 0x377f_0682 else { return }
        var sums = Sums(isBig: isBig)
        sums.add(bytes, 0..<24)
        // A head that was being written: no transaction is in a log that begins so.
        guard sums.first == bytes.big(at: 24), sums.second == bytes.big(at: 28) else { return }
        let frame = Self.frameHead + Int(bytes.big(at: 8))
        var (offset, end, stray, commits, isWhole) = (Self.headSize, Self.headSize, 0, 0, true)
        while offset + frame <= bytes.count, bytes[(offset + 8)..<(offset + 16)] == bytes[16..<24] {
            if isWhole {
                sums.add(bytes, offset..<offset + 8)
                sums.add(bytes, offset + Self.frameHead..<offset + frame)
                isWhole = sums.first == bytes.big(at: offset + 16) && sums.second == bytes.big(at: offset + 20)
            }
            let endsTransaction = bytes.big(at: offset + 4) != 0
            offset += frame
            stray += 1
            if isWhole, endsTransaction { (end, stray) = (offset, 0) }
            if !isWhole, endsTransaction { commits += 1 }
        }
        if stray > 0 { tail = Tail(offset: end, frames: stray, commits: commits) }
    }

    /// SQLite's running sums over words of four bytes.
    private struct Sums {
        let isBig: Bool
        var first: UInt32 = 0
        var second: UInt32 = 0

        mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
            var place = range.lowerBound
            while place < range.upperBound {
                let (one, two) = (bytes.big(at: place), bytes.big(at: place + 4))
                first &+= (isBig ? one : one.byteSwapped) &+ second
                second &+= (isBig ? two : two.byteSwapped) &+ first
                place += 8
            }
        }
    }
}

extension [UInt8] {
    fileprivate func big(at offset: Int) -> UInt32 {
        UInt32(self[offset]) << 24 | UInt32(self[offset + 1]) << 16 | UInt32(self[offset + 2]) << 8
            | UInt32(self[offset + 3])
    }
}

/// Unpacks gzip, as price files come. Ours is a page of code; a library of the system would have to be there wherever
/// Breakwater is built or run.
///
/// Source: RFC 1951 and RFC 1952.
struct Gzip {
    /// Why bytes cannot be unpacked.
    enum Fault: String, Error {
        case notGzip = "a gzip file"
        case cutShort = "a gzip file that is whole"
        case damaged = "a gzip file without damage"
    }

    /// No price file is as large.
    private static let most = 4 << 30

    private let bytes: [UInt8]
    private var place = 0
    private var bits: UInt64 = 0
    private var count = 0
    private var output: [UInt8] = []

    /// All members of a file, one behind the other.
    static func unpack(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
        var reader = Gzip(bytes)
        repeat { try reader.member() } while reader.place < bytes.count
        return reader.output
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func member() throws(Fault) {
        guard bytes.count - place >= 18, bytes[place] == 0x1f, bytes[place + 1] == 0x8b, bytes[place + 2] == 8 else {
            throw .notGzip
        }
        let flags = bytes[place + 3]
        place += 10
        if flags & 4 != 0 { place += 2 + Int(try byte(0)) + Int(try byte(1)) << 8 }
        for flag in [UInt8(8), 16] where flags & flag != 0 {
            while try byte(0) != 0 { place += 1 }
            place += 1
        }
        if flags & 2 != 0 { place += 2 }
        let start = output.count
        try inflate()
        // What is left of the byte begun is padding.
        place -= count / 8
        (bits, count) = (0, 0)
        guard place + 8 <= bytes.count else { throw .cutShort }
        let words = (try word(0), try word(4))
        guard words == (Self.checksum(output[start...]), UInt32(truncatingIfNeeded: output.count - start)) else {
            throw .damaged
        }
        place += 8
    }

    private func byte(_ offset: Int) throws(Fault) -> UInt8 {
        guard place + offset < bytes.count else { throw .cutShort }
        return bytes[place + offset]
    }

    private func word(_ offset: Int) throws(Fault) -> UInt32 {
        var word: UInt32 = 0
        for number in 0..<4 { word |= UInt32(try byte(offset + number)) << UInt32(number * 8) }
        return word
    }

    private mutating func take(_ wanted: Int) throws(Fault) -> Int {
        while count < wanted {
            bits |= UInt64(try byte(0)) << UInt64(count)
            place += 1
            count += 8
        }
        defer {
            bits >>= UInt64(wanted)
            count -= wanted
        }
        return Int(bits & (1 << UInt64(wanted) - 1))
    }

    private mutating func inflate() throws(Fault) {
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try copyStored()
            case 1: try copy(Codes(Self.fixedLengths), Codes(Array(repeating: 5, count: 30)))
            case 2:
                let (lengths, distances) = try dynamicCodes()
                try copy(lengths, distances)
            default: throw .damaged
            }
            guard output.count <= Self.most else { throw .damaged }
        }
    }

    private mutating func copyStored() throws(Fault) {
        place -= count / 8
        (bits, count) = (0, 0)
        let (length, check) = (Int(try byte(0)) | Int(try byte(1)) << 8, Int(try byte(2)) | Int(try byte(3)) << 8)
        place += 4
        guard length ^ check == 0xffff else { throw .damaged }
        guard place + length <= bytes.count else { throw .cutShort }
        output += bytes[place..<place + length]
        place += length
    }

    private mutating func dynamicCodes() throws(Fault) -> (Codes, Codes) {
        let counts = (try take(5) + 257, try take(5) + 1, try take(4) + 4)
        var lengths = [UInt8](repeating: 0, count: 19)
        for number in 0..<counts.2 { lengths[Self.order[number]] = UInt8(try take(3)) }
        let codes = Codes(lengths)
        lengths = []
        while lengths.count < counts.0 + counts.1 {
            let symbol = try read(codes)
            switch symbol {
            case 0..<16: lengths.append(UInt8(symbol))
            case 16:
                guard let last = lengths.last else { throw .damaged }
                lengths += Array(repeating: last, count: 3 + (try take(2)))
            case 17: lengths += Array(repeating: 0, count: 3 + (try take(3)))
            default: lengths += Array(repeating: 0, count: 11 + (try take(7)))
            }
        }
        guard lengths.count == counts.0 + counts.1 else { throw .damaged }
        return (Codes(Array(lengths[..<counts.0])), Codes(Array(lengths[counts.0...])))
    }

    private mutating func copy(_ lengths: Codes, _ distances: Codes) throws(Fault) {
        while true {
            let symbol = try read(lengths)
            if symbol < 256 {
                output.append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return }
            guard symbol < 286 else { throw .damaged }
            let length = Self.lengthBases[symbol - 257] + (try take(Self.lengthBits[symbol - 257]))
            let code = try read(distances)
            guard code < 30 else { throw .damaged }
            let distance = Self.distanceBases[code] + (try take(code < 4 ? 0 : code / 2 - 1))
            guard distance <= output.count else { throw .damaged }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    /// The next symbol of a code, read bit by bit.
    private mutating func read(_ codes: Codes) throws(Fault) -> Int {
        var (code, first, index) = (0, 0, 0)
        for length in 1...15 {
            code |= try take(1)
            let there = codes.counts[length]
            if code - there < first { return codes.symbols[index + code - first] }
            index += there
            first = (first + there) << 1
            code <<= 1
        }
        throw .damaged
    }

    /// A canonical Huffman code: how many codes have each length, and the symbols in order.
    private struct Codes {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int] = []

        init(_ lengths: [UInt8]) {
            for length in lengths { counts[Int(length)] += 1 }
            counts[0] = 0
            symbols = lengths.indices.filter { lengths[$0] > 0 }.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
        }
    }

    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let fixedLengths: [UInt8] =
        Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112) + Array(repeating: 7, count: 24)
        + Array(repeating: 8, count: 8)
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]

    /// CRC-32 as gzip has it.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in
            table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ (sum >> 8)
        }
    }

    private static let table: [UInt32] = (0..<256).map { number in
        (0..<8).reduce(UInt32(number)) { sum, _ in sum & 1 == 1 ? 0xedb8_8320 ^ (sum >> 1) : sum >> 1 }
    }
}

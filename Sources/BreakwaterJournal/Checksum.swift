/// CRC-32C, which finds every change of up to 32 bits in a row. Source: RFC 3720, appendix B.4.
public enum Checksum {
    /// Eight tables of 256: the n-th says what a byte does that n bytes come after. Source: Intel, "Slicing-by-8".
    private static let tables: [UInt32] = {
        var tables = (0..<256 as Range<UInt32>).map { byte in
            (0..<8).reduce(byte) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0x82f6_3b78 : rest >> 1 }
        }
        for place in 256..<8 * 256 { tables.append(tables[place - 256] >> 8 ^ tables[Int(tables[place - 256] & 0xff)]) }
        return tables
    }()

    /// - Parameter before: the checksum of what stands in front of the bytes.
    public static func of(_ bytes: ArraySlice<UInt8>, after before: UInt32 = 0) -> UInt32 {
        let (tables, span) = (tables.span, bytes.span)
        var (rest, place) = (~before, 0)
        while place + 8 <= span.count {
            let low = rest ^ word(in: span, at: place)
            let high = word(in: span, at: place + 4)
            rest = tables[Int(1_792 | low & 0xff)] ^ tables[Int(1_536 | low >> 8 & 0xff)]
            rest ^= tables[Int(1_280 | low >> 16 & 0xff)] ^ tables[Int(1_024 | low >> 24)]
            rest ^= tables[Int(768 | high & 0xff)] ^ tables[Int(512 | high >> 8 & 0xff)]
            rest ^= tables[Int(256 | high >> 16 & 0xff)] ^ tables[Int(high >> 24)]
            place += 8
        }
        while place < span.count {
            rest = rest >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: rest) ^ span[place])]
            place += 1
        }
        return ~rest
    }

    @inline(__always)
    private static func word(in bytes: Span<UInt8>, at place: Int) -> UInt32 {
        UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
            | UInt32(bytes[place + 3]) << 24
    }
}

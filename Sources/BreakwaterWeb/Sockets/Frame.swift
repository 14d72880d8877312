internal import NIOCore

/// One message in the bytes of RFC 6455, encoded once and shared by every socket it is sent to.
public struct Frame: Sendable {
    enum Opcode: UInt8 {
        case text = 0x1
        case close = 0x8
        case ping = 0x9
        case pong = 0xA
    }

    let buffer: ByteBuffer

    /// A text message; `text` must be UTF-8.
    public init(text: [UInt8]) { buffer = Self.encoded(.text, text) }
    public init(text: String) { buffer = Self.encoded(.text, text.utf8) }

    init(_ opcode: Opcode, _ payload: some Collection<UInt8>) { buffer = Self.encoded(opcode, payload) }

    /// The bytes it takes on the wire, before encryption.
    public var count: Int { buffer.readableBytes }

    static func close(_ code: CloseCode, _ reason: String) -> Frame {
        // A control frame carries at most 125 bytes, two of which are the code.
        var payload = [UInt8(code.number >> 8), UInt8(code.number & 0xFF)]
        for character in reason where payload.count + character.utf8.count <= 125 { payload += Array(character.utf8) }
        return Frame(.close, payload)
    }

    /// What a server sends is never masked, so the same bytes serve all.
    private static func encoded(_ opcode: Opcode, _ payload: some Collection<UInt8>) -> ByteBuffer {
        let count = payload.count
        var buffer = ByteBufferAllocator().buffer(capacity: count + 10)
        buffer.writeInteger(0x80 | opcode.rawValue)
        switch count {
        case ...125: buffer.writeInteger(UInt8(count))
        case ...0xFFFF:
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(count))
        default:
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(count))
        }
        buffer.writeBytes(payload)
        return buffer
    }
}

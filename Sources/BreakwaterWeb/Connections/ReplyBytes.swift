internal import NIOCore
internal import NIOHTTP1

/// Writes replies as HTTP/1.1, head and body in one buffer.
struct ReplyBytes {
    /// The headers every reply of a kind has, as bytes.
    private static let always = lines(SecurityHeaders.always)
    private static let api = lines(SecurityHeaders.api)
    private static let encrypted = lines(SecurityHeaders.encrypted)

    /// - Parameters:
    ///   - withoutBody: the request was HEAD: the length is told, the body is not sent.
    ///   - persistence: the value of the `Connection` header; `nil` where the default of the version says it.
    static func bytes(
        _ reply: Reply, date: [UInt8], withoutBody: Bool, persistence: String?, isSecure: Bool,
        allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: 640 + reply.length)
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(reply.status))
        buffer.writeStaticString(" ")
        buffer.writeString(HTTPResponseStatus(statusCode: reply.status).reasonPhrase)
        buffer.writeStaticString("\r\ndate: ")
        buffer.writeBytes(date)
        buffer.writeStaticString("\r\n")
        if reply.status != 204 && reply.status != 304 {
            buffer.writeStaticString("content-length: ")
            buffer.writeString(String(reply.length))
            buffer.writeStaticString("\r\n")
        }
        var keepsOwnPolicy = false
        for (name, value) in reply.headers {
            write(name, value, to: &buffer)
            if name == "cache-control" || name == "content-security-policy" { keepsOwnPolicy = true }
        }
        buffer.writeBytes(always)
        if !keepsOwnPolicy { buffer.writeBytes(api) }
        if isSecure { buffer.writeBytes(encrypted) }
        if let persistence { write("connection", persistence, to: &buffer) }
        buffer.writeStaticString("\r\n")
        if !withoutBody {
            switch reply.body {
            case .none: break
            case .bytes(let bytes): buffer.writeBytes(bytes)
            case .shared(let shared): buffer.writeImmutableBuffer(shared)
            }
        }
        return buffer
    }

    /// 101, with the headers that complete a WebSocket handshake.
    static func switching(_ headers: HTTPHeaders, allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: 256)
        buffer.writeStaticString("HTTP/1.1 101 Switching Protocols\r\n")
        for (name, value) in headers { write(name, value, to: &buffer) }
        buffer.writeStaticString("\r\n")
        return buffer
    }

    private static func write(_ name: String, _ value: String, to buffer: inout ByteBuffer) {
        buffer.writeString(name)
        buffer.writeStaticString(": ")
        // A line break inside a value would begin a header of its own.
        if value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 }) {
            buffer.writeBytes(value.utf8.map { $0 < 0x20 ? 0x20 : $0 })
        } else {
            buffer.writeString(value)
        }
        buffer.writeStaticString("\r\n")
    }

    private static func lines(_ headers: [(name: String, value: String)]) -> [UInt8] {
        Array(headers.map { "\($0.name): \($0.value)\r\n" }.joined().utf8)
    }
}

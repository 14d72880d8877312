internal import NIOCore

/// Counts the bytes of a request's head before they are parsed, so that none that is too long is ever collected.
final class HeadGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTPConnection
    private let limits: WebLimits
    /// Bytes of a head that is not complete.
    private var pending = 0
    private var sawEndOfLine = false

    init(connection: HTTPConnection, limits: WebLimits) {
        self.connection = connection
        self.limits = limits
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if connection.discardsInput { return }
        let heads = connection.headsSeen
        let isContinued = connection.awaitsHead
        context.fireChannelRead(data)
        guard connection.awaitsHead else {
            pending = 0
            return
        }
        if connection.headsSeen != heads || !isContinued {
            // What came held the end of a request and at most part of the next one's head.
            pending = 0
            sawEndOfLine = false
        }
        let buffer = unwrapInboundIn(data)
        if connection.headsSeen != heads { return }
        if pending == 0 { connection.headBegan() }
        pending += buffer.readableBytes
        sawEndOfLine = sawEndOfLine || buffer.readableBytesView.contains(UInt8(ascii: "\n"))
        if !sawEndOfLine && pending > limits.targetBytes + 64 {
            connection.refuse(.targetTooLong(limits.targetBytes))
        } else if pending > limits.headerBytes {
            connection.refuse(.headerTooLarge(limits.headerBytes))
        }
    }
}

extension Refusal {
    static func targetTooLong(_ limit: Int) -> Refusal {
        Refusal(414, "target_too_long", "The path and query are too long.", expected: "at most \(limit) bytes")
    }
    static func headerTooLarge(_ limit: Int) -> Refusal {
        Refusal(431, "header_too_large", "The header is too large.", expected: "at most \(limit) bytes")
    }
    static func bodyTooLarge(_ limit: Int) -> Refusal {
        Refusal(413, "body_too_large", "The body is too large.", expected: "at most \(limit) bytes")
    }
}

internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Sets up the connections that Hummingbird's server accepts.
struct WebChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
    }

    let shell: Shell

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let shell = shell
            let address = channel.remoteAddress?.ipAddress ?? "local"
            let hasRoom = shell.register.add(channel, from: address)
            channel.closeFuture.whenComplete { _ in shell.register.remove(channel, from: address) }
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = shell.limits.headerBytes
            limits.maxHeaderListSize = 2 * shell.limits.headerBytes
            let decoder = ByteToMessageHandler(
                HTTPRequestDecoder(
                    leftOverBytesStrategy: .forwardBytes, informationalResponseStrategy: .drop,
                    limitConfiguration: limits))
            let connection = HTTPConnection(
                shell: shell, line: shell.line(of: channel.eventLoop), address: address, decoder: decoder)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(HeadGuard(connection: connection, limits: shell.limits))
            try pipeline.addHandler(decoder)
            try pipeline.addHandler(connection)
            if !hasRoom {
                shell.figures.refusedConnections.add()
                connection.refuse(.unavailable("Too many connections.", retryAfter: 5))
            }
            return Value(channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        try? await value.channel.closeFuture.get()
    }
}

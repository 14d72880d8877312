internal import NIOCore
internal import NIOWebSocket

/// The event-loop side of one WebSocket: messages in, frames out, pings, limits and the closing handshake.
final class SocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Messages that may wait for the session before reading stops.
    static let messagesAhead = 32

    private let shell: Shell
    private let session: SocketSession
    private let call: Call
    private let outbox: Outbox
    /// The context of NIO's frame encoder; what is written here passes below it.
    private let encoder: ChannelHandlerContext
    private let limits: SocketLimits
    private var context: ChannelHandlerContext?
    private var socket: Socket?

    /// The parts of a message that is not complete.
    private var message: [UInt8]?
    private var waiting: [[UInt8]] = []
    private var isReceiving = false
    private var heldRead = false
    private var isClosing = false
    private var isTouched = false
    private var lastHeard = NIODeadline.now()
    private var second: UInt64 = 0
    private var messagesInSecond = 0
    private var timer: Scheduled<Void>?

    init(shell: Shell, session: SocketSession, call: Call, outbox: Outbox, encoder: ChannelHandlerContext) {
        self.shell = shell
        self.session = session
        self.call = call
        self.outbox = outbox
        self.encoder = encoder
        limits = shell.limits.sockets
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        shell.figures.sockets.add(1)
        let socket = Socket(call: call, outbox: outbox, line: NIOLoopBound(self, eventLoop: context.eventLoop))
        self.socket = socket
        session.opened(socket)
        watch()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        timer?.cancel()
        context = nil
        guard let socket else { return }
        self.socket = nil
        shell.figures.sockets.add(-1)
        socket.leaveAll()
        session.closed(socket)
    }

    func read(context: ChannelHandlerContext) {
        if waiting.count >= Self.messagesAhead { heldRead = true } else { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: close(.goingAway, "the server stops")
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength:
            close(.messageTooLarge, "a message has at most \(limits.messageBytes) bytes")
        case is NIOWebSocketError: close(.protocolError, "a frame that RFC 6455 does not allow")
        default: context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        lastHeard = .now()
        if isClosing {
            if frame.opcode == .connectionClose { context.close(promise: nil) }
            return
        }
        guard frame.maskKey != nil else { return close(.protocolError, "a client masks its frames") }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return close(.protocolError, "no extension was agreed on, and a reserved bit is set")
        }
        guard !isTooFast() else {
            return close(.policyViolation, "more than \(limits.messagesPerSecond) messages within a second")
        }
        switch frame.opcode {
        case .text:
            guard message == nil else { return close(.protocolError, "a message begins within another") }
            collect(frame)
        case .continuation:
            guard message != nil else { return close(.protocolError, "a message goes on that did not begin") }
            collect(frame)
        case .binary: close(.unacceptableData, "messages are text")
        case .ping:
            if write(Frame(.pong, frame.unmaskedData.readableBytesView).buffer) { flush() }
        case .pong: break
        case .connectionClose: closeInAnswer(to: frame.unmaskedData)
        default: close(.protocolError, "an opcode that RFC 6455 does not know")
        }
    }

    private func collect(_ frame: WebSocketFrame) {
        let bytes = frame.unmaskedData.readableBytesView
        let count = (message?.count ?? 0) + bytes.count
        guard count <= limits.messageBytes else {
            return close(.messageTooLarge, "a message has at most \(limits.messageBytes) bytes")
        }
        message = message ?? []
        message?.append(contentsOf: bytes)
        guard frame.fin, let whole = message else { return }
        message = nil
        guard String(validating: whole, as: UTF8.self) != nil else { return close(.invalidText, "text is UTF-8") }
        shell.figures.messagesReceived.add()
        waiting.append(whole)
        receive()
    }

    /// Gives the session one message at a time.
    private func receive() {
        guard !isReceiving, !isClosing, !waiting.isEmpty, let socket, let context else { return }
        isReceiving = true
        let message = waiting.removeFirst()
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let session = session
        Task(executorPreference: shell.line(of: loop).executor) {
            await session.received(socket, message)
            loop.execute { handler.value.received() }
        }
    }

    private func received() {
        isReceiving = false
        if heldRead, waiting.count < Self.messagesAhead {
            heldRead = false
            context?.read()
        }
        receive()
    }

    private func isTooFast() -> Bool {
        let now = lastHeard.uptimeNanoseconds / 1_000_000_000
        if now != second {
            second = now
            messagesInSecond = 0
        }
        messagesInSecond += 1
        return messagesInSecond > limits.messagesPerSecond
    }

    // MARK: Out

    /// Queues `buffer`, or cuts the reader off where too much waits already.
    ///
    /// - Returns: whether this is the first write since the last flush.
    func write(_ buffer: ByteBuffer) -> Bool {
        guard let context, !isClosing else { return false }
        if !context.channel.isWritable, queuedBytes(context) + buffer.readableBytes > limits.queueBytes {
            shell.figures.slowReaders.add()
            close(.policyViolation, "reading too slowly: more than \(limits.queueBytes) bytes wait")
            return false
        }
        shell.figures.framesSent.add()
        encoder.write(NIOAny(buffer), promise: nil)
        defer { isTouched = true }
        return !isTouched
    }

    func flush() {
        isTouched = false
        if context != nil { encoder.flush() }
    }

    private func queuedBytes(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Sends a closing frame and gives the other side a moment to answer it.
    func close(_ code: CloseCode, _ reason: String) {
        guard let context, !isClosing else { return }
        isClosing = true
        socket?.leaveAll()
        encoder.writeAndFlush(NIOAny(Frame.close(code, reason).buffer), promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: TimeAmount(limits.closeTimeout)) { channel.close(promise: nil) }
        if heldRead { context.read() }
    }

    private func closeInAnswer(to data: ByteBuffer) {
        guard let context else { return }
        var data = data
        let code = data.readInteger(as: UInt16.self)
        let answer: CloseCode
        switch code {
        case nil: answer = data.readableBytes == 0 ? .normal : .protocolError
        case .some(1000...1003), .some(1007...1014), .some(3000...4999):
            let isText = String(validating: data.readableBytesView, as: UTF8.self) != nil
            answer = isText ? CloseCode(number: code ?? 1000) : .invalidText
        default: answer = .protocolError
        }
        isClosing = true
        socket?.leaveAll()
        let channel = context.channel
        encoder.writeAndFlush(NIOAny(Frame.close(answer, "").buffer)).whenComplete { _ in channel.close(promise: nil) }
    }

    /// Pings who has been silent, and drops who stays so.
    private func watch() {
        guard let context else { return }
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: TimeAmount(limits.pingInterval)) { handler.value.lookAtSilence() }
    }

    private func lookAtSilence() {
        guard let context else { return }
        let silence = NIODeadline.now() - lastHeard
        let interval = TimeAmount(limits.pingInterval)
        if silence.nanoseconds >= 2 * interval.nanoseconds {
            context.close(promise: nil)
            return
        }
        if silence >= interval, write(Frame(.ping, []).buffer) { flush() }
        watch()
    }
}

internal import NIOCore
internal import NIOHTTP1

/// One connection that speaks HTTP/1.1: collects requests within their limits, has them answered one after another, and
/// hands over to a `SocketHandler` where a WebSocket is asked for.
///
/// It lives on its event loop. Requests sent ahead of replies (pipelining) wait here, a bounded number of them.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum State {
        /// Between requests.
        case idle
        /// The head is here, the body not yet.
        case reading
        /// A handler works on the reply.
        case working
        /// The last reply is written; what still comes in is thrown away until the other side closes.
        case draining
        case upgrading
    }

    static let partsAhead = 64

    let shell: Shell
    let line: Line
    let address: String
    let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    let date = HTTPDate()
    private(set) var context: ChannelHandlerContext?
    var state = State.idle
    /// Where nothing has happened by then, the connection ends.
    var deadline = NIODeadline.distantFuture

    private var head: HTTPRequestHead?
    private var content: ByteBuffer?
    private var waiting: [HTTPServerRequestPart] = []
    private var heldRead = false
    private var failure: Refusal?
    private var closesAfterReply = false
    private var timer: Scheduled<Void>?
    private(set) var headsSeen = 0

    init(shell: Shell, line: Line, address: String, decoder: ByteToMessageHandler<HTTPRequestDecoder>) {
        self.shell = shell
        self.line = line
        self.address = address
        self.decoder = decoder
    }

    var awaitsHead: Bool { state == .idle }
    var discardsInput: Bool { state == .draining }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        arm(shell.limits.headerTimeout)
        tick()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        state = .draining
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if state == .working || state == .upgrading || !waiting.isEmpty {
            waiting.append(part)
        } else {
            take(part)
        }
    }

    func read(context: ChannelHandlerContext) {
        if waiting.count > Self.partsAhead { heldRead = true } else { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let refusal: Refusal
        switch error {
        case HTTPParserError.headerOverflow: refusal = .headerTooLarge(shell.limits.headerBytes)
        case is HTTPParserError:
            refusal = .invalid("The request is not HTTP/1.1.", expected: "a request as RFC 9112 has it")
        default:
            context.close(promise: nil)
            return
        }
        if state == .working { failure = refusal } else { refuse(refusal) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            if state == .idle { context.close(promise: nil) } else { closesAfterReply = true }
        case ChannelEvent.inputClosed:
            switch state {
            case .working, .upgrading: closesAfterReply = true
            case .idle, .reading, .draining: context.close(promise: nil)
            }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// The first bytes of a request's head are here.
    func headBegan() { arm(shell.limits.headerTimeout) }

    private func take(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head): begin(head)
        case .body(let bytes): collect(bytes)
        case .end: complete()
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        guard state == .idle else { return }
        headsSeen += 1
        self.head = head
        content = nil
        state = .reading
        arm(shell.limits.bodyTimeout)
        let limits = shell.limits
        if head.uri.utf8.count > limits.targetBytes { return refuse(.targetTooLong(limits.targetBytes)) }
        let size = head.headers.reduce(head.uri.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        if size > limits.headerBytes { return refuse(.headerTooLarge(limits.headerBytes)) }
        if head.version == .http1_1, head.headers["host"].count != 1 {
            return refuse(
                .invalid("The request names no host, or several.", field: "host", expected: "one Host header"))
        }
        if let text = head.headers.first(name: "content-length"), let length = Int(text), length > limits.bodyBytes {
            return refuse(.bodyTooLarge(limits.bodyBytes))
        }
        if head.headers.first(name: "expect")?.lowercased() == "100-continue", let context {
            var buffer = context.channel.allocator.buffer(capacity: 32)
            buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
    }

    private func collect(_ bytes: ByteBuffer) {
        guard state == .reading else { return }
        let count = (content?.readableBytes ?? 0) + bytes.readableBytes
        if count > shell.limits.bodyBytes { return refuse(.bodyTooLarge(shell.limits.bodyBytes)) }
        if content == nil {
            content = bytes
        } else {
            content?.writeImmutableBuffer(bytes)
        }
    }

    private func complete() {
        guard state == .reading, let head else { return }
        deadline = .distantFuture
        let call = Call(head: head, content: content, address: address, isSecure: shell.isSecure)
        content = nil
        if let refusal = overLimit() { return answer(shell.dispatcher.reply(refusal, at: call.path)) }
        if head.headers.contains(name: "upgrade") {
            // The decoder reads nothing behind a request that may change the protocol: refused, it is the last one.
            closesAfterReply = true
            if upgrade(head, call) { return }
        }
        switch shell.dispatcher.find(call) {
        case .reply(let reply): answer(reply)
        case .refusal(let refusal): answer(shell.dispatcher.reply(refusal, at: call.path))
        case .endpoint(let endpoint, let call): run(endpoint, call)
        }
    }

    private func overLimit() -> Refusal? {
        guard let addresses = shell.addresses,
            let wait = addresses.take(from: address, at: NIODeadline.now().uptimeNanoseconds)
        else { return nil }
        let seconds = Int(wait / 1_000_000_000) + 1
        return .tooManyRequests("Too many requests from \(address).", retryAfter: seconds)
    }

    private func run(_ endpoint: Dispatcher.Endpoint, _ call: Call) {
        guard let context else { return }
        state = .working
        let loop = context.eventLoop
        let connection = NIOLoopBound(self, eventLoop: loop)
        let shell = shell
        let start = NIODeadline.now()
        let work: @Sendable () async -> Void = {
            let reply = await shell.answer(endpoint, call)
            endpoint.duration.record(nanoseconds: UInt64((NIODeadline.now() - start).nanoseconds))
            if loop.inEventLoop {
                connection.value.answer(reply)
            } else {
                loop.execute { connection.value.answer(reply) }
            }
        }
        switch endpoint.pace {
        case .brief: Task(executorPreference: line.executor, operation: { await work() })
        case .long: Task { await work() }
        }
    }

    /// Ends the connection with a refusal, whatever the client is in the middle of.
    func refuse(_ refusal: Refusal) {
        guard state != .draining else { return }
        closesAfterReply = true
        let path = head.map { String($0.uri.prefix { $0 != "?" }) } ?? "/"
        answer(shell.dispatcher.reply(refusal, at: path))
    }

    /// Sends the reply to the present request and goes on to the next one.
    func answer(_ reply: Reply) {
        guard let context, state != .draining else { return }
        shell.figures.count(status: reply.status)
        let closes = closesAfterReply || reply.closesConnection || head?.isKeepAlive == false
        let buffer = ReplyBytes.bytes(
            reply, date: date.now(), withoutBody: head?.method == .HEAD,
            persistence: closes ? "close" : head?.version == .http1_0 ? "keep-alive" : nil, isSecure: shell.isSecure,
            allocator: context.channel.allocator)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: closes ? drain(context) : nil)
        head = nil
        if closes { return }
        state = .idle
        arm(shell.limits.idleTimeout)
        resume()
    }

    /// Takes what was sent ahead.
    private func resume() {
        var taken = 0
        while taken < waiting.count, state == .idle || state == .reading {
            take(waiting[taken])
            taken += 1
        }
        waiting.removeFirst(taken)
        if state == .idle, let failure { return refuse(failure) }
        if heldRead, waiting.count <= Self.partsAhead {
            heldRead = false
            context?.read()
        }
    }

    /// After the last reply: the sending half closes, and what still comes is read and thrown away for a moment, so that
    /// the reply is not lost in the reset that closing over unread bytes would cause.
    private func drain(_ context: ChannelHandlerContext) -> EventLoopPromise<Void> {
        state = .draining
        waiting = []
        arm(.seconds(1))
        let promise = context.eventLoop.makePromise(of: Void.self)
        let channel = context.channel
        promise.futureResult.whenComplete { _ in
            channel.close(mode: .output).whenFailure { _ in channel.close(promise: nil) }
        }
        if heldRead { context.read() }
        return promise
    }

    func arm(_ timeout: Duration) { deadline = .now() + TimeAmount(timeout) }

    /// Looks at the deadline now and then: cheaper than a timer for every request.
    private func tick() {
        guard let context else { return }
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let pause = min(shell.limits.headerTimeout, shell.limits.idleTimeout, shell.limits.bodyTimeout, .seconds(2)) / 2
        timer = context.eventLoop.scheduleTask(in: TimeAmount(pause)) {
            connection.value.lookAtDeadline()
            connection.value.tick()
        }
    }

    private func lookAtDeadline() {
        guard deadline < .now(), let context else { return }
        switch state {
        case .idle where headsSeen > 0 || shell.isSecure, .draining: context.close(promise: nil)
        case .idle, .reading:
            refuse(Refusal(408, "request_timeout", "The request did not come in time.", expected: "a whole request"))
        case .working, .upgrading: break
        }
    }
}

import BreakwaterWeb
import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// One reader of many: takes the frames of a stream off the wire and checks that their numbers follow one another.
private final class StreamReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    struct Tally {
        var frames = 0
        var gaps = 0
        var open = 0
    }

    private let tally: SharedTally
    private var buffer = ByteBuffer()
    private var isUpgraded = false
    private var last: Int?

    init(_ tally: SharedTally) { self.tally = tally }

    func channelActive(context: ChannelHandlerContext) {
        let request =
            "GET /stream HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        buffer.writeImmutableBuffer(unwrapInboundIn(data))
        if !isUpgraded {
            guard let end = buffer.readableBytesView.firstRange(of: "\r\n\r\n".utf8) else { return }
            buffer.moveReaderIndex(to: end.upperBound)
            isUpgraded = true
            tally.state.withLock { $0.open += 1 }
        }
        var frames = 0
        var gaps = 0
        while let text = nextFrame() {
            frames += 1
            let number = Int(text.prefix { $0 != " " })
            if let last, number != last + 1 { gaps += 1 }
            last = number
        }
        buffer.discardReadBytes()
        if frames > 0 {
            tally.state.withLock {
                $0.frames += frames
                $0.gaps += gaps
            }
        }
    }

    private func nextFrame() -> String? {
        guard let second: UInt8 = buffer.getInteger(at: buffer.readerIndex + 1) else { return nil }
        var start = 2
        var count = Int(second)
        if count == 126 {
            guard let length: UInt16 = buffer.getInteger(at: buffer.readerIndex + 2) else { return nil }
            count = Int(length)
            start = 4
        }
        guard buffer.readableBytes >= start + count else { return nil }
        buffer.moveReaderIndex(forwardBy: start)
        return buffer.readString(length: count)
    }
}

private final class SharedTally: Sendable {
    let state = Mutex(StreamReader.Tally())
}

@Suite("Web: fan-out")
struct WebFanOutTests {
    @Test("WEB-030: 1,000 readers of one stream get every one of 50 updates a second")
    func thousandReaders() async throws {
        let topic = Topic("stream", keeping: 0)
        let route = SocketRoute("/stream") { _ in
            SocketSession(opened: { _ = topic.subscribe($0) }, received: { _, _ in })
        }
        let tally = SharedTally()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let updates = 250
        try await WebSite.serving(Site(sockets: [route]), WebSite.options { $0.threads = 1 }) { server in
            let bootstrap = ClientBootstrap(group: group).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamReader(tally))
                }
            }
            for _ in 0..<1000 { _ = try await bootstrap.connect(host: "127.0.0.1", port: server.port).get() }
            while topic.subscriberCount < 1000 { try await Task.sleep(for: .milliseconds(5)) }
            let before = cpuTime()
            let clock = ContinuousClock()
            let start = clock.now
            let filler = String(repeating: "x", count: 200)
            for update in 1...updates {
                topic.publish { Array("\($0) \(filler)".utf8) }
                try await Task.sleep(until: start + .milliseconds(20 * update), clock: clock)
            }
            let deadline = clock.now + .seconds(10)
            while tally.state.withLock({ $0.frames }) < 1000 * updates, clock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
            let elapsed = clock.now - start
            let used = cpuTime() - before
            let result = tally.state.withLock(\.self)
            #expect(result.frames == 1000 * updates)
            #expect(result.gaps == 0)
            #expect(topic.subscriberCount == 1000)
            let percent = Int(used * 100 / elapsed.inNanoseconds)
            print("fan-out: \(result.frames) frames in \(elapsed), \(percent) % of one core, readers included")
        }
        try await group.shutdownGracefully()
    }

    /// The CPU time this process has used, in nanoseconds.
    private func cpuTime() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

extension Duration {
    var inNanoseconds: Int { Int(components.seconds) * 1_000_000_000 + Int(components.attoseconds / 1_000_000_000) }
}

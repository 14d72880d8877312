internal import NIOCore
internal import Synchronization

/// What is to be sent on the sockets of one event loop, in the order it was handed in.
///
/// Threads that publish leave their frames here and go on; the loop takes all of them at once and flushes each socket
/// once, so a burst of updates costs a reader one system call.
final class Outbox: Sendable {
    enum Item: Sendable {
        case message(ByteBuffer, Socket)
        case broadcast(ByteBuffer, [Socket])
        case close(Socket, CloseCode, String)
    }

    private struct State {
        var items: [Item] = []
        var isScheduled = false
    }

    let loop: any EventLoop
    private let state = Mutex(State())

    init(loop: any EventLoop) { self.loop = loop }

    func add(_ item: Item) {
        let mustSchedule = state.withLock { state in
            state.items.append(item)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { loop.execute { self.drain() } }
    }

    private func drain() {
        let items = state.withLock { state in
            defer { state.items = [] }
            state.isScheduled = false
            return state.items
        }
        var touched: [SocketHandler] = []
        func write(_ buffer: ByteBuffer, to socket: Socket) {
            let line = socket.line.value
            if line.write(buffer) { touched.append(line) }
        }
        for item in items {
            switch item {
            case .message(let buffer, let socket): write(buffer, to: socket)
            case .broadcast(let buffer, let sockets): for socket in sockets { write(buffer, to: socket) }
            case .close(let socket, let code, let reason): socket.line.value.close(code, reason)
            }
        }
        for line in touched { line.flush() }
    }
}

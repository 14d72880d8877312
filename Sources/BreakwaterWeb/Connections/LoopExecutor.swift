internal import NIOCore

/// Runs tasks on one event loop, so that a handler that only awaits never leaves the thread of its connection.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// What belongs to one event loop of the server.
struct Line: Sendable {
    let executor: LoopExecutor
    let outbox: Outbox

    init(loop: any EventLoop) {
        executor = LoopExecutor(loop: loop)
        outbox = Outbox(loop: loop)
    }
}

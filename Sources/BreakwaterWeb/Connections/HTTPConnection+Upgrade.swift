internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

extension HTTPConnection {
    /// Opens a WebSocket where `head` asks for one.
    ///
    /// - Returns: whether it does; the reply is under way then.
    func upgrade(_ head: HTTPRequestHead, _ call: Call) -> Bool {
        guard head.method == .GET,
            head.headers[canonicalForm: "upgrade"].contains(where: { $0.lowercased() == "websocket" }),
            head.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" }),
            let context
        else { return false }
        state = .upgrading
        let route: SocketRoute
        let found: Call
        do throws(Refusal) {
            (route, found) = try shell.dispatcher.findSocket(call)
        } catch {
            answer(shell.dispatcher.reply(error, at: call.path))
            return true
        }
        let loop = context.eventLoop
        let connection = NIOLoopBound(self, eventLoop: loop)
        let shell = shell
        Task(executorPreference: line.executor) {
            let outcome: Result<SocketSession, Refusal>
            do {
                outcome = .success(try await route.open(found))
            } catch let refusal as Refusal {
                outcome = .failure(refusal)
            } catch {
                shell.logger.error("a socket could not open", metadata: ["path": "\(found.path)", "error": "\(error)"])
                outcome = .failure(.failed)
            }
            loop.execute { connection.value.opened(outcome, head, found) }
        }
        return true
    }

    private func opened(_ outcome: Result<SocketSession, Refusal>, _ head: HTTPRequestHead, _ call: Call) {
        guard let context, state == .upgrading else { return }
        switch outcome {
        case .failure(let refusal): answer(shell.dispatcher.reply(refusal, at: call.path))
        case .success(let session):
            let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
            let upgrader = upgrader(session, call)
            upgrader.buildUpgradeResponse(channel: context.channel, upgradeRequest: head, initialResponseHeaders: [:])
                .hop(to: context.eventLoop)
                .whenComplete { result in
                    switch result {
                    case .success(let headers): connection.value.handOver(upgrader, head, headers)
                    case .failure: connection.value.answer(connection.value.badHandshake(head, at: call.path))
                    }
                }
        }
    }

    private func upgrader(_ session: SocketSession, _ call: Call) -> NIOTypedWebSocketServerUpgrader<Void> {
        let shell = shell
        let outbox = line.outbox
        return NIOTypedWebSocketServerUpgrader(
            maxFrameSize: shell.limits.sockets.messageBytes, enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // Frames are encoded before they come here, once for all who read them: they go in below the encoder.
                    let encoder = try pipeline.context(handlerType: WebSocketFrameEncoder.self)
                    let handler = SocketHandler(
                        shell: shell, session: session, call: call, outbox: outbox, encoder: encoder)
                    try pipeline.addHandler(handler)
                }
            })
    }

    /// Sends 101 and replaces this handler and the HTTP decoder by those of the WebSocket.
    private func handOver(
        _ upgrader: NIOTypedWebSocketServerUpgrader<Void>, _ head: HTTPRequestHead, _ headers: HTTPHeaders
    ) {
        guard let context, state == .upgrading else { return }
        shell.figures.count(status: 101)
        let pipeline = context.pipeline.syncOperations
        let channel = context.channel
        let decoder = NIOLoopBound(decoder, eventLoop: context.eventLoop)
        let reply = ReplyBytes.switching(headers, allocator: channel.allocator)
        context.writeAndFlush(wrapOutboundOut(reply), promise: nil)
        pipeline.removeHandler(self).flatMap {
            upgrader.upgrade(channel: channel, upgradeRequest: head)
        }.flatMap {
            // What came behind the handshake is handed on by the decoder as it leaves.
            channel.pipeline.syncOperations.removeHandler(decoder.value)
        }.whenFailure { _ in channel.close(promise: nil) }
    }

    private func badHandshake(_ head: HTTPRequestHead, at path: String) -> Reply {
        let version = head.headers.first(name: "sec-websocket-version")
        if version == "13" {
            return shell.dispatcher.reply(
                .invalid("The WebSocket handshake has no key.", field: "sec-websocket-key"), at: path)
        }
        let refusal = Refusal(
            426, "upgrade_required", "This server speaks version 13 of WebSocket.", field: "sec-websocket-version",
            expected: "13")
        return shell.dispatcher.reply(refusal, at: path).header("sec-websocket-version", "13")
    }
}

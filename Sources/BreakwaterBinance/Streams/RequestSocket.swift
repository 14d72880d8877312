internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterWeb

/// The socket on which requests are made: each by itself, signed by itself.
struct RequestSocket: Sendable {
    let door: Door
    /// Operations by the names that they have here.
    let operations: [String: Operation]
    let limits: BinanceLimits

    /// What a socket's requests are called, and which call over HTTP they are the same as.
    static let names: [(name: String, method: Method, path: String)] = [
        ("ping", .get, "/fapi/v1/ping"), ("time", .get, "/fapi/v1/time"), ("depth", .get, "/fapi/v1/depth"),
        ("exchangeInfo", .get, "/fapi/v1/exchangeInfo"),
        ("ticker.price", .get, "/fapi/v1/ticker/price"), ("ticker.book", .get, "/fapi/v1/ticker/bookTicker"),
        ("order.place", .post, "/fapi/v1/order"), ("order.modify", .put, "/fapi/v1/order"),
        ("order.cancel", .delete, "/fapi/v1/order"), ("order.status", .get, "/fapi/v1/order"),
        ("openOrders.status", .get, "/fapi/v1/openOrders"), ("openOrders.cancelAll", .delete, "/fapi/v1/allOpenOrders"),
        ("allOrders", .get, "/fapi/v1/allOrders"), ("myTrades", .get, "/fapi/v1/userTrades"),
        ("algoOrder.place", .post, "/fapi/v1/algoOrder"), ("algoOrder.cancel", .delete, "/fapi/v1/algoOrder"),
        ("account.balance", .get, "/fapi/v2/balance"), ("v2/account.balance", .get, "/fapi/v3/balance"),
        ("account.position", .get, "/fapi/v2/positionRisk"), ("v2/account.position", .get, "/fapi/v3/positionRisk"),
        ("account.status", .get, "/fapi/v2/account"), ("v2/account.status", .get, "/fapi/v3/account"),
        ("userDataStream.start", .post, "/fapi/v1/listenKey"), ("userDataStream.ping", .put, "/fapi/v1/listenKey"),
        ("userDataStream.stop", .delete, "/fapi/v1/listenKey"),
    ]

    init(_ door: Door, _ operations: [Operation], _ limits: BinanceLimits) {
        self.door = door
        self.limits = limits
        self.operations = Dictionary(
            uniqueKeysWithValues: Self.names.map { entry in
                guard let operation = operations.first(where: { $0.method == entry.method && $0.path == entry.path })
                else { preconditionFailure("\(entry.name) names no operation: \(entry.method) \(entry.path)") }
                return (entry.name, operation)
            })
    }

    var route: SocketRoute {
        SocketRoute("/ws-fapi/v1") { call in
            SocketSession(received: { socket, text in
                socket.send(await answer(text, address: call.address).bytes)
            })
        }
    }

    private func answer(_ text: [UInt8], address: String) async -> JSONText {
        guard let message = LooseJSON.read(text), case .text(let method)? = message["method"] else {
            return Self.answer(nil, status: 400) { $0.put("error", json: Fault(-1000, "Invalid request.").json) }
        }
        let id = message["id"]
        do {
            guard let operation = operations[method] else {
                throw Fault(-1000, "Unknown method '\(method.prefix(64))'.")
            }
            let parameters = message["params"]?.parameters ?? []
            let request = try door.admit(
                operation, Inputs(parameters), signed: parameters.filter { $0.name != "signature" }, address: address)
            let result = try await operation.handler(request)
            return Self.answer(id, status: 200) { $0.put("result", json: result) }
        } catch {
            let fault = Fault(error)
            return Self.answer(id, status: fault.status) { $0.put("error", json: fault.json) }
        }
    }

    private static func answer(_ id: LooseJSON?, status: Int, _ body: (inout JSONText) -> Void) -> JSONText {
        JSONText(capacity: 1_024) { json in
            json.putID(id)
            json.put("status", status)
            body(&json)
        }
    }
}

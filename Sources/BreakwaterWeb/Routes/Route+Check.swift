internal import BreakwaterTapes

extension Route {
    /// Checks the path's parameters, the query, the headers and the body of `call`, and puts the checked values into it.
    func check(_ call: inout Call) throws(Refusal) {
        try checkAccept(call)
        for parameter in parameters {
            let place = Place(part: parameter.place.rawValue, path: parameter.name)
            switch parameter.place {
            case .path:
                guard case .string(let text)? = call.parameters[parameter.name] else { continue }
                call.parameters[parameter.name] = try parameter.schema.read(text, at: place)
            case .header:
                if let text = call.headers[parameter.name] {
                    call.parameters[parameter.name] = try parameter.schema.read(text, at: place)
                } else if let fallback = parameter.schema.fallback {
                    call.parameters[parameter.name] = fallback
                } else if parameter.isRequired {
                    throw parameter.schema.missing(at: place)
                }
            case .query: continue
            }
        }
        try checkQuery(&call)
        try checkBody(&call)
    }

    private func checkQuery(_ call: inout Call) throws(Refusal) {
        var given: Set<String> = []
        for pair in call.query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsBlank: true),
                let text = PercentEncoding.decode(parts.count > 1 ? parts[1] : "", plusIsBlank: true)
            else {
                throw .invalid(
                    "The query is not percent-encoded UTF-8.",
                    expected: "% and two hexadecimal digits for each byte that is escaped")
            }
            let place = Place(part: "query", path: name)
            guard let parameter = parameters.first(where: { $0.place == .query && $0.name == name }) else {
                let known = parameters.filter { $0.place == .query }.map { "'\($0.name)'" }
                throw .invalid(
                    "\(place.words) is not known here.", field: name,
                    expected: known.isEmpty ? "no query" : "only " + known.joined(separator: ", "))
            }
            guard given.insert(name).inserted else {
                throw .invalid("\(place.words) is given twice.", field: name, expected: "one value")
            }
            call.parameters[name] = try parameter.schema.read(text, at: place)
        }
        for parameter in parameters where parameter.place == .query && !given.contains(parameter.name) {
            if let fallback = parameter.schema.fallback {
                call.parameters[parameter.name] = fallback
            } else if parameter.isRequired {
                throw parameter.schema.missing(at: Place(part: "query", path: parameter.name))
            }
        }
    }

    private func checkBody(_ call: inout Call) throws(Refusal) {
        guard let schema = body else { return }
        let type = call.headers["content-type"]?.split(separator: ";").first?.lowercased() ?? ""
        guard type.split(separator: " ").first == "application/json" else {
            throw Refusal(
                415, "unsupported_media_type",
                type.isEmpty ? "The body has no Content-Type." : "The body is \(type.prefix(64)).",
                field: "content-type", expected: "application/json")
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(call.bytes)
        } catch {
            throw Refusal(
                400, "invalid_json", "The body is not valid JSON: at byte \(error.position), \(error.message).",
                expected: "one JSON object in UTF-8")
        }
        call.body = try schema.checked(value, at: Place(part: "body"))
    }

    private func checkAccept(_ call: Call) throws(Refusal) {
        guard let accept = call.headers["accept"], !accept.isEmpty, accept != "*/*" else { return }
        let offered = responses.first { $0.status < 300 }?.mediaType ?? "application/json"
        let family = offered.prefix { $0 != "/" } + "/*"
        for range in accept.split(separator: ",") {
            let type = range.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
            if type == "*/*" || type == family || type == offered.prefix(while: { $0 != ";" }) { return }
        }
        throw Refusal(
            406, "not_acceptable", "The reply is \(offered), which this request does not accept.", field: "accept",
            expected: offered)
    }

    /// Stops at declarations that contradict themselves.
    func requireConsistency() {
        let segments = path.split(separator: "/").filter { $0.hasPrefix("{") }
        let inPath = Set(segments.map { String($0.dropFirst().dropLast()) })
        let declared = Set(parameters.filter { $0.place == .path }.map(\.name))
        precondition(inPath == declared, "\(path) has the parameters \(inPath) and declares \(declared)")
        var names = parameters.map(\.name)
        if case .object(let fields)? = body?.shape { names += fields.map(\.name) }
        precondition(Set(names).count == names.count, "\(method) \(path) has two inputs of one name among \(names)")
        precondition(body == nil || method != .get, "GET \(path) declares a body")
        precondition(!responses.isEmpty, "\(method) \(path) declares no response")
    }
}

public import BreakwaterTapes

/// The OpenAPI 3.1 document of a list of routes.
public struct OpenAPI: Sendable {
    /// A way to prove who one is, as the document names it.
    public struct SecurityScheme: Sendable {
        let name: String
        let description: JSONValue

        /// - Parameter description: the scheme as OpenAPI has it: `["type": "apiKey", "in": "header", "name": …]`.
        public init(_ name: String, _ description: JSONValue) {
            self.name = name
            self.description = description
        }
    }

    public var title: String
    public var version: String
    public var summary: String
    public var securitySchemes: [SecurityScheme]
    /// Headings with a sentence each, in the order the documentation shows them.
    public var tags: [(name: String, summary: String)]

    public init(
        title: String, version: String, summary: String, securitySchemes: [SecurityScheme] = [],
        tags: [(name: String, summary: String)] = []
    ) {
        self.title = title
        self.version = version
        self.summary = summary
        self.securitySchemes = securitySchemes
        self.tags = tags
    }

    /// The document of `routes`, in their order.
    public func document(_ routes: [Route]) -> JSONValue {
        var paths: [(key: String, value: JSONValue)] = []
        var components: [String: JSONValue] = [:]
        Schema.refusal.collect(into: &components)
        for route in routes {
            collect(route, into: &components)
            let operation = (route.method.rawValue.lowercased(), operation(route))
            if let index = paths.firstIndex(where: { $0.key == route.path }),
                case .object(let others) = paths[index].value
            {
                paths[index].value = .object(others + [operation])
            } else {
                paths.append((route.path, .object([operation])))
            }
        }
        let schemas = components.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
        return .object([
            ("openapi", "3.1.0"),
            (
                "info",
                [
                    "title": .string(title), "version": .string(version), "description": .string(summary),
                    "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
                ]
            ),
            ("servers", [["url": "/"]]),
            ("tags", .array(tags.map { ["name": .string($0.name), "description": .string($0.summary)] })),
            ("paths", .object(paths)),
            (
                "components",
                [
                    "schemas": .object(schemas),
                    "securitySchemes": .object(securitySchemes.map { ($0.name, $0.description) }),
                ]
            ),
        ])
    }

    private func collect(_ route: Route, into components: inout [String: JSONValue]) {
        for parameter in route.parameters { parameter.schema.collect(into: &components) }
        route.body?.collect(into: &components)
        for response in route.responses { response.schema?.collect(into: &components) }
    }

    private func operation(_ route: Route) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("operationId", .string(route.operation)), ("summary", .string(route.summary)),
        ]
        if !route.details.isEmpty { members.append(("description", .string(route.details))) }
        members.append(("tags", .array([.string(route.tag)])))
        if !route.parameters.isEmpty { members.append(("parameters", .array(route.parameters.map(parameter)))) }
        if let body = route.body {
            let content: JSONValue = ["application/json": ["schema": body.description()]]
            members.append(("requestBody", ["required": .bool(true), "content": content]))
        }
        members.append(("responses", responses(of: route)))
        if let roles = route.access.roles {
            let alternatives = securitySchemes.map { scheme -> JSONValue in
                .object([(scheme.name, .array(roles.map(JSONValue.string)))])
            }
            members.append(("security", .array(alternatives)))
        }
        members.append(("x-weight", .integer(route.weight)))
        return .object(members)
    }

    private func parameter(_ parameter: Parameter) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("name", .string(parameter.name)), ("in", .string(parameter.place.rawValue)),
            ("required", .bool(parameter.isRequired)),
        ]
        if let summary = parameter.schema.summary { members.append(("description", .string(summary))) }
        if case .list = parameter.schema.shape {
            members += [("style", parameter.place == .query ? "form" : "simple"), ("explode", .bool(false))]
        }
        members.append(("schema", parameter.schema.description()))
        return .object(members)
    }

    /// The route's own answers, and the refusals that any call can meet before its handler runs.
    private func responses(of route: Route) -> JSONValue {
        var responses = route.responses
        var common = [
            Response.refusal(400, "An input is not what the schema says."),
            .refusal(406, "The caller accepts no JSON."),
            .refusal(414, "The path and query are too long."), .refusal(429, "Too many calls; see Retry-After."),
            .refusal(431, "The header is too large."), .refusal(503, "Not ready, or busy; see Retry-After."),
        ]
        if route.access.roles != nil {
            common += [
                .refusal(401, "No valid credentials."), .refusal(403, "The caller may not do this."),
            ]
        }
        if route.body != nil {
            common += [.refusal(413, "The body is too large."), .refusal(415, "The body is not JSON.")]
        }
        responses += common.filter { refusal in !responses.contains { $0.status == refusal.status } }
        let members = responses.sorted { $0.status < $1.status }.map { response -> (key: String, value: JSONValue) in
            var members: [(key: String, value: JSONValue)] = [("description", .string(response.summary))]
            if let schema = response.schema {
                let content: JSONValue = ["schema": schema.description()]
                members.append(("content", .object([(response.mediaType, content)])))
            } else if response.mediaType != "application/json" {
                members.append(("content", .object([(response.mediaType, .object([]))])))
            }
            return ("\(response.status)", .object(members))
        }
        return .object(members)
    }
}

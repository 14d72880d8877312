public import BreakwaterTapes
internal import NIOCore
internal import NIOHTTP1

/// One request as it came in, and what the shell has already found out about it.
public struct Call: Sendable {
    /// The method as sent, upper case.
    public let method: String
    /// The path as sent, without the query.
    public let path: String
    /// The query as sent, without the question mark; empty where there is none.
    public let query: String
    public let headers: Headers
    /// The address the connection comes from, without its port.
    public let address: String
    /// Whether the connection is encrypted.
    public let isSecure: Bool
    let content: ByteBuffer?

    /// Who calls, as the gate found; `nil` for operations open to everyone.
    public internal(set) var caller: (any Sendable)?
    /// Path, query and header inputs that were checked, by name, defaults filled in.
    public internal(set) var parameters: [String: JSONValue] = [:]
    /// The checked body; null where the operation has none.
    public internal(set) var body: JSONValue = .null

    init(head: HTTPRequestHead, content: ByteBuffer?, address: String, isSecure: Bool) {
        method = head.method.rawValue
        let target = head.uri.utf8
        if let mark = target.firstIndex(of: UInt8(ascii: "?")) {
            path = String(head.uri[..<mark])
            query = String(head.uri[target.index(after: mark)...])
        } else {
            path = head.uri
            query = ""
        }
        headers = Headers(fields: head.headers)
        self.content = content
        self.address = address
        self.isSecure = isSecure
    }

    /// The body exactly as sent, for signatures that are computed over it.
    public var bytes: [UInt8] { content.map { Array($0.readableBytesView) } ?? [] }

    /// The value of an input, from the path, the query, a header or the top level of the body.
    public subscript(name: String) -> JSONValue? {
        let value = parameters[name] ?? body[key: name]
        return value == .null ? nil : value
    }

    /// A required input that its schema makes a text, a choice or a decimal.
    public func text(_ name: String) -> String {
        guard let text = textIfGiven(name) else {
            preconditionFailure("\(method) \(path) declares no required text named \(name)")
        }
        return text
    }

    public func textIfGiven(_ name: String) -> String? {
        guard case .string(let text)? = self[name] else { return nil }
        return text
    }

    /// A required input, or one with a default, that its schema makes an integer.
    public func integer(_ name: String) -> Int {
        guard let number = integerIfGiven(name) else {
            preconditionFailure("\(method) \(path) declares no required integer named \(name)")
        }
        return number
    }

    public func integerIfGiven(_ name: String) -> Int? {
        guard case .integer(let number)? = self[name] else { return nil }
        return number
    }

    /// An input that its schema makes true or false; absent is false.
    public func flag(_ name: String) -> Bool { self[name] == .bool(true) }

    /// The same call with an object in its body standing for all of it, so that what reads one reads the other; `nil` where
    /// there is none of that name.
    public func within(_ name: String) -> Call? {
        guard let inner = self[name] else { return nil }
        var call = self
        call.body = inner
        return call
    }

    /// The items of an input that its schema makes a list; absent is empty.
    public func list(_ name: String) -> [JSONValue] {
        guard case .array(let items)? = self[name] else { return [] }
        return items
    }
}

/// The headers of a request, looked up without regard to case.
public struct Headers: Sendable {
    let fields: HTTPHeaders

    /// The first field of that name.
    public subscript(name: String) -> String? { fields.first(name: name) }
    /// Every field of that name, as sent.
    public func all(_ name: String) -> [String] { fields[name] }
}

extension JSONValue {
    subscript(key name: String) -> JSONValue? { self[name] }
}

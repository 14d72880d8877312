public struct HTMLReport {
    public init(_ json: JSONValue, title: String) {}
    public var text: String { "" }
}

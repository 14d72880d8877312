import BreakwaterCore
public struct HTMLReport {
    public init(_ report: Report, title: String) {}
    public var text: String { "" }
}

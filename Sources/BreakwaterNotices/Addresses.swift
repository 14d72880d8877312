/// An address that mail can be sent to without quoting: of plain characters, so that nothing else can come along in it.
public struct MailAddress: Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public static let expectation = "an address such as ann@example.com, of at most 254 characters"

    public init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].utf8.count),
            parts[0].utf8.allSatisfy({ $0.isLetterOrDigit || "!#$%&'*+-/=?^_`{|}~.".utf8.contains($0) }),
            !parts[0].hasPrefix("."), !parts[0].hasSuffix("."), !parts[0].contains(".."), Host.isName(parts[1])
        else { return nil }
        description = text
    }

    /// What stands behind the `@`.
    var domain: Substring { description[description.index(after: description.firstIndex(of: "@")!)...] }
}

/// Where a webhook is: plain `http` or `https`, without a user, a password or a fragment.
public struct WebhookURL: Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public static let expectation = "a URL such as https://example.com/hook, of at most 500 characters"

    public init?(_ text: String) {
        let schemes = ["https://", "http://"]
        guard text.utf8.count <= 500, let scheme = schemes.first(where: text.hasPrefix),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"\"#<>\\^`{|}".utf8.contains($0) })
        else { return nil }
        let rest = text.dropFirst(scheme.count)
        guard Host.isHostAndPort(rest.prefix { $0 != "/" && $0 != "?" }) else { return nil }
        description = text
    }
}

/// Names of machines.
enum Host {
    /// Labels of letters, digits and hyphens.
    static func isName(_ text: Substring) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.utf8.allSatisfy { $0.isLetterOrDigit || $0 == 0x2d }
                    && !label.hasPrefix("-") && !label.hasSuffix("-")
            }
    }

    /// A name, an IPv4 address, or an IPv6 address in brackets; with a port, or without.
    static func isHostAndPort(_ text: Substring) -> Bool {
        guard text.hasPrefix("[") else {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count <= 2 && isName(parts[0]) && (parts.count == 1 || isPort(parts[1]))
        }
        guard let end = text.firstIndex(of: "]") else { return false }
        let address = text[..<end].dropFirst()
        let rest = text[text.index(after: end)...]
        return !address.isEmpty && address.utf8.allSatisfy { $0.isHexadecimal || ":.".utf8.contains($0) }
            && (rest.isEmpty || rest.hasPrefix(":") && isPort(rest.dropFirst()))
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.count <= 5 && text.utf8.allSatisfy(\.isDigit) && Int(text).map { (1...65_535).contains($0) } ?? false
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
    fileprivate var isLetterOrDigit: Bool { isDigit || (0x61...0x7a).contains(self | 0x20) }
    fileprivate var isHexadecimal: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }
}

/// Which addresses of machines are anybody's on the internet, and not of this machine or the networks around it.
enum PublicAddress {
    /// - Parameter bytes: four of an IPv4 address, sixteen of an IPv6 address.
    static func contains(_ bytes: [UInt8]) -> Bool {
        switch bytes.count {
        case 4: !reserved4.contains { begins(bytes, with: $0.prefix, bits: $0.bits) }
        case 16:
            begins(bytes, with: [0x20], bits: 3)
                && !reserved6.contains { begins(bytes, with: $0.prefix, bits: $0.bits) }
        default: false
        }
    }

    private static func begins(_ bytes: [UInt8], with prefix: [UInt8], bits: Int) -> Bool {
        (0..<bits).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            let wanted = bit / 8 < prefix.count ? prefix[bit / 8] : 0
            return bytes[bit / 8] & mask == wanted & mask
        }
    }

    /// This network, private and shared ones, this machine, link-local, documentation, tests, multicast and later.
    private static let reserved4: [(prefix: [UInt8], bits: Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24),
        ([192, 0, 2], 24), ([192, 88, 99], 24), ([192, 168], 16), ([198, 18], 15), ([198, 51, 100], 24),
        ([203, 0, 113], 24), ([224], 3),
    ]
    /// Of those that are routed at all (2000::/3): tunnels that hold another address, documentation.
    private static let reserved6: [(prefix: [UInt8], bits: Int)] = [
        ([0x20, 0x01, 0, 0], 32), ([0x20, 0x01, 0x0d, 0xb8], 32), ([0x20, 0x02], 16), ([0x3f, 0xff], 20),
    ]
}

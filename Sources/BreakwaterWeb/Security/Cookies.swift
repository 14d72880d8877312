/// A cookie to be set: for this site only, out of reach of scripts unless said otherwise.
public struct Cookie: Sendable, Equatable {
    public enum SameSite: String, Sendable {
        case strict = "Strict"
        case lax = "Lax"
    }

    public var name: String
    public var value: String
    public var path = "/"
    /// Seconds until it ends; `nil` ends it with the browser, 0 removes it.
    public var maximumAge: Int?
    public var isSecure: Bool
    /// Whether scripts cannot read it; false only for the token that a page has to repeat in a header.
    public var isHidden = true
    public var sameSite = SameSite.strict

    /// - Parameter isSecure: whether it is sent over TLS alone; say `call.isSecure`.
    public init(_ name: String, _ value: String, isSecure: Bool, maximumAge: Int? = nil, isHidden: Bool = true) {
        self.name = name
        self.value = value
        self.isSecure = isSecure
        self.maximumAge = maximumAge
        self.isHidden = isHidden
    }

    /// The cookie as a `Set-Cookie` header says it; name and value must be free of `;`, `,` and blanks.
    public var text: String {
        var text = "\(name)=\(value); Path=\(path); SameSite=\(sameSite.rawValue)"
        if let maximumAge { text += "; Max-Age=\(maximumAge)" }
        if isHidden { text += "; HttpOnly" }
        if isSecure { text += "; Secure" }
        return text
    }
}

extension Reply {
    /// This reply, setting `cookie`.
    public func setting(_ cookie: Cookie) -> Reply { header("set-cookie", cookie.text) }
}

extension Call {
    /// The value of the first cookie of that name.
    public func cookie(_ name: String) -> String? {
        for field in headers.all("cookie") {
            for pair in field.split(separator: ";") {
                let trimmed = pair.drop { $0 == " " }
                if trimmed.hasPrefix(name + "=") { return String(trimmed.dropFirst(name.count + 1)) }
            }
        }
        return nil
    }

    /// Whether the request cannot have been made by another site's page with this user's cookies: the browser says so,
    /// or names this host as its origin, or no browser is involved at all.
    public var isSameOrigin: Bool {
        if let site = headers["sec-fetch-site"], site != "same-origin" && site != "none" { return false }
        guard let origin = headers["origin"] else { return true }
        guard let host = headers["host"] else { return false }
        return origin == (isSecure ? "https://" : "http://") + host
    }

    /// Refuses what changes something in the name of a cookie unless the page itself meant it: same origin, and the
    /// token of the cookie `cookie` repeated in the header `header`.
    public func requireCrossSiteToken(cookie: String = "csrf", header: String = "x-csrf-token") throws(Refusal) {
        if method == "GET" || method == "HEAD" { return }
        guard isSameOrigin, let token = self.cookie(cookie), !token.isEmpty, let sent = headers[header],
            ConstantTime.equal(Array(token.utf8), Array(sent.utf8))
        else {
            throw Refusal(
                403, "cross_site_request",
                "This request came with a session cookie but not from the session's own page.", field: header,
                expected: "the value of the cookie '\(cookie)' in the header '\(header)'")
        }
    }
}

/// Comparisons that take equally long whatever differs.
public enum ConstantTime {
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

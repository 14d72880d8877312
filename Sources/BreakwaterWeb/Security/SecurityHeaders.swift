/// Headers that tell browsers to trust nothing but this server.
public enum SecurityHeaders {
    /// Scripts, styles and data from this server alone, nothing inline, no frames.
    public static let strictPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

    /// What every reply carries besides its own headers.
    static let always: [(name: String, value: String)] = [
        ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
    ]

    /// What replies to everything but files carry: they are not pages and are not to be kept.
    static let api: [(name: String, value: String)] = [
        ("cache-control", "no-store"), ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ]

    /// What replies over TLS carry.
    static let encrypted: [(name: String, value: String)] = [("strict-transport-security", "max-age=31536000")]
}

/// Placeholder until the read models arrive.
public final class History: Sendable {}

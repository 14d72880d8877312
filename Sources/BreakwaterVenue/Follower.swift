/// Sees every command after it has become durable, in order: read models, feeds, notifications.
public protocol Follower: Sendable {
    /// Called from one thread for all followers, so that it hands slow work on.
    func take(_ batch: [Execution])
}

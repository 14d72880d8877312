internal import BreakwaterTapes

/// The paths that those who run a server ask: is it alive, is it ready, what does it count.
public enum OperationRoutes {
    /// `/health`, `/ready` and `/metrics`.
    ///
    /// - Parameters:
    ///   - readiness: why the server is not ready to serve, in a sentence; `nil` when it is.
    ///   - access: who may read the metrics.
    public static func routes(
        metrics: Metrics, access: Access = .everyone, readiness: @escaping @Sendable () async -> String?
    ) -> [Route] {
        let status = Schema.object(.required("status", .choice("ok"))).named("Status")
        return [
            Route(
                .get, "/health", operation: "health", summary: "Whether the process answers", tag: "Operations",
                responses: [Response(200, "It does.", status)], weight: 0, pace: .brief
            ) { _ in Reply(json: ["status": "ok"]) },
            Route(
                .get, "/ready", operation: "ready", summary: "Whether the server takes orders", tag: "Operations",
                responses: [Response(200, "It does.", status)], weight: 0, pace: .brief
            ) { _ in
                if let reason = await readiness() { throw Refusal.unavailable(reason) }
                return Reply(json: ["status": "ok"])
            },
            Route(
                .get, "/metrics", operation: "metrics", summary: "Figures in the Prometheus text format",
                tag: "Operations",
                responses: [Response(200, "Every figure.", mediaType: "text/plain")], access: access, weight: 0
            ) { _ in Reply(text: metrics.text(), type: "text/plain; version=0.0.4; charset=utf-8") },
        ]
    }
}

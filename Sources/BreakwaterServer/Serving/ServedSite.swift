internal import BreakwaterBinance
internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterNotices
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Everything a venue answers on one port: the native API and its description, the stream, the dialect, and figures.
struct ServedSite {
    let site: Site
    let lab: Lab
    /// What runs beside it until it stops.
    let background: [@Sendable () async -> Void]

    init(_ gateway: Gateway, _ notices: Notices, _ options: ServeOptions, metrics: Metrics) throws {
        let api = NativeAPI(
            gateway: gateway, notices: notices,
            options: .init(faucet: options.faucet, allowsSignUp: options.allowsSignUp))
        let gatekeeper = Gatekeeper(
            identities: gateway.identities, clock: gateway.clock, callers: TokenBuckets(options.callerRate),
            addresses: TokenBuckets(options.addressRate))
        let stream = NativeStream(api, gatekeeper)
        gateway.feeds.attach(stream as any MarketSink)
        gateway.feeds.attach(stream as any AccountSink)
        gateway.books.attach(stream)
        var limits = BinanceLimits()
        limits.ordersPerMinute = options.ordersPerMinute
        limits.weightPerMinute = options.weightPerMinute
        let dialect = BinanceDialect(gateway, limits: limits)
        var site = Site()
        site.routes =
            api.routes
            + OperationRoutes.routes(metrics: metrics) { [gateway] in
                gateway.history.fault.map { "The history cannot be written: \($0)." }
            }
        let document = Self.description.document(site.routes)
        site.rawRoutes =
            dialect.rawRoutes + [
                RawRoute(.get, path: "/v1/openapi.json", pace: .brief) { _ in Reply(json: document) }
            ]
        site.sockets = [stream.socket] + dialect.sockets
        site.errorShapes = dialect.errorShapes
        site.folders = [
            try DocumentationPage.folder(at: "/docs", swaggerUI: options.swaggerUI, document: "/v1/openapi.json")
        ]
        if let page = options.page {
            site.folders.append(try StaticFolder(at: "", folder: page.files))
            site.folders.append(try StaticFolder(at: "/charts", folder: page.charts))
        }
        site.gate = gatekeeper
        self.site = site
        background = [{ await dialect.run() }]
        lab = api.lab
        VenueFigures.register(gateway, in: metrics)
        VenueFigures.register(notices, in: metrics)
    }

    private static let description = OpenAPI(
        title: "Breakwater", version: "1",
        summary:
            "A perpetual-futures venue: orders, margin, liquidation, and every unit of money explained. Prices, sizes and money are decimal texts. Every error has one shape: a stable code, a sentence, and where it helps the field and what was expected.",
        securitySchemes: [
            OpenAPI.SecurityScheme(
                "session", ["type": "apiKey", "in": "cookie", "name": .string(Gatekeeper.sessionCookie)]),
            OpenAPI.SecurityScheme(
                "key", ["type": "apiKey", "in": "header", "name": .string(Gatekeeper.keyHeader)]),
        ],
        tags: [
            ("Venue", "The venue as a whole."), ("Markets", "What everybody may know about contracts."),
            ("Sessions", "Signing up and in."), ("Keys", "Keys, by which programs sign."),
            ("Accounts", "How accounts stand, and their settings."), ("Positions", "Positions and what backs them."),
            ("Orders", "Placing, changing and cancelling."), ("Money", "Money in, out, and between accounts."),
            ("History", "What happened."), ("Liquidations", "Every liquidation, told."),
            ("Risk", "Where liquidations wait."), ("Lab", "Crashes tried on other rulebooks, beside the exchange."),
            ("Administration", "Running the venue; every action is in the journal."),
            ("Operations", "For those who run the server."),
        ])
}

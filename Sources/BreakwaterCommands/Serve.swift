import ArgumentParser
import BreakwaterNotices
import BreakwaterServer
import BreakwaterTapes
import BreakwaterVenue
import BreakwaterWeb
import UnixSignals

/// Runs a venue.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a venue: exchange, page, API, streams, and with --demo a market to try things in.",
        discussion: """
            The venue's data lies in one folder, which is made where there is none: the journal of every command, \
            snapshots, the history, and who there is. The first start prints a token that makes its bearer risk admin, \
            once. SIGTERM or an interrupt stops the venue cleanly.

            With a mail server, people are warned by mail before their positions are liquidated; its password comes from \
            BREAKWATER_SMTP_PASSWORD or a file.

            EXAMPLES
              breakwater serve --data out/venue --demo
              breakwater serve --data /var/lib/breakwater --rulebook binance --port 8080
              breakwater serve --data venue --host 0.0.0.0 --certificate chain.pem --key key.pem
              breakwater serve --data venue --smtp-url smtp://mail.example:587 --mail-from risk@venue.example \
                --page-url https://venue.example
            """)

    @Option(help: ArgumentHelp("The folder of the venue's data.", valueName: "folder"))
    var data = "out/venue"

    @Option(help: "The address to listen on; this machine alone unless said otherwise.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 for any that is free.")
    var port = 8080

    @Option(help: "The rulebook a new venue begins under; coinbase for the demo market, else bitmex.")
    var rulebook: String?

    @Flag(help: "Run the demo market: bots around a real crash, play money for everybody.")
    var demo = false

    @Option(help: ArgumentHelp("How many times faster the demo's crash goes.", valueName: "times"))
    var speed = 600

    @Option(help: ArgumentHelp("How many leveraged bots trade in the demo.", valueName: "count"))
    var traders = 200

    @Option(help: ArgumentHelp("The demo's price path: minute bars; the shipped crash if none.", valueName: "file"))
    var bars: String?

    @Option(help: ArgumentHelp("A certificate chain in PEM, to serve over TLS.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The certificate's key in PEM.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("How many commands lie between two snapshots.", valueName: "count"))
    var snapshotEvery: Int64 = 1_000_000

    @Option(help: ArgumentHelp("Orders a minute that one account may place through the dialect.", valueName: "count"))
    var ordersPerMinute = 1_200

    @Option(help: ArgumentHelp("Weight a minute of requests from one address to the dialect.", valueName: "weight"))
    var weightPerMinute = 2_400

    @Flag(help: "Let nobody sign up.")
    var closed = false

    @OptionGroup(title: "Warnings by mail and webhook")
    var notices: NoticeArguments

    func validate() throws {
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--certificate and --key belong together.")
        }
        guard (0...65_535).contains(port) else { throw ValidationError("--port is 0 to 65535.") }
        guard (1...100_000).contains(speed) else { throw ValidationError("--speed is 1 to 100000.") }
        guard (1...10_000).contains(traders) else { throw ValidationError("--traders is 1 to 10000.") }
        guard ordersPerMinute > 0, weightPerMinute > 0 else {
            throw ValidationError("--orders-per-minute and --weight-per-minute are above 0.")
        }
        guard snapshotEvery > 0 else { throw ValidationError("--snapshot-every is above 0.") }
    }

    func run() async throws {
        let rules = try RulebookLibrary.load(rulebook ?? (demo ? "coinbase" : "bitmex"))
        var options = ServeOptions(folder: data, rulebook: rules)
        options.notices = try notices.options()
        options.web.host = host
        options.web.port = port
        options.allowsSignUp = !closed
        options.snapshotEvery = snapshotEvery
        options.ordersPerMinute = ordersPerMinute
        options.weightPerMinute = weightPerMinute
        options.swaggerUI = DataFolder.folder("swagger-ui")
        if let page = DataFolder.folder("Page"), let charts = DataFolder.folder("lightweight-charts") {
            options.page = (page, charts)
        }
        if let certificate, let key { options.web.certificate = Certificate(chain: certificate, key: key) }
        if demo {
            let crash = "btc-perp-1m-2022-01-20-to-22.csv"
            guard let bars = bars ?? DataFolder.file(crash, in: "Examples") else {
                throw BadInput(file: crash, expected: "the shipped price path, or another with --bars")
            }
            options.faucet = ["USDT": "10000"]
            options.demo = DemoOptions(bars: bars)
            options.demo?.speed = speed
            options.demo?.traders = traders
        }
        let stop = await UnixSignalsSequence(trapping: [.sigterm, .sigint])
        let server = try await VenueServer.start(options)
        announce(server, hasPage: options.page != nil)
        for await _ in stop { break }
        Console.complain("stopping")
        await server.stop()
    }

    private func announce(_ server: VenueServer, hasPage: Bool) {
        let report = server.recovery
        let from = report.snapshot.map { "the snapshot after command \($0)" } ?? "the beginning"
        Console.complain("\(data): \(report.last) commands, \(report.replayed) replayed from \(from)")
        Console.print("listening on \(server.url)")
        Console.complain("  Page     \(hasPage ? server.url + "/" : "not installed: scripts/wheels does that")")
        Console.complain("  API      \(server.url)/docs")
        Console.complain("  Binance  \(server.url)/fapi/v1/exchangeInfo")
        if let token = server.adminToken {
            Console.complain(
                "  Nobody is risk admin yet. This token makes its bearer one, once, at POST /v1/admin/claim:")
            Console.complain("    \(token)")
        }
    }
}

internal import BreakwaterCore
internal import BreakwaterTapes
internal import BreakwaterWeb

/// The lab: crashes tried on other rulebooks, beside the exchange and never on it.
extension NativeAPI {
    private static let prices = Schema.list(of: .decimal).about("One for each column.")
    private static let columns = Schema.object(
        .required("time", .list(of: .time).about("When each column begins.")), .required("low", prices),
        .required("high", prices), .required("close", prices)
    ).named("LabColumns")
    private static let run = Schema.object(
        .required("rulebook", .text()),
        .required("figures", .map(of: .anything).about("What `breakwater simulate --report json` prints.")),
        .required("longs", prices), .required("shorts", prices), .required("deleveraged", prices),
        .required("fund", prices)
    ).named("LabRun")
    private static let result = Schema.object(
        .required("columns", columns),
        .required("comparison", .map(of: .anything).about("What `breakwater compare --json` prints.")),
        .required("runs", .list(of: run))
    ).named("LabResult")
    private static let bar = Schema.object(
        .required("time", .time), .required("open", .decimalInput()), .required("high", .decimalInput()),
        .required("low", .decimalInput()), .required("close", .decimalInput())
    ).named("LabBar")
    private static let path = Schema.object(
        .optional("crash", .flag.about("The shipped crash of January 2022.")),
        .optional("bars", .list(of: bar, count: 1...LabOrder.bars)),
        .optional(
            "prices", .list(of: .decimalInput(), count: 2...LabOrder.bars + 1).about("A line from price to price.")),
        .optional(
            "interval", .integer(1...86_400).about("Seconds from one of the prices to the next.").defaulting(to: 60))
    ).about("One of crash, bars and prices.").example(["crash": .bool(true)]).named("LabPath")
    private static let order = Schema.object(
        .required("rulebooks", .list(of: Inputs.name, count: LabOrder.rulebooks).example([.string(LabOrder.rulebook)])),
        .required("path", path),
        .optional("contract", Inputs.name.defaulting(to: .string(LabOrder.contract))),
        .optional("accounts", .integer(LabOrder.accounts).defaulting(to: 2_000)),
        .optional("seed", .integer(0...Int.max).defaulting(to: 1)),
        .optional("fund", .decimalInput().about("The insurance fund at the start; 100,000 where none is given.")),
        .optional("depth", .decimalInput().about("Offered on each side of the book; 500,000 where none is given.")),
        .optional("longs", .integer(0...100).about("Per cent of the traders.").defaulting(to: 70)),
        .optional("isolated", .integer(0...100).about("Per cent of the traders.").defaulting(to: 60)),
        .optional("entryHours", .integer(1...100_000).about("Over how long from the first bar on traders enter."))
    ).named("LabOrder")
    private static let name = Parameter.path("run", .text(1...32, of: .hexadecimal))
    private static let rulebook = Parameter.query(
        "rulebook", Inputs.name.about("Whose report; that of all side by side where none is named."))

    var labRoutes: [Route] {
        [
            route(
                .get, "/v1/lab", "lab", "What can be tried in the lab: rulebooks, contracts, the shipped crash.",
                tag: "Lab",
                answers: [
                    Response(
                        200, "What there is.",
                        .object(
                            .required("rulebooks", .list(of: .text())), .required("contracts", .list(of: .text())),
                            .required("contract", .text()), .required("settle", .text()), .required("tick", .decimal),
                            .required("accounts", .integer().about("At most.")),
                            .required("bars", .integer().about("At most.")),
                            .required("crash", Self.columns.nullable)))
                ], weight: 5
            ) { _ in Reply(json: try offer()) },
            route(
                .post, "/v1/lab/runs", "startLabRun",
                "Simulate a population through a path of prices under up to four rulebooks. One unfinished run a caller.",
                tag: "Lab", body: Self.order,
                answers: [Response(202, "Taken in.", .object(.required("id", .text())))], weight: 50
            ) { call in
                let run = try lab.submit(try LabOrder(call), for: call.address)
                return Reply(status: 202, json: ["id": .string(run.name)])
            },
            route(
                .get, "/v1/lab/runs/{run}", "labRun", "How far a run is, and what came of it.", tag: "Lab",
                parameters: [Self.name],
                answers: [
                    Response(
                        200, "The run.",
                        .object(
                            .required("id", .text()), .required("state", .choice("waiting", "running", "done")),
                            .required("ahead", .integer().about("Runs before it.")),
                            .required("percent", .integer(0...100)), .required("result", Self.result.nullable))),
                    .notFound,
                ], weight: 2
            ) { call in
                let (run, ahead) = try labRun(call)
                let (state, percent, result) =
                    switch run.now {
                    case .waiting: ("waiting", 0, JSONValue.null)
                    case .running(let percent): ("running", percent, .null)
                    case .done(let result): ("done", 100, result.json)
                    }
                return Reply(
                    json: [
                        "id": .string(run.name), "state": .string(state), "ahead": .integer(ahead),
                        "percent": .integer(percent), "result": result,
                    ])
            },
            route(
                .get, "/v1/lab/runs/{run}/report", "labReport", "A finished run's report as one self-contained page.",
                tag: "Lab", parameters: [Self.name, Self.rulebook],
                answers: [Response(200, "The page.", mediaType: "text/html; charset=utf-8"), .notFound, .conflict],
                weight: 10
            ) { call in
                let report = try labReport(call)
                return Reply(text: report.html, type: "text/html; charset=utf-8")
                    .header("content-disposition", "attachment; filename=\"breakwater-\(report.name).html\"")
            },
            route(
                .get, "/v1/lab/runs/{run}/data", "labData", "The same as JSON, as the command line prints it.",
                tag: "Lab", parameters: [Self.name, Self.rulebook],
                answers: [Response(200, "The report.", .map(of: .anything)), .notFound, .conflict], weight: 10
            ) { call in
                let report = try labReport(call)
                return Reply(text: report.json, type: "application/json")
                    .header("content-disposition", "attachment; filename=\"breakwater-\(report.name).json\"")
            },
        ]
    }

    private func offer() throws -> JSONValue {
        let (terms, currency) = try ContractFile.load(LabOrder.contract)
        let crash = try? LabColumns(LabPath.crash(for: terms).bars).json(terms)
        return [
            "rulebooks": .array(RulebookLibrary.names.map { .string($0) }),
            "contracts": .array(ContractFile.names.map { .string($0) }), "contract": .string(LabOrder.contract),
            "settle": .string(currency.name), "tick": .decimal(terms.tick),
            "accounts": .integer(LabOrder.accounts.upperBound), "bars": .integer(LabOrder.bars),
            "crash": crash ?? .null,
        ]
    }

    private func labRun(_ call: Call) throws -> (run: LabRun, ahead: Int) {
        guard let found = lab.run(named: call.text("run")) else {
            throw Refusal.notFound("The lab keeps no run \(call.text("run")); only the latest are kept.", field: "run")
        }
        return found
    }

    private func labReport(_ call: Call) throws -> (html: String, json: String, name: String) {
        guard case .done(let result) = try labRun(call).run.now else {
            throw Refusal.conflict("notFinished", "This run is not finished yet.", field: "run")
        }
        let name = call.textIfGiven("rulebook")
        guard let report = result.report(of: name) else {
            throw Refusal.notFound("Rulebook \(name ?? "") is not of this run.", field: "rulebook")
        }
        return report
    }
}

import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

@Suite("Bad input")
struct BadInputTests {
    /// Two accounts, one contract, a mark: what the lines below are added to. Four lines.
    static let start = """
        {"do":"list","contract":{"symbol":"ETHUSDT","kind":"linear","settle":"USDT","tick":"0.05","lot":"0.1","multiplier":"1","maxLeverage":"50","tiers":"stepped","riskLimits":[{"upTo":"1000000","im":"2%","mm":"1%"}]}}
        {"do":"deposit","account":"ann","currency":"USDT","amount":"1000"}
        {"do":"deposit","account":"bob","currency":"USDT","amount":"1000"}
        {"do":"mark","symbol":"ETHUSDT","price":"1000","at":"2022-01-20T00:00:00Z"}

        """

    private func message(_ line: String) throws -> String? {
        let rulebook = try PropertyTests.rulebook(portfolio: false)
        do {
            _ = try Tape.parse(Self.start + line, file: "t.jsonl", rulebook: rulebook)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "BAD-001: a line that cannot be used is refused with file, line, key, value and what was expected",
        arguments: [
            (#"{"do":"fly"}"#, #"t.jsonl:5: do: "fly" is not what was expected: one of currency, list, deposit,"#),
            (#"{"account":"ann"}"#, "t.jsonl:5: do: expected a verb, but the key is missing"),
            (#"{"do":"settle","now":"yes"}"#, "t.jsonl:5: now: expected only keys that settle has"),
            (
                #"{"do":"deposit","account":"ann","currency":"USDT"}"#,
                "t.jsonl:5: amount: expected an amount above zero"
            ),
            (
                #"{"do":"deposit","account":"ann","currency":"USDT","amount":"0"}"#,
                #"t.jsonl:5: amount: "0" is not what was expected"#
            ),
            (#"{"do":"deposit","account":"ann","currency":"USDT","amount":"-5"}"#, #"t.jsonl:5: amount: "-5" is not"#),
            (#"{"do":"deposit","account":"ann","currency":"USDT","amount":"1.0000001"}"#, "at most 6 decimals in USDT"),
            (
                #"{"do":"deposit","account":"ann","currency":"USDT","amount":"10000000000000"}"#,
                #"amount: "10000000000000" is not"#
            ),
            (#"{"do":"deposit","account":"ann","currency":"USDT","amount":"1e3"}"#, #"amount: "1e3" is not"#),
            (#"{"do":"deposit","account":"ann","currency":"USDT","amount":"NaN"}"#, #"amount: "NaN" is not"#),
            (#"{"do":"deposit","account":"ann","currency":"USDT","amount":0.5}"#, #"decimals in quotes, as "0.5""#),
            (
                #"{"do":"deposit","account":"ann","currency":"DOGE","amount":"5"}"#,
                #"currency: "DOGE" is not what was expected: a known currency: XBT,"#
            ),
            (
                #"{"do":"withdraw","account":"eve","currency":"USDT","amount":"5"}"#,
                #"account: "eve" is not what was expected: an account that has been opened"#
            ),
            (
                #"{"do":"mark","symbol":"XBTUSD","price":"5"}"#,
                #"symbol: "XBTUSD" is not what was expected: a listed symbol: ETHUSDT"#
            ),
            (
                #"{"do":"mark","symbol":"ETHUSDT","price":"1000.01"}"#,
                #"price: "1000.01" is not what was expected: a price above zero, in whole ticks of 0.05"#
            ),
            (#"{"do":"mark","symbol":"ETHUSDT","price":"-1"}"#, #"price: "-1" is not"#),
            (
                #"{"do":"mark","symbol":"ETHUSDT","price":"1000","at":"2022-01-19T23:59:59Z"}"#,
                #"at: "2022-01-19T23:59:59Z" is not what was expected: a time not before 2022-01-20T00:00:00Z"#
            ),
            (
                #"{"do":"mark","symbol":"ETHUSDT","price":"1000","at":"2022-02-30T00:00:00Z"}"#,
                #"at: "2022-02-30T00:00:00Z" is not"#
            ),
            (
                #"{"do":"mark","symbol":"ETHUSDT","price":"1000","asOf":"+5s"}"#,
                #"asOf: "+5s" is not what was expected"#
            ),
            (#"{"do":"restart","symbol":"ETHUSDT"}"#, "symbol: expected only keys that restart has"),
            (#"{"do":"wait","for":"10 minutes"}"#, #"for: "10 minutes" is not what was expected: a length of time"#),
            (
                #"{"do":"trade","symbol":"ETHUSDT","buyer":"ann","seller":"bob","size":"0.15","price":"1000"}"#,
                #"size: "0.15" is not what was expected: a size above zero, in whole lots of 0.1"#
            ),
            (
                #"{"do":"order","account":"ann","symbol":"ETHUSDT","id":"a","side":"bid","type":"limit","size":"1","price":"1000"}"#,
                #"side: "bid" is not what was expected: one of buy, sell"#
            ),
            (#"{"do":"leverage","account":"ann","symbol":"ETHUSDT","leverage":"0"}"#, #"leverage: "0" is not"#),
            (#"{"do":"deposit","do":"settle"}"#, "t.jsonl:5: expected well-formed YAML or JSON"),
            (#"{"do":"settle""#, "t.jsonl:5: "),
            (#"[1]"#, "t.jsonl:5: \"[1]\" is not what was expected: one JSON object on each line"),
            (
                #"{"do":"expect","account":"ann","currency":"USDT","blance":"5"}"#,
                #"blance: "5" is not what was expected: one of"#
            ),
            (
                #"{"do":"list","contract":{"symbol":"ETHUSDT","kind":"linear","settle":"USDT","tick":"1","maxLeverage":"5","tiers":"stepped","riskLimits":[{"upTo":"1","im":"2%","mm":"1%"}]}}"#,
                #"symbol: "ETHUSDT" is not what was expected: a symbol that is not listed yet"#
            ),
            (
                #"{"do":"list","contract":{"symbol":"A","kind":"linear","settle":"USDT","tick":"1","maxLeverage":"5","tiers":"stepped","riskLimits":[{"upTo":"1","im":"1%","mm":"1%"}]}}"#,
                "riskLimits[0].im: \"0.01\" is not what was expected: an im above the mm"
            ),
            (
                #"{"do":"list","contract":{"symbol":"A","kind":"linear","settle":"USDT","tick":"1","maxLeverage":"5","tiers":"progressive","riskLimits":[{"upTo":"1","im":"2%","mm":"1%"}]}}"#,
                "tiers: \"progressive\" is not what was expected: stepped, because rulebook bitmex margins entry value"
            ),
            (
                #"{"do":"rulebook","name":"bitmex","effective":"soon"}"#,
                "t.jsonl:5: effective: \"soon\" is not what was expected: a moment such as 2022-01-20T00:00:00Z, or a wait such as +30s"
            ),
        ])
    func refusal(line: String, expected: String) throws {
        let message = try message(line)
        #expect(message?.contains(expected) == true, "\(message ?? "accepted")")
    }

    @Test("BAD-002: nothing of a bad tape runs: the program ends with 2 and prints no report")
    func nothingRuns() throws {
        let result = try Repository.withFolder { folder in
            try Data((Self.start + #"{"do":"fly"}"#).utf8).write(to: URL(filePath: folder + "/t.jsonl"))
            return try Repository.run(["run", folder + "/t.jsonl", "--events", folder + "/events.jsonl"])
        }
        #expect(result.status == 2)
        #expect(result.output == "")
        #expect(result.errors.contains("t.jsonl:5: do: \"fly\""))
    }

    @Test(
        "BAD-003: options and files that cannot be used end with 2",
        arguments: [
            ["run", "nosuch.yaml"], ["run"], ["fly"], ["simulate", "--bars", "nosuch.csv"],
            ["run", "--rulebook", "nosuch", "Scenarios/karen.yaml"],
            ["simulate", "--bars", "Examples/btc-perp-1m-2022-01-20-to-22.csv", "--accounts", "0"],
            ["calc", "--side", "long", "--size", "0", "--entry", "1", "--leverage", "2", "--mm", "1%"],
            ["calc", "--side", "long", "--size", "1", "--entry", "1", "--leverage", "200", "--mm", "1%"],
        ])
    func options(arguments: [String]) throws {
        let result = try Repository.run(arguments)
        #expect(result.status == 2)
        #expect(!result.errors.isEmpty)
    }

    @Test("BAD-004: a refused command is an event with a stable code, not an exit")
    func refusedCommand() throws {
        let line = #"{"do":"withdraw","account":"ann","currency":"USDT","amount":"1001"}"#
        let tape = try Tape.parse(
            Self.start + line, file: "t.jsonl", rulebook: try PropertyTests.rulebook(portfolio: false))
        var runner = TapeRunner(tape)
        runner.run()
        #expect(
            runner.refusalSentences == [
                "t.jsonl:5: refused (insufficientAvailable): 1001 USDT was asked for, but only 1000 USDT is available."
            ])
    }

    @Test(
        "BAD-005: a rulebook that contradicts itself is refused with the key and the reason",
        arguments: [
            ("basis: entry", "basis: mark", #"basis: "mark" is not what was expected: entry"#),
            (
                "trigger: reaches", "trigger: sometimes",
                "trigger: \"sometimes\" is not what was expected: one of reaches, fallsBelow"
            ),
            ("settlement: 10m", "settlement: 0s", "settlement: "),
            ("- {stage: takeover}", "- {stage: fillOrKill}", "waterfall: "),
            (
                "- {stage: insuranceFund, slippage: 10%}", "- {stage: prayer}",
                #"stage: "prayer" is not what was expected: warnings,"#
            ),
            (
                "policy: bitmexRank", "policy: alphabet",
                #"policy: "alphabet" is not what was expected: one of bitmexRank"#
            ),
            ("danger: 20%", "danger: 90%", "warnings.danger: "),
            ("name: bitmex", "name: bitmex\ncolour: red", "colour: expected only keys that a rulebook has"),
        ])
    func rulebook(old: String, new: String, expected: String) throws {
        let text = try String(contentsOfFile: Repository.path("Rulebooks/bitmex.yaml"), encoding: .utf8)
        #expect(text.contains(old))
        #expect {
            try RulebookFile.parse(text.replacingOccurrences(of: old, with: new), file: "r.yaml")
        } throws: { "\($0)".contains("r.yaml:") && "\($0)".contains(expected) }
    }
}

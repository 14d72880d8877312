import BreakwaterCore

/// A tier table as its file writes it, with what it is judged by; nothing of it has been checked.
struct TierSource: Sendable {
    let file: String
    /// `riskLimits[0].im`, or `tiers.XBTUSDT.riskLimits[0].im` in a rulebook.
    let keyPrefix: String
    let symbol: String
    let currency: Currency
    let tiers: Tiers
    /// The line of each row, and of the table.
    let rowLines: [Int]
    let line: Int
    /// `nil` where the table stands in a rulebook whose contract is not among the files.
    var fees: Contract.Fees?
    var kind: ContractKind
    var maxLeverage: Leverage?

    func line(ofRow row: Int) -> Int { rowLines.indices.contains(row) ? rowLines[row] : line }
}

extension Linter {
    /// One file, read leniently.
    struct Document: Sendable {
        let file: String
        /// Its table, where it is a contract.
        private(set) var contract: TierSource?
        /// The tables a rulebook names itself.
        private var own: [TierSource] = []
        /// What parts of a position stages of a rulebook close at once.
        private(set) var clips: [Clip] = []
        /// The basis of a rulebook; `nil` for contracts.
        private(set) var basis: Rulebook.Basis?
        /// Why it would not be loaded, if it would not.
        private(set) var loadError: BadInput?

        struct Clip: Sendable {
            let line: Int
            let key: String
            let text: String
        }

        init(_ file: String) throws(BadInput) {
            self.file = file
            let fields = try BreakwaterTapes.Document.object(
                in: try BreakwaterTapes.Document.text(ofFile: file), file: file)
            if fields.keys.contains("waterfall") || fields.keys.contains("crossMargin") {
                readRulebook(fields)
            } else if fields.keys.contains("symbol") {
                readContract(fields)
            } else {
                throw BadInput(
                    file: file, expected: "a rulebook, which has a waterfall, or a contract, which has a symbol")
            }
        }

        /// The tables to look at; a rulebook's with the terms of the contract they are for.
        func tables(_ contracts: [TierSource]) -> [TierSource] {
            if let contract { return [contract] }
            return own.map { table in
                var table = table
                if let contract = contracts.first(where: { $0.symbol == table.symbol }) {
                    (table.fees, table.kind) = (contract.fees, contract.kind)
                }
                return table
            }
        }

        private mutating func readContract(_ fields: Fields) {
            do throws(BadInput) {
                _ = try ContractFile.load(file.contains("/") ? file : "./" + file)
            } catch {
                loadError = error
            }
            var lenient = fields
            contract = try? Self.table(&lenient, file: file, prefix: "", symbol: nil)
        }

        private mutating func readRulebook(_ fields: Fields) {
            do throws(BadInput) {
                _ = try RulebookFile.read(file)
            } catch {
                loadError = error
            }
            var lenient = fields
            basis = (try? lenient.choice("basis")) ?? nil
            if var bySymbol = (try? lenient.object("tiers")) ?? nil {
                for symbol in bySymbol.keys {
                    guard var table = (try? bySymbol.object(symbol)) ?? nil else { continue }
                    if let source = try? Self.table(&table, file: file, prefix: "tiers.\(symbol).", symbol: symbol) {
                        own.append(source)
                    }
                }
            }
            if var byCurrency = (try? lenient.object("template")) ?? nil {
                for currency in byCurrency.keys {
                    guard var table = (try? byCurrency.object(currency)) ?? nil else { continue }
                    let prefix = "template.\(currency)."
                    let source = try? Self.table(
                        &table, file: file, prefix: prefix, symbol: "template", currency: currency)
                    if let source { own.append(source) }
                }
            }
            for (number, item) in ((try? lenient.objects("waterfall")) ?? nil ?? []).enumerated() {
                var item = item
                for key in ["close"] where item.keys.contains(key) {
                    guard let text = (try? item.text(key)) ?? nil else { continue }
                    clips.append(Clip(line: item.place.line, key: "waterfall[\(number)].\(key)", text: text))
                }
            }
        }

        /// Reads a table with what stands beside it; `symbol` is given where the table itself has none.
        private static func table(
            _ fields: inout Fields, file: String, prefix: String, symbol: String?, currency named: String? = nil
        ) throws(BadInput) -> TierSource {
            let settle =
                if let named { named } else { try fields.requiredName(symbol == nil ? "settle" : "currency") }
            guard let currency = Currency.common.first(where: { $0.name == settle }) else {
                throw fields.refuse("settle", settle, "a known currency")
            }
            var copy = fields
            let rows = try copy.objects("riskLimits") ?? []
            guard let tiers = try fields.tiers(in: currency, lot: try fields.decimal("lot") ?? ExactDecimal(digits: 1))
            else { throw fields.missing("tiers", "a table") }
            let isContract = symbol == nil
            let name = if let symbol { symbol } else { try fields.requiredName("symbol") }
            return TierSource(
                file: file, keyPrefix: prefix, symbol: name, currency: currency,
                tiers: tiers, rowLines: rows.map(\.place.line), line: fields.place.line,
                fees: isContract ? try fees(&fields) : nil, kind: try kind(&fields),
                maxLeverage: isContract ? try fields.leverage("maxLeverage") : nil)
        }

        /// A rulebook's table says no kind; that of its contract counts, and linear where none is at hand.
        private static func kind(_ fields: inout Fields) throws(BadInput) -> ContractKind {
            let kind: ContractKind? = try fields.choice("kind")
            return kind ?? .linear
        }

        private static func fees(_ fields: inout Fields) throws(BadInput) -> Contract.Fees {
            Contract.Fees(
                maker: try fields.rate("makerFee") ?? .zero, taker: try fields.rate("takerFee") ?? .zero,
                liquidation: try fields.rate("liquidationFee") ?? .zero)
        }
    }
}

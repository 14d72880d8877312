internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterVenue
internal import Synchronization

/// A contract as this dialect shows it. Only linear ones are shown: the dialect has no shape for the others' values.
final class Listing: Sendable {
    let id: ContractID
    let contract: Contract
    let symbol: String
    /// The symbol as streams are named by it.
    let lowerCase: String
    /// What is traded, and what it is paid with; together the symbol, where that ends with the settlement currency.
    let base: String
    let settle: Currency

    init(_ id: ContractID, _ contract: Contract, settle: Currency) {
        self.id = id
        self.contract = contract
        self.settle = settle
        symbol = contract.symbol
        lowerCase = contract.symbol.lowercased()
        let isPair = symbol.hasSuffix(settle.name) && symbol.count > settle.name.count
        base = isPair ? String(symbol.dropLast(settle.name.count)) : symbol
    }

    func decimal(_ price: Price?) -> ExactDecimal? { price.map(contract.decimal) }
    func decimal(_ size: Size) -> ExactDecimal { contract.decimal(size) }
    func money(_ amount: Amount) -> ExactDecimal { settle.decimal(amount) }

    /// The price at which `size` changed hands for `value`, both taken without their signs; to eight places.
    func averagePrice(of size: Size, worth value: Amount) -> ExactDecimal? {
        guard size != .zero else { return nil }
        let lot = contract.lot.digits * contract.multiplier.digits
        let scale = contract.lot.places + contract.multiplier.places - settle.decimals
        let (top, bottom) = (value.magnitude.wide, size.magnitude.wide * lot)
        return scale >= 0
            ? BreakwaterCore.decimal(top * Self.power(scale), over: bottom, places: 8)
            : BreakwaterCore.decimal(top, over: bottom * Self.power(-scale), places: 8)
    }

    private static func power(_ exponent: Int) -> Int128 { (0..<exponent).reduce(1) { power, _ in power * 10 } }
}

/// The contracts by symbol.
final class Listings: Sendable {
    private struct State {
        var all: [Listing] = []
        var bySymbol: [String: Listing] = [:]
        var byContract: [ContractID: Listing] = [:]
        /// How many contracts of any kind have been looked at.
        var seen = 0
    }

    private let names: Names
    private let state = Mutex(State())

    init(_ names: Names) { self.names = names }

    /// All that are shown, in order of listing.
    var all: [Listing] {
        refresh()
        return state.withLock { $0.all }
    }

    subscript(symbol: String) -> Listing? {
        if let listing = state.withLock({ $0.bySymbol[symbol] }) { return listing }
        refresh()
        return state.withLock { $0.bySymbol[symbol] }
    }

    subscript(contract: ContractID) -> Listing? {
        if let listing = state.withLock({ $0.byContract[contract] }) { return listing }
        refresh()
        return state.withLock { $0.byContract[contract] }
    }

    /// The one that `symbol` names, in either case.
    func named(_ symbol: String) throws(Fault) -> Listing {
        guard let listing = self[symbol] ?? self[symbol.uppercased()] else { throw .invalidSymbol }
        return listing
    }

    private func refresh() {
        let seen = state.withLock(\.seen)
        let new: [Listing?] = names.look { directory in
            directory.contracts.enumerated().dropFirst(seen).map { index, contract in
                guard contract.kind == .linear else { return nil }
                return Listing(ContractID(index: index), contract, settle: directory[contract.settle])
            }
        }
        guard !new.isEmpty else { return }
        state.withLock { state in
            guard state.seen == seen else { return }
            state.seen += new.count
            for case let listing? in new {
                state.all.append(listing)
                state.bySymbol[listing.symbol] = listing
                state.byContract[listing.id] = listing
            }
        }
    }
}

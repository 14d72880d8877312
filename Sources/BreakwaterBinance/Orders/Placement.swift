internal import BreakwaterCore
internal import BreakwaterGateway

/// What a request to place an order asks for, in the core's terms.
struct Placement: Sendable {
    let listing: Listing
    var request: OrderRequest
    let clientOrderID: String
    /// A trailing stop's distance as a share of the price it starts from, which has to be looked up.
    let trailing: Rate?
    /// Closes all there is, whose size has to be looked up.
    let closesPosition: Bool

    /// Reads an order that is placed at once, or one that waits for its price.
    ///
    /// - Parameter naming: which parameters name the order and its trigger price; conditional orders have their own.
    init(_ inputs: Inputs, _ listings: Listings, account: AccountID, naming: Naming = .order) throws(Fault) {
        listing = try listings.named(try inputs.required("symbol"))
        guard let side = try inputs.choice("side", Side.self) else { throw .missing("side") }
        guard let type = try inputs.choice("type", OrderType.self) else { throw .missing("type") }
        let positionSide = try inputs.choice("positionSide", PositionSideWord.self)?.core ?? .net
        let timeInForce = try inputs.choice("timeInForce", TimeInForceWord.self)
        guard timeInForce != nil || type != .limit else { throw .missing("timeInForce") }
        closesPosition = try inputs.flag("closePosition") ?? false
        let reduceOnly = try inputs.flag("reduceOnly") ?? false
        guard !closesPosition || type.condition != nil else {
            throw Fault(-4136, "Target strategy invalid for orderType '\(type.rawValue)', closePosition 'true'.")
        }
        clientOrderID = try Self.name(inputs, naming)
        let price = type.hasLimit ? try listing.price(inputs, "price") : nil
        // A closing order's size is that of the position; one lot stands for it until that is known.
        let size = closesPosition ? Size(1) : try listing.size(inputs)
        trailing = type == .trailingStop ? try Self.callbackRate(inputs) : nil
        request = OrderRequest(
            key: PositionKey(account, listing.id, positionSide), id: .none, side: side.core, size: size, price: price,
            timeInForce: timeInForce?.core ?? .goodTillCancelled, postOnly: timeInForce == .postOnly,
            reduceOnly: reduceOnly || closesPosition,
            condition: try Self.condition(of: type, inputs, listing, naming, closes: closesPosition))
    }

    enum Naming: Sendable {
        case order, algoOrder

        var client: String {
            switch self {
            case .order: "newClientOrderId"
            case .algoOrder: "clientAlgoId"
            }
        }
        var stop: String {
            switch self {
            case .order: "stopPrice"
            case .algoOrder: "triggerPrice"
            }
        }
    }

    private static func condition(
        of type: OrderType, _ inputs: Inputs, _ listing: Listing, _ naming: Naming, closes: Bool
    ) throws(Fault) -> Condition? {
        guard let kind = type.condition else { return nil }
        let working = try inputs.choice("workingType", WorkingType.self) ?? .contract
        // The distance of a trailing stop follows from the price it starts at: one tick stands for it until then.
        let stop = kind == .trailing ? Price(1) : try listing.price(inputs, naming.stop)
        return Condition(kind: kind, stop: stop, trigger: working.core, closeOnTrigger: closes)
    }

    /// From 0.1 to 10 per cent, in tenths.
    private static func callbackRate(_ inputs: Inputs) throws(Fault) -> Rate {
        guard let percent = ExactDecimal(try inputs.required("callbackRate")), let tenths = percent.scaled(toPlaces: 1),
            (1...100).contains(tenths)
        else { throw Fault(-2007, "Invalid callBack rate.") }
        return Rate(Int64(tenths) * 1_000_000)
    }

    private static func name(_ inputs: Inputs, _ naming: Naming) throws(Fault) -> String {
        guard let name = try inputs.text(naming.client) else { return "" }
        guard name.utf8.count <= 36 else { throw Fault(-4015, "Client order id length should be less than 36 chars.") }
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case 45...58, 65...90, 95, 97...122: true
            default: false
            }
        }
        guard isPlain else { throw Fault(-1100, "Illegal characters found in parameter '\(naming.client)'.") }
        return name
    }
}

extension Listing {
    func price(_ inputs: Inputs, _ name: String) throws(Fault) -> Price {
        let text = try inputs.required(name)
        do { return try contract.price(text, name) } catch { throw Fault(error, step: contract.tick) }
    }

    func size(_ inputs: Inputs, _ name: String = "quantity") throws(Fault) -> Size {
        let text = try inputs.required(name)
        do { return try contract.size(text, name) } catch { throw Fault(error, step: contract.lot) }
    }

    func amount(_ inputs: Inputs, _ name: String = "amount") throws(Fault) -> Amount {
        let text = try inputs.required(name)
        do { return try settle.amount(text, name) } catch { throw Fault(error, step: nil) }
    }
}

/// The terms of a waterfall's stages, each found once instead of at every mark.
struct StageTerms: Sendable {
    /// The levels of `warnings`, or `nil` where there is no such stage.
    private(set) var warnings: Warnings?
    private(set) var partial: PartialClose?
    private(set) var autoDeleverage: AutoDeleverage?
    private(set) var clawbackPeriod: Duration?
    /// The window of `liquiditySupport`.
    private(set) var supportWindow: Duration?
    /// The share of the fund behind positions it absorbs; `nil` where it absorbs none.
    private(set) var absorbingCapital: Rate?
    /// What is taken off collateral that has to be sold.
    private(set) var conversionDiscount = Rate.zero
    private var ownTakeover: Takeover?

    /// How positions are taken over: as the `takeover` stage says; where there is none, at once and without an offer,
    /// from where `partial` ends.
    var takeover: Takeover { ownTakeover ?? Takeover(patience: .zero, below: partial?.above, offers: false) }

    init(_ waterfall: [Stage]) {
        for stage in waterfall {
            switch stage {
            case .warnings(let levels): warnings = levels
            case .convertCollateral(let discount): conversionDiscount = discount
            case .partial(let terms): partial = terms
            case .takeover(let terms): ownTakeover = terms
            case .liquiditySupport(let window): supportWindow = window
            case .insuranceFund(.absorb(let capital)): absorbingCapital = capital
            case .autoDeleverage(let terms): autoDeleverage = terms
            case .clawback(let period): clawbackPeriod = period
            case .stepDown, .cancelOrders, .fillOrKill, .marketClose, .insuranceFund(.aggress): break
            }
        }
    }
}

/// Those who can bear a liquidation's loss: the key in its record, what they are called, and their colour.
struct LossBearer {
    let key: String
    let name: String
    let style: ChartStyle
    /// Whether it is named even where it bore nothing.
    let isUsual: Bool

    static let all = [
        LossBearer(key: "trader", name: "trader", style: .trader, isUsual: true),
        LossBearer(key: "fund", name: "insurance fund", style: .fund, isUsual: true),
        LossBearer(key: "providers", name: "providers", style: .providers, isUsual: false),
        LossBearer(key: "deleveraged", name: "deleveraged", style: .deleveraged, isUsual: true),
        LossBearer(key: "clawedBack", name: "clawed back", style: .clawedBack, isUsual: false),
        LossBearer(key: "venue", name: "venue", style: .venue, isUsual: false),
    ]
}

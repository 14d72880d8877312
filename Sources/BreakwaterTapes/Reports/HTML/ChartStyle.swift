/// What a colour stands for, on every page.
package enum ChartStyle: String, Sendable, CaseIterable {
    case price, long, short, trader, fund, deleveraged, interest, loss, providers, clawedBack, venue
}

import BreakwaterCore

/// What one liquidation would have needed not to happen, found by running the tape again with money put in.
///
/// Every claim in it was run: that `extra` survives, that one unit less does not, and that it still works after the
/// last moment and not after the next.
struct Counterfactual: Sendable {
    enum Verdict: Sendable {
        case found(Found)
        /// The position was opened and liquidated by the same line, so that there was no moment in between.
        case noMoment
        /// Not even the bound is enough.
        case beyond(bound: Amount, trial: Trial)
    }

    struct Found: Sendable {
        /// The least that leaves the position alone to the end of the tape.
        let extra: Amount
        /// How one unit less fails; `nil` where that is nothing, which is the tape itself.
        let less: Trial?
        /// The last step after which `extra` still works.
        let lastStep: Int
        /// Whether every later moment was tried; otherwise only the next one was.
        let triedEveryLater: Bool
    }

    let verdict: Verdict
    /// How many times the rest of the tape was run.
    let replays: Int
}

/// One run of the rest of the tape with money put in after a step.
struct Trial: Sendable {
    /// Where the position was liquidated; `nil` where it never was.
    var fell: Fall?
    /// Why money could not be put in, or not be moved behind the position.
    var refusal: Rejection?
    var isDeposited = true
    /// The least by which what stood behind the position was above its MM, from the liquidation in question on.
    var slack: Amount?

    struct Fall: Sendable {
        let step: Int
        let mark: Price
        /// MM less margin at that trigger.
        let shortfall: Amount
    }

    var survived: Bool { fell == nil && isDeposited }
}

/// Values are signed by side so that PnL from price a to price b is always value(b) - value(a).
extension Valuation {
    /// The value that `size` changes hands for at `price`: rounded to nearest once, exactly opposite for both sides.
    ///
    /// Linear and quanto: positive for a buy. Inverse: negative for a buy. Source: DESIGN of contract kinds.
    @inline(__always)
    func executionValue(of size: Size, at price: Price) -> Amount {
        let value = magnitude(of: size, at: price, .nearest)
        return Amount(direction(of: size) < 0 ? -value : value)
    }

    /// The value of holding `size` at the mark, rounded down: what a closing there is sure to be worth.
    @inline(__always)
    func markValue(of size: Size, at mark: Price) -> Amount {
        // Rounding a negative value down is rounding its magnitude up.
        direction(of: size) < 0
            ? Amount(-magnitude(of: size, at: mark, .up)) : Amount(magnitude(of: size, at: mark, .down))
    }

    /// The unsigned value of `size` at `price`, rounded up: the notional that margin is asked for.
    @inline(__always)
    func notional(of size: Size, at price: Price) -> Amount {
        Amount(magnitude(of: size, at: price, .up))
    }

    /// The unsigned value of `size` at `price`, rounded in each way.
    @inline(__always)
    func worth(of size: Size, at price: Price) -> (down: Int64, nearest: Int64, up: Int64) {
        let (scaled, overflow) = size.magnitude.raw.multipliedReportingOverflow(by: factor.numerator)
        let (value, isWide) = scaled.multipliedReportingOverflow(by: price.raw)
        if factor.denominator == 1, kind != .inverse, !overflow, !isWide { return (value, value, value) }
        return fractionalWorth(of: size, at: price)
    }

    private func fractionalWorth(of size: Size, at price: Price) -> (down: Int64, nearest: Int64, up: Int64) {
        (
            magnitude(of: size, at: price, .down), magnitude(of: size, at: price, .nearest),
            magnitude(of: size, at: price, .up)
        )
    }

    /// `rate` of one lot's value at `price`, rounded to nearest once.
    func share(_ rate: Rate, ofLotAt price: Price) -> Amount {
        let (top, bottom) = magnitude(of: Size(1), at: price)
        return Amount(Int64(divide(top * rate.wide, by: bottom * Rate.one.wide, .nearest)))
    }

    /// Whether `size` at `price` is worth no more than the ledger can hold.
    @inline(__always)
    func holds(_ size: Size, at price: Price) -> Bool {
        guard size.magnitude.raw <= Limits.ticksOrLots, price.raw > 0, price.raw <= Limits.ticksOrLots else {
            return false
        }
        let (scaled, overflow) = size.magnitude.raw.multipliedReportingOverflow(by: factor.numerator)
        let (value, tooWide) = scaled.multipliedReportingOverflow(by: price.raw)
        if !overflow, !tooWide, kind != .inverse, value <= Limits.value { return true }
        let (top, bottom) = magnitude(of: size, at: price)
        let (bound, isBoundless) = bottom.multipliedReportingOverflow(by: Int128(Limits.value))
        return isBoundless || top <= bound
    }

    /// Whether it is so at either of two prices: that is, at the one of larger value.
    @inline(__always)
    func holds(_ size: Size, at price: Price, and other: Price) -> Bool {
        holds(size, at: kind == .inverse ? min(price, other) : max(price, other))
    }

    /// The sign of the value of `size`: that of the size, reversed for inverse contracts.
    @inline(__always)
    func direction(of size: Size) -> Int64 { kind == .inverse ? -size.sign : size.sign }

    /// The unsigned value in whole units, rounded as named; in one machine word where it fits.
    @inline(__always)
    private func magnitude(of size: Size, at price: Price, _ rounding: Rounding) -> Int64 {
        let (scaled, overflow) = size.magnitude.raw.multipliedReportingOverflow(by: factor.numerator)
        if !overflow, kind != .inverse { return multiply(scaled, by: price.raw, over: factor.denominator, rounding) }
        let (top, bottom) = magnitude(of: size, at: price)
        return Int64(divide(top, by: bottom, rounding))
    }

    func magnitude(of size: Size, at price: Price) -> (Int128, Int128) {
        let scaled = size.magnitude.wide * Int128(factor.numerator)
        switch kind {
        case .linear, .quanto: return (scaled * price.wide, Int128(factor.denominator))
        case .inverse: return (scaled, Int128(factor.denominator) * price.wide)
        }
    }
}

/// Prices worked out from values.
extension Valuation {
    /// The exact price, as a ratio in ticks, at which holding `size` is worth `value`.
    ///
    /// - Returns: `nil` where no positive price gives that value: a long whose margin covers a fall to zero, a short
    ///   inverse position no rise can exhaust.
    func exactPrice(of size: Size, worth value: Int128) -> (ticks: Int128, over: Int128)? {
        let magnitude = direction(of: size) < 0 ? -value : value
        guard magnitude > 0, size != .zero else { return nil }
        let lots = size.magnitude.wide * Int128(factor.numerator)
        switch kind {
        case .linear, .quanto: return (magnitude * Int128(factor.denominator), lots)
        case .inverse: return (lots, magnitude * Int128(factor.denominator))
        }
    }

    /// The price at which holding `size` is worth `value`, in whole ticks, or `nil` where there is none.
    func price(of size: Size, worth value: Amount, _ rounding: Rounding) -> Price? {
        if factor.denominator == 1, kind != .inverse, size != .zero {
            // A lot at one tick is worth whole units: one division of machine words.
            let (lot, overflow) = size.magnitude.raw.multipliedReportingOverflow(by: factor.numerator)
            let worth = size < .zero ? -value.raw : value.raw
            guard worth > 0 else { return nil }
            if !overflow { return Price(min(multiply(worth, by: 1, over: lot, rounding), Limits.ticksOrLots)) }
        }
        guard let (ticks, over) = exactPrice(of: size, worth: value.wide) else { return nil }
        let whole = divide(ticks, by: over, rounding)
        return Price(Int64(min(whole, Int128(Limits.ticksOrLots))))
    }
}

extension Contract {
    /// The value that `size` changes hands for at `price`, signed by side, rounded to nearest.
    public func executionValue(of size: Size, at price: Price) -> Amount {
        valuation.executionValue(of: size, at: price)
    }

    /// The price at which holding `size` is worth `value`, to the contract's display precision, ties away from zero.
    ///
    /// - Returns: `nil` where no positive price gives that value.
    public func displayPrice(of size: Size, worth value: Int128) -> ExactDecimal? {
        guard let (ticks, over) = valuation.exactPrice(of: size, worth: value) else { return nil }
        let scale = tick.places
        // ticks x tick, with the tick's digits on top and its places below.
        let (top, overflow) = ticks.multipliedReportingOverflow(by: tick.digits)
        let (bottom, below) = over.multipliedReportingOverflow(by: powerOfTen(scale))
        if overflow || below {
            return decimal(divide(ticks, by: over, .nearest) * tick.digits, over: powerOfTen(scale), places: display)
        }
        return decimal(top, over: bottom, places: display)
    }

    public func decimal(_ price: Price) -> ExactDecimal {
        ExactDecimal(digits: price.wide * tick.digits, places: tick.places)
    }

    public func decimal(_ size: Size) -> ExactDecimal {
        ExactDecimal(digits: size.wide * lot.digits, places: lot.places)
    }

    private func decimal(_ top: Int128, over bottom: Int128, places: Int) -> ExactDecimal {
        BreakwaterCore.decimal(top, over: bottom, places: places)
    }
}

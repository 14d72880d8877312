/// The insurance fund pays for closing lots in the book, or takes them onto its own.
extension Exchange {
    /// Aggresses the book beyond the bankruptcy price, as far as the fund's balance pays for the loss and the book is
    /// within `slippage` of the mark.
    ///
    /// - Returns: whether the rest has to wait for forced orders' share of the book.
    mutating func aggress(_ index: Int, slippage: Rate?) -> Bool {
        let lot = lots[index]
        lots[index].state = .insuranceFund
        let isCut = trade(lot: index, limit: slippage.map { worstPrice(of: lot, slippage: $0) }, aggressing: true)
        noteSpare(of: fund(of: lot.contract))
        if isCut { return lots[index].size != .zero }
        if lots[index].size != .zero, lots[index].size != lot.waiting {
            record(
                lot.liquidation, of: lot.contract,
                .fundExhausted(remaining: lots[index].size, fund: treasury.funds[fund(of: lot.contract)].balance))
        }
        return false
    }

    /// The price `slippage` beyond the mark, for the worse, but never short of the lot's own limit.
    private func worstPrice(of lot: Lot, slippage: Rate) -> Price {
        let side = OrderSide.of(-lot.size)
        let bound = markets[lot.contract.index].mark!.moved(by: slippage, against: side)
        let own = engineLimit(lot.contract, size: lot.size, settled: lot.settled)
        return side == .sell ? min(own, bound) : max(own, bound)
    }

    /// The largest part of `size` whose loss at `price` the fund can pay.
    func affordable(_ index: Int, _ size: Size, at price: Price) -> Size {
        let lot = lots[index]
        let budget = treasury.funds[fund(of: lot.contract)].balance
        return largestPart(size, within: budget) { part in
            let delta = Size(-lot.size.sign * part.raw)
            return lot.settled.share(part.raw, of: lot.size.magnitude.raw, .nearest)
                + markets[lot.contract.index].valuation.executionValue(of: delta, at: price)
        }
    }

    /// The largest part whose loss is within `budget`. Losses grow in proportion, up to rounding.
    private func largestPart(_ size: Size, within budget: Amount, loss: (Size) -> Amount) -> Size {
        let whole = loss(size)
        if whole <= budget { return size }
        guard budget > .zero else { return .zero }
        var part = Size(Int64(divide(size.wide * budget.wide, by: whole.wide, .down)))
        while part > .zero, loss(part) > budget { part = part - Size(1) }
        return part
    }
}

/// What the fund holds of one contract for its own account, and has paid for it.
struct Absorbed: Sendable, Equatable {
    var size = Size.zero
    var settled = Amount.zero
    var paid = Amount.zero
}

/// A fund, what it has paid into positions that it holds, and what these would cost it at mark, in the smallest unit of its
/// currency.
struct Backing {
    let balance: Amount
    let paid: Amount
    let losses: Amount

    /// What absorbed positions may still lose: a share `capital` of the fund as it was before it paid for them, less what
    /// they have cost and would cost now, and never more than there is. Rounded down.
    func left(of capital: Rate) -> Amount {
        min(balance - losses, capital.of(balance + paid, .down) - paid - losses)
    }

    /// By how much the fund could be smaller with nothing of that used up. Rounded down.
    func spare(of capital: Rate) -> Amount {
        let cost = paid + losses
        guard cost > .zero, capital > .zero else { return balance }
        let needed = Amount(Int64(clamping: divide(cost.wide * Int128(Rate.one.raw), by: Int128(capital.raw), .up)))
        return min(balance - losses, balance + paid - needed)
    }
}

/// Positions the fund holds for its own account. Each is backed by a share of the fund, and given up where its loss
/// grows beyond that, so that one market never empties what stands behind the others.
extension Exchange {
    /// Takes as much of a lot as the capital behind absorbed positions has room for; its loss at mark is paid at once.
    mutating func absorb(_ index: Int, capital: Rate) {
        lots[index].state = .insuranceFund
        let lot = lots[index]
        let market = lot.contract.index
        let room = backing(of: fund(of: lot.contract)).left(of: capital)
        let part = largestPart(lot.size.magnitude, within: room) { part in
            let share = lot.settled.share(part.raw, of: lot.size.magnitude.raw, .nearest)
            return share - valueAtMark(Size(part.raw * lot.size.sign), in: market)
        }
        guard part > .zero else {
            if lot.size != lot.waiting {
                record(
                    lot.liquidation, of: lot.contract,
                    .fundExhausted(remaining: lot.size, fund: treasury.funds[fund(of: lot.contract)].balance))
            }
            return
        }
        record(lot.liquidation, of: lot.contract, .absorbed(size: Size(part.raw * lot.size.sign)))
        let held = part < lot.size.magnitude ? split(index, part) : index
        lots[held].isAbsorbed = true
        lots[held].absorbedAt = markets[market].mark
        changeAbsorbed(lots[held], by: 1)
        pay(max(.zero, -unrealised(lots[held])), into: held)
        noteSpare(of: fund(of: lot.contract))
        if held != index { offer(held) }
    }

    /// Splits `part` off a lot, with its share of the settled value.
    private mutating func split(_ index: Int, _ part: Size) -> Int {
        let lot = lots[index]
        var piece = lot
        piece.size = Size(part.raw * lot.size.sign)
        piece.settled = lot.settled.share(part.raw, of: lot.size.magnitude.raw, .nearest)
        piece.paid = .zero
        lots[index].size = lot.size - piece.size
        lots[index].settled = lot.settled - piece.settled
        markets[lot.contract.index].splits += 1
        return add(piece)
    }

    /// How many of some lots are more than one for each liquidation.
    func splits(among some: [Int32]) -> Int {
        let liquidations = some.map { lots[Int($0)].liquidation }.sorted()
        return zip(liquidations, liquidations.dropFirst()).count { $0 == $1 }
    }

    /// Lets an absorbed lot go on to the next stages, with what the capital still pays of its loss.
    mutating func giveUp(_ index: Int, capital: Rate) {
        let loss = max(.zero, -unrealised(lots[index]))
        let room = backing(of: fund(of: lots[index].contract)).left(of: capital) + loss
        pay(min(loss, max(.zero, min(room, treasury.funds[fund(of: lots[index].contract)].balance))), into: index)
        changeAbsorbed(lots[index], by: -1)
        lots[index].isAbsorbed = false
    }

    /// Pays a lot's loss out of the fund: its settled value falls by as much.
    private mutating func pay(_ amount: Amount, into index: Int) {
        guard amount > .zero else { return }
        let fund = fund(of: lots[index].contract)
        changeAbsorbed(lots[index], by: -1)
        treasury.funds[fund].balance = treasury.funds[fund].balance - amount
        lots[index].settled = lots[index].settled - amount
        lots[index].paid = lots[index].paid + amount
        changeAbsorbed(lots[index], by: 1)
        record(lots[index].liquidation, of: lots[index].contract, .fundPaid(amount))
    }

    /// Keeps the contract's sums of absorbed lots in step: adds a lot (1), or takes it out (-1).
    mutating func changeAbsorbed(_ lot: Lot, by sign: Int64) {
        guard lot.isAbsorbed else { return }
        let market = lot.contract.index
        let sums = markets[market].absorbed
        markets[market].absorbed = Absorbed(
            size: sums.size + Size(lot.size.raw * sign), settled: sums.settled + Amount(lot.settled.raw * sign),
            paid: sums.paid + Amount(lot.paid.raw * sign))
    }

    /// What stands behind the positions that a fund has absorbed.
    func backing(of fund: Int) -> Backing {
        var (paid, losses) = (Amount.zero, Amount.zero)
        for index in markets.indices where self.fund(of: ContractID(index: index)) == fund {
            let sums = markets[index].absorbed
            guard markets[index].mark != nil else { continue }
            paid = paid + sums.paid
            losses = losses + max(.zero, sums.settled - valueAtMark(sums.size, in: index))
        }
        return Backing(balance: treasury.funds[fund].balance, paid: paid, losses: losses)
    }

    /// Remembers what a fund has to spare now that something was asked of it.
    private mutating func noteSpare(of fund: Int) {
        noteSpare(
            rulebook.stages.absorbingCapital.map { backing(of: fund).spare(of: $0) } ?? treasury.funds[fund].balance,
            of: fund)
    }

    private mutating func noteSpare(_ spare: Amount, of fund: Int) {
        treasury.funds[fund].leastSpare = min(treasury.funds[fund].leastSpare ?? spare, spare)
    }

    /// Whether absorbed positions lose more at mark than the capital behind them, and this lot is one of those that do.
    mutating func isBeyondCapital(_ lot: Lot) -> Bool {
        guard let capital = rulebook.stages.absorbingCapital, unrealised(lot) < .zero else { return false }
        let fund = fund(of: lot.contract)
        let backing = backing(of: fund)
        noteSpare(backing.spare(of: capital), of: fund)
        return backing.left(of: capital) < .zero
    }

    /// A lot's PnL at mark against its settled value.
    func unrealised(_ lot: Lot) -> Amount { valueAtMark(lot.size, in: lot.contract.index) - lot.settled }

    func valueAtMark(_ size: Size, in market: Int) -> Amount {
        markets[market].valuation.markValue(of: size, at: markets[market].mark!)
    }
}

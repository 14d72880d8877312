/// Other currencies that back a portfolio account: each counts for its value at mark less a haircut, up to a limit.
extension Exchange {
    /// What an account's other currencies count for behind `wallet`; zero for wallets that none backs.
    func collateralValue(behind wallet: Int) -> Amount {
        guard let collateral = rulebook.collateral, wallets[wallet].currency == collateral.into else { return .zero }
        var sum = Amount.zero
        for asset in collateral.assets {
            guard let source = findWallet(of: wallets[wallet].account, in: asset.currency) else { continue }
            sum = sum + value(of: pledged(source, asset), asset, less: asset.haircut)
        }
        return sum
    }

    /// The part of a wallet that backs positions in another currency: what it does not need itself, up to the limit.
    private func pledged(_ source: Int, _ asset: Collateral.Asset) -> Amount {
        let own = portfolioEquity(source) - wallets[source].cross - wallets[source].orders
        return min(
            max(.zero, min(own, wallets[source].balance - wallets[source].isolated)),
            asset.limit ?? Amount(Limits.money))
    }

    /// What `amount` of an asset is worth in the currency it backs, less a share, rounded down; zero without a mark.
    private func value(of amount: Amount, _ asset: Collateral.Asset, less share: Rate) -> Amount {
        guard let (price, over) = price(of: asset) else { return .zero }
        let (whole, overflow) = amount.wide.multipliedReportingOverflow(by: price)
        guard !overflow else { return .zero }
        let worth = min(divide(whole, by: over, .down), Int128(Limits.money))
        return (.one - share).of(Amount(Int64(worth)), .down)
    }

    /// Smallest units of the backed currency for one of the asset's, as a ratio; `nil` without a mark, or where the
    /// contract is not a linear one in the currency it is to price in.
    private func price(of asset: Collateral.Asset) -> (Int128, over: Int128)? {
        guard let collateral = rulebook.collateral, let contract = directory.contract(named: asset.symbol),
            directory[contract].kind == .linear, directory[contract].settle == collateral.into,
            let mark = markets[contract.index].mark
        else { return nil }
        let tick = directory[contract].tick
        let up = directory[collateral.into].decimals
        let down = directory[asset.currency].decimals + tick.places
        let common = min(up, down)
        let (top, overflow) = (mark.wide * tick.digits).multipliedReportingOverflow(by: powerOfTen(up - common))
        return overflow ? nil : (top, powerOfTen(down - common))
    }

    /// The wallet whose positions a wallet backs as collateral.
    func backed(by index: Int) -> Int? {
        guard let collateral = rulebook.collateral,
            collateral.assets.contains(where: { $0.currency == wallets[index].currency })
        else { return nil }
        return findWallet(of: wallets[index].account, in: collateral.into)
    }

    /// By how much the IM of the positions a wallet backs is short, where it backs any and it is.
    func pledgeMissing(by index: Int) -> Amount? {
        guard let target = backed(by: index), wallets[target].cross + wallets[target].orders > .zero else { return nil }
        let spare = portfolioEquity(target) - wallets[target].cross - wallets[target].orders
        return spare < .zero ? -spare : nil
    }

    /// A contract that prices what an account has pledged, where its mark is stale.
    func stalePledge(behind wallet: Int) -> ContractID? {
        guard let collateral = rulebook.collateral, wallets[wallet].currency == collateral.into else { return nil }
        for asset in collateral.assets {
            guard let source = findWallet(of: wallets[wallet].account, in: asset.currency),
                let contract = directory.contract(named: asset.symbol), !isFresh(contract.index),
                markets[contract.index].mark != nil, pledged(source, asset) > .zero
            else { continue }
            return contract
        }
        return nil
    }

    /// How much of a wallet can go without the account's other positions missing it.
    ///
    /// A wallet that backs another currency's positions may give up what those do not need.
    func unpledged(_ index: Int) -> Amount {
        guard let collateral = rulebook.collateral,
            let asset = collateral.assets.first(where: { $0.currency == wallets[index].currency }),
            let target = findWallet(of: wallets[index].account, in: collateral.into)
        else { return Amount(Limits.money) }
        let own = portfolioEquity(index) - wallets[index].cross - wallets[index].orders
        var spare = portfolioEquity(target) - wallets[target].cross - wallets[target].orders
        forEachPosition(backedBy: target) { position in
            if position.mode == .cross { spare = spare - (transferMargin(of: position) - position.initialMargin) }
        }
        let pledged = pledged(index, asset)
        let worth = value(of: pledged, asset, less: asset.haircut)
        if spare >= worth { return max(.zero, own) }
        // The most that leaves `spare` at zero or above: found by halving, because values round down.
        var (low, high) = (Int64(0), pledged.raw)
        while low < high {
            let middle = (low + high + 1) / 2
            let left = value(of: pledged - Amount(middle), asset, less: asset.haircut)
            if worth - left <= max(.zero, spare) { low = middle } else { high = middle - 1 }
        }
        return max(.zero, own - pledged + Amount(low))
    }
}

/// Selling it.
extension Exchange {
    /// The waterfall's stage: sells one currency after the other until the account is above MM again.
    mutating func convertCollateral(of index: Int, discount: Rate, in id: LiquidationID) {
        guard let collateral = rulebook.collateral, isPortfolio(positions[index]) else { return }
        let wallet = Int(positions[index].wallet)
        guard wallets[wallet].currency == collateral.into else { return }
        for asset in collateral.assets where isLiquidatable(index) {
            guard let source = findWallet(of: wallets[wallet].account, in: asset.currency) else { continue }
            let sold = pledged(source, asset)
            let received = convert(sold, of: source, asset, into: wallet, discount: discount)
            guard received > .zero else { continue }
            record(
                id, of: positions[index].contract,
                .collateralConverted(asset.currency, sold: sold, received: received))
        }
    }

    /// Sells as much of the first currency that is left as fills a wallet that would be negative.
    ///
    /// - Returns: whether anything could be sold.
    mutating func convertMissing(toWallet index: Int) -> Bool {
        guard let collateral = rulebook.collateral, wallets[index].currency == collateral.into else { return false }
        let missing = wallets[index].isolated - wallets[index].balance
        let discount = rulebook.stages.conversionDiscount
        for asset in collateral.assets {
            guard let source = findWallet(of: wallets[index].account, in: asset.currency) else { continue }
            let most = pledged(source, asset)
            guard most > .zero, value(of: most, asset, less: discount) > .zero else { continue }
            var (low, high) = (Int64(1), most.raw)
            while low < high {
                let middle = (low + high) / 2
                if value(of: Amount(middle), asset, less: discount) >= missing {
                    high = middle
                } else {
                    low = middle + 1
                }
            }
            if convert(Amount(low), of: source, asset, into: index, discount: discount) > .zero { return true }
        }
        return false
    }

    /// Sells `amount` outside the venue, at mark less the discount.
    ///
    /// - Returns: what it fetched.
    private mutating func convert(
        _ amount: Amount, of source: Int, _ asset: Collateral.Asset, into wallet: Int, discount: Rate
    ) -> Amount {
        let received = value(of: amount, asset, less: discount)
        guard amount > .zero, received > .zero else { return .zero }
        save(wallet: source)
        save(wallet: wallet)
        for currency in [asset.currency, wallets[wallet].currency] {
            undo.append(
                .converted(
                    currency.index, in: treasury.convertedIn[currency.index],
                    out: treasury.convertedOut[currency.index]))
        }
        credit(-amount, toWallet: source)
        credit(received, toWallet: wallet)
        treasury.convertedOut[asset.currency.index] = treasury.convertedOut[asset.currency.index] + amount
        let into = wallets[wallet].currency
        treasury.convertedIn[into.index] = treasury.convertedIn[into.index] + received
        undo.append(.events(events.count))
        events.append(.collateralConverted(wallets[wallet].account, asset.currency, amount, into, received))
        return received
    }

    /// Has every account looked at that the contract's mark prices collateral of.
    mutating func checkCollateral(pricedBy market: Int) {
        guard let collateral = rulebook.collateral else { return }
        for asset in collateral.assets where asset.symbol == markets[market].contract.symbol {
            for source in walletsByCurrency[asset.currency.index] where wallets[Int(source)].balance > .zero {
                if let target = findWallet(of: wallets[Int(source)].account, in: collateral.into) {
                    checkWalletLater(target)
                }
            }
        }
    }
}

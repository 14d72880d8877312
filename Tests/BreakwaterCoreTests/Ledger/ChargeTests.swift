import Testing

@testable import BreakwaterCore

@Suite("Ledger: charges")
struct ChargeTests {
    @Test("LED-001: an isolated position's funding takes what its portfolio has available, and no more of it")
    func isolatedFundingInPortfolio() throws {
        let row = RiskLimit(upTo: Amount(Limits.value), initial: Rate(10_000_000), maintenance: Rate(5_000_000))
        var terms = Terms(tiers: .progressive(rows: [row]))
        // Alice has 200 USDT: cross 100 lots worth 10,000 need 100, so 100 are available.
        var venue = try Venue(
            terms, rulebook: .plain(cross: .portfolio, basis: .mark), accounts: ["alice", "bob"],
            deposit: Amount(200_000_000))
        venue.execute(.deposit(venue.account("bob"), try terms.settlement().id, Venue.plenty))
        venue.trade(buyer: "alice", seller: "bob", 100, at: 100)
        // Isolated 10 lots worth 1,000 are assigned 10, so 90 are left.
        terms.symbol = "OTHER"
        venue.execute(.list(try terms.contract()))
        let other = ContractID(1)
        let (alice, bob) = (PositionKey(venue.account("alice"), other), PositionKey(venue.account("bob"), other))
        venue.execute(.mark([MarkPrice(other, Price(100))]))
        venue.execute(.setLeverage(alice, terms.maxLeverage, .isolated))
        venue.execute(.trade(TradeRequest(buyer: alice, seller: bob, size: Size(10), price: Price(100))))
        // Funding of 15 % is 150: 90 from available, 10 from assigned; 50 are the isolated position's own end.
        venue.execute(.payFunding(other, Rate(150_000_000)))
        let wallet = try #require(venue.exchange.findWallet(of: alice.account, in: try terms.settlement().id))
        #expect(venue.exchange.wallets[wallet].balance == Amount(100_000_000))
        #expect(venue.exchange.positionStatement(alice) == nil)
        #expect(venue.position("alice") == 100)
        #expect(venue.exchange.brokenInvariants() == [])
    }
}

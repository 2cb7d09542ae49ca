import SidetonePipeline
import Testing

@Suite struct LogBudgetTests {
    @Test func `a few entries per second pass, the rest are counted and reported with the next`() {
        var budget = LogBudget(perSecond: 2)
        #expect([0.0, 0.1, 0.2, 0.9].map { budget.consume(now: $0) } == [0, 0, nil, nil])
        #expect(budget.consume(now: 1.0) == 2)
        #expect(budget.consume(now: 1.1) == 0)
    }

    @Test func `a clock that steps back does not block it`() {
        var budget = LogBudget(perSecond: 1)
        #expect(budget.consume(now: 1_000) == 0)
        #expect(budget.consume(now: 10) == 0)
        #expect(budget.consume(now: 10.5) == nil)
    }
}

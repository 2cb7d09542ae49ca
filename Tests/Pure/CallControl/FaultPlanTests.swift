import SidetoneCallControl
import Testing

@Suite struct FaultPlanTests {
    private func problem(_ text: String) -> String? {
        do throws(FaultPlanError) {
            _ = try FaultPlan(text)
            return nil
        } catch { return error.description }
    }

    @Test func `every fault is read, and written as it may be read again`() throws {
        let text = FaultPlan.grammar.split(separator: ", ").joined(separator: ",")
        let plan = try FaultPlan(text)
        #expect(plan.drop == 0.02 && plan.reorder == 0.01 && plan.duplicate == 0.01 && plan.jitter == 0.04)
        #expect(plan.stalls.map(\.at) == [10] && plan.stalls.map(\.lasts) == [2] && plan.disconnect == 15)
        #expect(plan.sendsMediaBeforeStart && plan.omitsStop && plan.opensSecondSocket && plan.announcesWrongCodec)
        #expect(plan.clockDriftPPM == 200 && plan.webhooks == [.duplicate, .reorder, .delay])
        #expect(plan.description == text)
        #expect(try FaultPlan(plan.description) == plan)
    }

    @Test func `blanks after commas, fractions and several stalls are allowed`() throws {
        let plan = try FaultPlan("drop=0.5%, stall=1.5s@3s, stall=200ms@8s, clock-drift=-50ppm")
        #expect(plan.drop == 0.005 && plan.stalls.count == 2 && plan.clockDriftPPM == -50)
        #expect(plan.description == "drop=0.5%,stall=1.5s@3s,stall=0.2s@8s,clock-drift=-50ppm")
    }

    @Test(arguments: [
        ("drop", #"drop is without a value; expected a percentage of the media messages, such as drop=1%"#),
        ("drop=2", #"drop is "=2"; expected a percentage of the media messages, such as drop=1%"#),
        ("drop=101%", #"drop is "=101%"; expected a percentage of the media messages, such as drop=1%"#),
        (
            "webhooks=duplicate,reorder",
            #"reorder is without a value; expected a percentage of the media messages, such as reorder=1%; for webhooks write webhooks=reorder"#
        ),
        ("delay", "delay is a fault of webhooks: write webhooks=delay, or jitter=40ms for media"),
        ("stall=2s", #"stall is "=2s"; expected a duration and a time, such as stall=2s@10s"#),
        ("disconnect=15s", #"disconnect is "=15s"; expected a time, such as disconnect@15s"#),
        ("no-stop=1", "no-stop has no value; write no-stop alone"),
        ("drop=1%,drop=2%", #""drop" is given twice; keep one"#),
        ("dorp=1%", #""dorp" is not a fault; did you mean drop?"#),
        ("jitter=-1s", #"jitter is "=-1s"; expected a time up to 60 s, such as jitter=40ms"#),
    ])
    func `an invalid fault states the expected form`(text: String, expected: String) {
        #expect(problem(text) == expected)
    }

    @Test func `every problem is reported, not only the first`() {
        #expect(problem("drop=x,no-stop=1,")?.split(separator: ";").count ?? 0 >= 3)
    }
}

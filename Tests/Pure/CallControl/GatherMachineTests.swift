import SidetoneCallControl
import SidetoneJSON
import Testing

@Suite struct GatherMachineTests {
    /// Presses one key a second.
    private func result(_ keys: String, request: GatherRequest, thenAfter seconds: Int64 = 0) -> GatheredData? {
        var machine = GatherMachine(request, startMs: 0)
        var timeMs: Int64 = 0
        for key in keys {
            timeMs += 1_000
            machine.press(key, atMs: timeMs)
        }
        machine.advance(toMs: timeMs + seconds * 1_000)
        return machine.result
    }

    @Test func `enough digits end it at once`() {
        let request = GatherRequest(minDigits: 2, maxDigits: 2)
        #expect(result("1", request: request) == nil)
        #expect(
            result("12", request: request)
                == GatheredData(digits: "12", status: .completed, timedOut: false, request: request))
        #expect(result("123", request: request)?.digits == "12")
    }

    @Test func `the finish key ends it and does not count`() {
        let request = GatherRequest(minDigits: 2, maxDigits: 8, finishOnKey: "#")
        #expect(result("123#9", request: request)?.digits == "123")
        #expect(result("123#", request: request)?.status == "completed")
        #expect(result("1#", request: request)?.status == "incomplete")
        #expect(result("#", request: request)?.digits == "")
    }

    @Test func `time ends it, and each key gives it new time`() {
        let request = GatherRequest(minDigits: 2, maxDigits: 4, timeoutSeconds: 3)
        #expect(result("1", request: request, thenAfter: 2) == nil)
        #expect(
            result("1", request: request, thenAfter: 3)
                == GatheredData(digits: "1", status: .timeout, timedOut: true, request: request))
        #expect(
            result("123", request: request, thenAfter: 3)
                == GatheredData(digits: "123", status: .completed, timedOut: true, request: request))
        #expect(result("", request: request, thenAfter: 3)?.digits == "")
        var machine = GatherMachine(request, startMs: 500)
        #expect(machine.deadlineMs == 3_500)
        machine.press("1", atMs: 3_600)
        #expect(machine.result?.digits == "")
        #expect(machine.deadlineMs == nil)
    }

    @Test func `a hang-up ends it once`() {
        var machine = GatherMachine(GatherRequest(), startMs: 0)
        machine.hangUp()
        machine.press("1", atMs: 1)
        #expect(machine.result?.status == "hangup")
    }

    @Test func `what no telephone has is passed over and gives no time`() {
        var machine = GatherMachine(GatherRequest(maxDigits: 3, timeoutSeconds: 1), startMs: 0)
        machine.press("x", atMs: 900)
        machine.press("é", atMs: 900)
        #expect(machine.deadlineMs == 1_000)
    }

    @Test func `the data of the webhook reads back as it was written`() throws {
        let request = GatherRequest(minDigits: 1, maxDigits: 4, timeoutSeconds: 7, finishOnKey: "*")
        let data = try #require(result("12*", request: request))
        #expect(try GatheredData(data.json) == data)
        #expect(
            JSONWriter.text(of: .object(data.json))
                == #"{"digits":"12","status":"completed","timed_out":false,"min_digits":1,"max_digits":4,"#
                + #""timeout_seconds":7,"finish_on_key":"*"}"#)
    }
}

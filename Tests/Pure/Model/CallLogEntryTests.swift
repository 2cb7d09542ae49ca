import SidetoneModel
import Testing

@Suite struct CallLogEntryTests {
    private let entry = CallLogEntry(
        time: 0, log: .webhook, call: "CA1", event: "call.created",
        values: [
            .init("from", .text("+4930111222")), .init("to", .text("+49")), .init("status", .text("+4930111222")),
            .init("sent_at", .number(1.5)), .init("status_code", .integer(401)),
        ])

    @Test func `telephone numbers are masked, other values are not`() {
        #expect(entry.masked.text("from") == "+49••••••22")
        #expect(entry.masked.text("to") == "•••")
        #expect(entry.masked.text("status") == "+4930111222")
    }

    @Test func `masking twice changes nothing`() { #expect(entry.masked.masked == entry.masked) }

    @Test func `values are found by their names and kinds`() {
        #expect(entry.number("sent_at") == 1.5 && entry.number("status_code") == 401)
        #expect(entry.number("from") == nil && entry.text("sent_at") == nil && entry.text("nothing") == nil)
    }
}

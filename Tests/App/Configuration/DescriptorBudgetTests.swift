import SidetonePipeline
import SidetoneServer
import SidetoneWebhooks
import Testing

@testable import SidetoneConfiguration

@Suite struct DescriptorBudgetTests {
    private func settings(streams: Int, sinks: [String]) -> PipelineSettings {
        var settings = PipelineSettings()
        var source = WebSocketSourceSettings()
        source.maxStreams = streams
        settings.source = source
        settings.sinks = sinks.map { SinkSettings(name: $0, values: [:]) }
        return settings
    }

    @Test func `a stream needs its socket, its folder and the files of its sinks`() {
        func perStream(_ sinks: [String]) -> Int {
            DescriptorBudget(settings(streams: 1, sinks: sinks), limit: 1_024).perStream
        }
        #expect(perStream([]) == 1)
        // Two tracks, and both in one file.
        #expect(perStream(["wav"]) == 1 + 1 + 3)
        #expect(perStream(["wav", "csv", "jsonl", "capture", "summary"]) == 1 + 1 + 3 + 2 + 1 + 1)
        // Written at the end, one after the other.
        #expect(perStream(["rttm", "summary"]) == 1 + 1)
    }

    @Test func `everything fits where the limit is high, and nothing is said`() {
        let settings = settings(streams: 1_000, sinks: ["wav", "csv", "jsonl", "store", "monitor"])
        let budget = DescriptorBudget(settings, limit: 1_048_576)
        #expect(budget.streams == 1_000)
        #expect(budget.connections == settings.source?.maxConnectionsBeforeUpgrade)
        #expect(budget.warning == nil)
    }

    @Test(arguments: [256, 1_024, 4_096, 20_000])
    func `what is admitted fits into the limit, and the warning names a limit for all`(limit: Int) throws {
        var settings = settings(streams: 5_000, sinks: ["wav", "csv", "jsonl", "capture", "summary", "monitor"])
        settings.webhooks = WebhookSourceSettings()
        let budget = DescriptorBudget(settings, limit: limit)
        #expect(budget.streams > 0)
        #expect(budget.streams < 5_000)
        // A monitor's client may download a file.
        let clients = budget.webhookConnections + 2 * budget.monitorConnections
        let used = budget.streams * budget.perStream + budget.connections + clients
        #expect(used + DescriptorBudget.base <= limit)
        let warning = try #require(budget.warning)
        #expect(warning.contains("max_streams is 5000"))
        #expect(warning.contains("\(budget.streams) streams are admitted"))
        let needed = try #require(
            warning.split(separator: "LimitNOFILE=").last.flatMap { Int($0.prefix { $0.isNumber }) })
        #expect(DescriptorBudget(settings, limit: needed).warning == nil)
        #expect(budget.applied(to: settings.source)?.maxStreams == budget.streams)
    }

    @Test(arguments: [400, 1_024, 1_048_576])
    func `the monitor admits no more clients than there are descriptors`(limit: Int) {
        let budget = DescriptorBudget(settings(streams: 20, sinks: ["wav", "monitor"]), limit: limit)
        #expect((1...limit / 8).contains(budget.monitorConnections))
        // 100 subscribers of each kind, and 300 requests.
        if limit > 100_000 { #expect(budget.monitorConnections == 500) }
    }
}

import SidetoneCallControl
import SidetoneCodecs
import SidetoneJSON
import SidetoneModel
import SidetonePlatforms
import SidetoneTestSignals
import Testing

/// What every platform must do, as far as its profile says that it can. A platform is tested by being in
/// `PlatformCatalog`.
@Suite("Every platform") struct EveryPlatformTests {
    static let start = StreamStart(
        streamID: "MZ00000000000000000000000000000001", callID: "CA00000000000000000000000000000001",
        accountID: "AC00000000000000000000000000000001", tracks: [.inbound, .outbound],
        format: MediaFormat(encoding: .pcmu, sampleRate: 8_000),
        customParameters: ["tier": "b", "odd \"key\"": "/\\\n\u{1F600}"])

    static let events: [StreamEvent] = [
        .connected,
        .start(start),
        .media(MediaPacket(track: .inbound, sequence: 2, chunk: 1, timestampMs: 0, payload: Array(0...159))),
        .media(MediaPacket(track: .outbound, sequence: 3, chunk: 1, timestampMs: 0, payload: Array(96...255))),
        .dtmf(WireDigit(digit: "#", track: .inbound, durationMs: 160)),
        .mark(name: "greeting \"done\""),
        .media(MediaPacket(track: .inbound, sequence: 6, chunk: 2, timestampMs: 20, payload: [0xFF])),
        .stop,
    ]

    /// The start as the platform's streams can announce it.
    static func start(of platform: any Platform.Type) -> StreamStart {
        var start = start
        let profile = platform.profile
        start.tracks = profile.channels.tracks
        if !profile.carries.contains(.accountID) { start.accountID = nil }
        if let formats = profile.formats, !formats.contains(start.format) { start.format = formats[0] }
        return start
    }

    /// The events that the platform's streams can hold.
    static func events(of platform: any Platform.Type) -> [StreamEvent] {
        let profile = platform.profile
        var packets: Int64 = 0
        return events.compactMap { event in
            switch event {
            case .connected: profile.carries.contains(.greeting) ? event : nil
            case .start: .start(start(of: platform))
            case .media(var packet):
                profile.channels.tracks.contains(packet.track)
                    ? .media(
                        {
                            packets += 1
                            if !profile.carries.contains(.sequence) { packet.sequence = nil }
                            if !profile.carries.contains(.chunk) { packet.chunk = packets }
                            return packet
                        }()) : nil
            case .dtmf(let digit):
                profile.carries.contains(.digits)
                    ? .dtmf(profile.digit(digit.digit, track: digit.track, durationMs: digit.durationMs)) : nil
            case .mark: profile.carries.contains(.mark) ? event : nil
            case .stop: profile.end == .message ? event : nil
            case .paused, .resumed, .discarded, .reply, .remark: event
            }
        }
    }

    /// Reads the platform's streams on the connection that has the id of `start`.
    static func reader(of platform: any Platform.Type) -> any Platform {
        platform.init(opening: Opening(connectionID: start.streamID), settings: DialectSettings())
    }

    @Test(arguments: PlatformCatalog.all)
    func `reads back what it writes`(_ platform: any Platform.Type) throws {
        var writer = platform.init()
        var reader = Self.reader(of: platform)
        for event in Self.events(of: platform) {
            // Arrival in step with the audio, so that no dialect takes it for a pause.
            #expect(try reader.events(in: writer.write(event), arrival: .milliseconds(20)).map(Self.placed) == [event])
        }
    }

    /// A packet that arrival places is where it stands in the stream, to the millisecond of its audio so far.
    private static func placed(_ event: StreamEvent) -> StreamEvent {
        guard case .media(var packet) = event, packet.sequence == nil else { return event }
        packet.timestampMs = packet.chunk == 1 ? 0 : 20
        return .media(packet)
    }

    @Test(arguments: PlatformCatalog.all)
    func `what it cannot express has no message, or is an error`(_ platform: any Platform.Type) throws {
        var writer = platform.init()
        _ = try writer.messages(for: .start(Self.start(of: platform)))
        if !platform.profile.carries.contains(.greeting) { #expect(try writer.messages(for: .connected).isEmpty) }
        if platform.profile.end == .close { #expect(try writer.messages(for: .stop).isEmpty) }
        if !platform.profile.carries.contains(.mark) {
            #expect(throws: DialectError.self) { try writer.messages(for: .mark(name: "a")) }
        }
        #expect(throws: DialectError.self) { try writer.messages(for: .remark("a")) }
    }

    @Test(arguments: PlatformCatalog.all)
    func `reads back payloads of every length`(_ platform: any Platform.Type) throws {
        let track = platform.profile.channels.tracks.last ?? .inbound
        for count in Array(1...20) + [160, 320, 1_600, 16_001] {
            var writer = platform.init()
            var reader = Self.reader(of: platform)
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 251 &+ count) }
            let packet = MediaPacket(track: track, sequence: 9, chunk: 4, timestampMs: 80, payload: payload)
            let events = try reader.events(in: writer.write(.media(packet)))
            guard case .media(let read)? = events.first else {
                Issue.record("\(count) bytes give \(events)")
                continue
            }
            #expect(read.payload == payload && read.track == track)
        }
    }

    @Test(arguments: PlatformCatalog.all)
    func `numbers its packets itself where they carry no number`(_ platform: any Platform.Type) throws {
        var writer = platform.init()
        var reader = Self.reader(of: platform)
        for message in try writer.messages(for: .start(Self.start(of: platform))) { _ = try reader.events(in: message) }
        let tracks = platform.profile.channels.tracks
        var chunks: [TrackRole: [Int64?]] = [:]
        var sequences: [Int64] = []
        for track in [TrackRole.inbound, .outbound, .outbound, .inbound] where tracks.contains(track) {
            let message = try writer.write(
                .media(MediaPacket(track: track, sequence: nil, chunk: nil, timestampMs: 0, payload: [1, 0])))
            for case .media(let packet) in try reader.events(in: message) {
                chunks[packet.track, default: []].append(packet.chunk)
                if let sequence = packet.sequence { sequences.append(sequence) }
            }
        }
        #expect(chunks == Dictionary(uniqueKeysWithValues: tracks.map { ($0, [1, 2]) }))
        #expect(zip(sequences, sequences.dropFirst()).allSatisfy { $0 + 1 == $1 })
        #expect(sequences.isEmpty == !platform.profile.carries.contains(.sequence))
    }

    @Test(arguments: PlatformCatalog.all)
    func `carries every format that it announces`(_ platform: any Platform.Type) throws {
        let any = CodecCatalog.all.filter { $0.encoding != .l16BigEndian }
            .map { MediaFormat(encoding: $0.encoding, sampleRate: 16_000) }
        for format in platform.profile.formats ?? any {
            var writer = platform.init()
            var reader = Self.reader(of: platform)
            var start = Self.start(of: platform)
            start.format = format
            #expect(try reader.events(in: writer.write(.start(start))) == [.start(start)])
        }
        #expect(platform.profile.formats?.contains(platform.standardFormat) ?? true)
    }

    @Test(arguments: PlatformCatalog.all)
    func `a text cut off anywhere is refused, and the next message is read`(_ platform: any Platform.Type) throws {
        var writer = platform.init()
        var reader = Self.reader(of: platform)
        for event in Self.events(of: platform) {
            let message = try writer.write(event)
            if message.kind == .text {
                for count in 0..<message.bytes.count {
                    var cut = message
                    cut.bytes.removeLast(message.bytes.count - count)
                    #expect(throws: DialectError.self) { try reader.events(in: cut) }
                }
            }
            #expect(try reader.events(in: message).map(Self.placed) == [event])
        }
    }

    @Test(arguments: PlatformCatalog.all)
    func `random bytes never stop it, and never show in its errors`(_ platform: any Platform.Type) throws {
        let seed = UInt64.random(in: 0...(.max))
        print("seed \(seed)")  // Before anything can trap.
        var random = SplitMix64(seed: seed)
        var writer = platform.init()
        let events = Self.events(of: platform)
        let messages = try events.map { try writer.write($0) }
        var reader = Self.reader(of: platform)
        for turn in 0..<20_000 {
            var message = messages[Int.random(in: 0..<messages.count, using: &random)]
            if turn.isMultiple(of: 4) {
                message.bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            } else {
                // A sound message with up to four bytes changed.
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let letters = Array("{}[]\":,\\0-9e.nulltrue\u{0}".utf8) + [0xFF, 0xC0, 0x80]
                    message.bytes[Int.random(in: 0..<message.bytes.count, using: &random)] =
                        letters[Int.random(in: 0..<letters.count, using: &random)]
                }
            }
            do {
                _ = try reader.events(in: message, arrival: .milliseconds(turn))
            } catch {
                #expect(error.description.count < 400, "seed \(seed)")
                #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "seed \(seed)")
            }
        }
        let start = try #require(events.firstIndex(of: .start(Self.start(of: platform))))
        #expect(try reader.events(in: messages[start]) == [events[start]], "seed \(seed)")
    }

    // MARK: Recognition

    @Test(arguments: PlatformCatalog.all)
    func `no other dialect is sure of its openings`(_ platform: any Platform.Type) throws {
        var writer = platform.init()
        let messages = try Self.events(of: platform).prefix(3).flatMap { try writer.messages(for: $0) }
        for count in 1...messages.count {
            let opening = Opening(messages: Array(messages.prefix(count)))
            for other in PlatformCatalog.all where other.name != platform.name {
                // MiniVoice's assumed messages are Twilio's.
                if platform.name == "minivoice", other.name == "twilio" { continue }
                #expect(other.recognizes(opening) != .sure, "\(other.name) after \(count)")
            }
        }
    }

    @Test(arguments: PlatformCatalog.all)
    func `a receiver that ends a stream sends nothing that it does not expect`(_ platform: any Platform.Type) throws {
        var reader = Self.reader(of: platform)
        var sent: [WireMessage] = []
        reader.farewell(.shutdown) { sent.append($0) }
        #expect(sent.isEmpty || platform.profile.requiresReplies)
    }

    // MARK: Identifiers

    @Test(arguments: PlatformCatalog.all)
    func `ids are the same for one seed, and different otherwise`(_ platform: any Platform.Type) {
        func ids(_ seed: UInt64, isProbe: Bool = false) -> [String] {
            var source = IdentifierSource(seed: seed, time: "20260304T091507", isProbe: isProbe)
            let ids = platform.identifiers(from: &source)
            return [ids.call, ids.stream(1), ids.stream(2)] + (ids.account.map { [$0] } ?? [])
        }
        #expect(ids(1) == ids(1))
        for isProbe in [false, true] {
            #expect(Set(ids(1, isProbe: isProbe)).count == ids(1, isProbe: isProbe).count)
            #expect(ids(1, isProbe: isProbe)[0] != ids(2, isProbe: isProbe)[0])
            #expect(ids(1, isProbe: isProbe)[0].hasPrefix(platform.probeCallPrefix) == isProbe)
            #expect(PlatformCatalog.isProbe(callID: ids(1, isProbe: isProbe)[0]) == isProbe)
            #expect(ids(1, isProbe: isProbe).allSatisfy { $0.utf8.count <= 128 })
        }
    }

    @Test(arguments: [
        "call_doctor-0123456789ab", "CAd0c70200" + "0123456789abcdef01234567", "d0c70200-aaaa-4bbb-8ccc-dddddddddddd",
    ])
    func `a doctor's probe is recognised by the id of its call`(id: String) {
        #expect(PlatformCatalog.isProbe(callID: id))
    }

    // MARK: Documents

    @Test(arguments: PlatformCatalog.all)
    func `a request for a document names the call and its numbers`(_ platform: any Platform.Type) throws {
        let call = WebhookCall(id: "c-1", status: "dialing", direction: .inbound, from: "+4930111222", to: "+4930333")
        var findings = Diagnostics()
        let body = platform.documentRequest(for: call, variables: ["tier": "b"])
        guard case .object? = JSONReader.read(body, into: &findings) else {
            Issue.record("not an object")
            return
        }
        let text = String(decoding: body, as: UTF8.self)
        for part in ["c-1", "+4930111222", "+4930333", "\"tier\""] { #expect(text.contains(part)) }
        #expect(platform.documentFacts(of: call).values.contains("c-1"))
        if platform.documents.signature != nil { #expect(platform.documents.method == .post) }
    }

    @Test func `each language of documents is one platform's own`() {
        for language in DocumentLanguage.allCases {
            #expect(PlatformCatalog.all.filter { $0.documents.language == language }.count == 1)
            #expect(PlatformCatalog.platform(of: language) != nil)
        }
    }

    // MARK: The catalog

    @Test func `platforms stand in alphabetical order, each name once`() {
        let names = PlatformCatalog.all.map { $0.name }
        #expect(names == Set(names).sorted())
        for name in names { #expect(PlatformCatalog.named(name)?.name == name) }
        #expect(PlatformCatalog.named("Twilio") == nil)
    }

    @Test func `settings of dialects have defaults that are allowed, and a summary`() {
        for platform in PlatformCatalog.all {
            #expect(Set(platform.settings.map(\.name)).count == platform.settings.count)
            for setting in platform.settings {
                #expect(setting.words?.contains(setting.standard) ?? !setting.standard.isEmpty)
                #expect(!setting.summary.isEmpty)
            }
        }
    }
}

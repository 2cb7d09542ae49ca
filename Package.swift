// swift-tools-version: 6.2
import PackageDescription

// The module graph, floor by floor. A module `Sidetone<Folder>` lives in Sources/<Floor>/<Folder>, its tests in
// Tests/<Floor>/<Folder>. A floor uses only itself, the floors above it in this file, and System; Tests/Architecture
// reads the imports and holds that rule.
//
// SIDETONE_PURE=1 builds and tests the pure floor alone, with no package fetched.
let pureOnly = Context.environment["SIDETONE_PURE"] == "1"

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func module(_ floor: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: "Sidetone\(name)", dependencies: dependencies, path: "Sources/\(floor)/\(name)", swiftSettings: settings)
}

func tests(
    _ floor: String, _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .testTarget(
        name: "Sidetone\(name)Tests", dependencies: [.target(name: "Sidetone\(name)")] + dependencies,
        path: "Tests/\(floor)/\(name)", exclude: exclude, resources: resources, swiftSettings: settings)
}

func system(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let pure: [Target] = [
    system("CFFTW", pkgConfig: "fftw3f", apt: "libfftw3-dev"),
    system("COpus", pkgConfig: "opus", apt: "libopus-dev"),
    module("Pure", "Model"),
    .target(name: "CVectorMath", path: "Sources/System/CVectorMath"),
    module("Pure", "DSP", ["CFFTW", "CVectorMath"]),
    module("Pure", "CallControl", ["SidetoneModel"]),
    module("Pure", "Codecs", ["SidetoneModel", "COpus"]),
    module("Pure", "Dialects", ["SidetoneModel", "SidetoneCodecs"]),
    module("Pure", "Tracks", ["SidetoneModel", "SidetoneCodecs"]),
    module("Pure", "Analysis", ["SidetoneModel", "SidetoneDSP"]),
    module("Testing", "TestSignals", ["SidetoneModel"]),
    tests("Pure", "Model"),
    .testTarget(name: "ArchitectureTests", path: "Tests/Architecture", swiftSettings: settings),
    tests("Pure", "DSP", ["SidetoneModel", "SidetoneTestSignals"]),
    tests("Pure", "CallControl", ["SidetoneModel", "SidetoneTestSignals"], resources: [.copy("Peers")]),
    tests("Pure", "Codecs", ["SidetoneModel", "SidetoneTestSignals"], exclude: ["References"]),
    tests("Pure", "Dialects", ["SidetoneModel", "SidetoneCodecs", "SidetoneTestSignals"]),
    tests("Pure", "Tracks", ["SidetoneModel", "SidetoneCodecs", "SidetoneTestSignals"]),
    tests(
        "Pure", "Analysis", ["SidetoneModel", "SidetoneDSP", "SidetoneTestSignals"], exclude: ["Audio", "References"]),
]

func product(_ name: String, _ package: String) -> Target.Dependency { .product(name: name, package: package) }

let logging = product("Logging", "swift-log")
let nio = [
    product("NIOCore", "swift-nio"), product("NIOPosix", "swift-nio"), product("NIOHTTP1", "swift-nio"),
    product("NIOWebSocket", "swift-nio"), product("NIOTLS", "swift-nio"), product("NIOSSL", "swift-nio-ssl"),
]
let http = [
    product("Hummingbird", "hummingbird"), product("HummingbirdCore", "hummingbird"),
    product("HTTPTypes", "swift-http-types"),
]
let certificates = [
    product("Crypto", "swift-crypto"), product("X509", "swift-certificates"), product("SwiftASN1", "swift-asn1"),
]

let runtime: [Target] = [
    module(
        "Runtime", "Pipeline",
        [
            "SidetoneModel", "SidetoneCodecs", "SidetoneDialects", "SidetoneTracks", "SidetoneAnalysis", logging,
        ]),
    module("Runtime", "WebSocket", ["SidetoneModel", logging] + nio),
    module("Runtime", "Signatures", ["SidetoneCallControl", product("Crypto", "swift-crypto")]),
    module(
        "Runtime", "HTTP",
        [
            "SidetoneModel", "SidetoneCallControl", "SidetoneWebSocket",
            product("AsyncHTTPClient", "async-http-client"), logging,
        ] + http + nio),
    tests(
        "Runtime", "Pipeline",
        [
            "SidetoneModel", "SidetoneDialects", "SidetoneTracks", "SidetoneTestSignals", "SidetoneTestDoubles",
            logging,
        ]),
    tests("Runtime", "WebSocket", ["SidetoneModel", "SidetoneTestSignals", logging] + nio, exclude: ["Certificates"]),
    tests("Runtime", "Signatures", ["SidetoneCallControl"]),
    tests(
        "Runtime", "HTTP",
        [
            "SidetoneModel", "SidetoneWebSocket", product("AsyncHTTPClient", "async-http-client"),
            product("NIOEmbedded", "swift-nio"), logging,
        ] + http + nio,
        exclude: ["References"]),
]

let edges: [Target] = [
    system("CSndFile", pkgConfig: "sndfile", apt: "libsndfile1-dev"),
    system("CSoxr", pkgConfig: "soxr", apt: "libsoxr-dev"),
    module(
        "Edges", "Files",
        [
            "SidetoneModel", "SidetoneCodecs", "SidetoneTracks", "SidetoneAnalysis", "SidetoneCallControl",
            "SidetonePipeline", "CSndFile", "CSoxr", logging,
        ]),
    module(
        "Edges", "Server",
        ["SidetoneModel", "SidetoneDialects", "SidetonePipeline", "SidetoneWebSocket", "SidetoneSignatures", logging]
            + nio),
    module(
        "Edges", "Emulator",
        [
            "SidetoneModel", "SidetoneCallControl", "SidetoneCodecs", "SidetoneDialects", "SidetonePipeline",
            "SidetoneWebSocket", "SidetoneSignatures", "SidetoneHTTP", logging,
        ] + http + nio + certificates),
    module(
        "Edges", "Webhooks",
        [
            "SidetoneModel", "SidetoneCallControl", "SidetonePipeline", "SidetoneWebSocket", "SidetoneSignatures",
            "SidetoneHTTP", logging,
        ] + http + nio),
    module(
        "Edges", "Store",
        [
            "SidetoneModel", "SidetoneTracks", "SidetonePipeline", product("GRDB", "GRDB.swift"),
            product("ServiceLifecycle", "swift-service-lifecycle"), logging,
        ]),
    .target(
        name: "SidetoneMonitor",
        dependencies: [
            "SidetoneModel", "SidetoneDSP", "SidetoneAnalysis", "SidetonePipeline", "SidetoneHTTP",
            "SidetoneWebSocket", "SidetoneSignatures", product("CoreMetrics", "swift-metrics"), logging,
        ] + http + nio,
        path: "Sources/Edges/Monitor", resources: [.copy("Resources")], swiftSettings: settings),
    module("Edges", "Terminal", ["SidetoneModel", "SidetoneWebSocket"] + nio),
    tests("Edges", "Terminal"),
    tests(
        "Edges", "Server",
        [
            "SidetoneModel", "SidetoneCallControl", "SidetonePipeline", "SidetoneWebSocket", "SidetoneSignatures",
        ] + nio + [product("NIOEmbedded", "swift-nio")]),
    tests(
        "Edges", "Emulator",
        [
            "SidetoneModel", "SidetoneCallControl", "SidetoneCodecs", "SidetoneDialects", "SidetonePipeline",
            "SidetoneWebSocket", "SidetoneSignatures", "SidetoneHTTP", "SidetoneTestSignals", "SidetoneTestDoubles",
            logging,
        ] + http + nio + certificates),
    tests(
        "Edges", "Webhooks",
        [
            "SidetoneModel", "SidetoneCallControl", "SidetonePipeline", "SidetoneSignatures", "SidetoneHTTP",
            "SidetoneTestDoubles", product("AsyncHTTPClient", "async-http-client"), logging,
        ] + http + nio),
    tests(
        "Edges", "Store",
        [
            "SidetoneModel", "SidetoneTracks", "SidetoneAnalysis", "SidetonePipeline", product("GRDB", "GRDB.swift"),
            logging,
        ], exclude: ["Fixtures"]),
    tests(
        "Edges", "Monitor",
        [
            "SidetoneModel", "SidetoneAnalysis", "SidetonePipeline", "SidetoneHTTP", "SidetoneWebSocket",
            "SidetoneTestSignals", product("Metrics", "swift-metrics"),
            product("AsyncHTTPClient", "async-http-client"), logging,
        ] + http + nio),
    tests(
        "Edges", "Files",
        [
            "SidetoneModel", "SidetoneCodecs", "SidetoneTracks", "SidetonePipeline", "SidetoneTestSignals", "CSndFile",
            logging,
        ]),
]

let app: [Target] = [
    module(
        "App", "Assembly",
        [
            "SidetoneModel", "SidetoneDSP", "SidetoneCodecs", "SidetoneDialects", "SidetoneTracks", "SidetoneAnalysis",
            "SidetonePipeline", "SidetoneWebSocket", "SidetoneFiles", "SidetoneServer", "SidetoneEmulator",
            "SidetoneCallControl", "SidetoneSignatures", "SidetoneHTTP", "SidetoneWebhooks", "SidetoneStore",
            "SidetoneMonitor", "SidetoneTerminal",
            product("Yams", "Yams"), product("NIOPosix", "swift-nio"),
            product("ServiceLifecycle", "swift-service-lifecycle"),
            product("UnixSignals", "swift-service-lifecycle"), product("CoreMetrics", "swift-metrics"), logging,
        ] + certificates),
    .executableTarget(
        name: "sidetone",
        dependencies: [
            "SidetoneModel", "SidetoneCodecs", "SidetoneCallControl", "SidetonePipeline", "SidetoneFiles",
            "SidetoneEmulator", "SidetoneAssembly",
            product("ArgumentParser", "swift-argument-parser"), logging,
        ],
        path: "Sources/App/Command", swiftSettings: settings),
    module("Testing", "TestDoubles", ["SidetoneModel", "SidetonePipeline"]),
    tests(
        "App", "Assembly",
        [
            "SidetoneAnalysis", "SidetoneCallControl", "SidetoneFiles", "SidetonePipeline", "SidetoneServer",
            "SidetoneTestSignals",
            "SidetoneTracks",
        ]),
    .testTarget(
        name: "SidetoneEndToEndTests",
        dependencies: [
            "SidetoneModel", "SidetoneCodecs", "SidetoneDialects", "SidetonePipeline", "SidetoneWebSocket",
            "SidetoneFiles", "SidetoneServer", "SidetoneStore", "SidetoneEmulator", "SidetoneAssembly", "sidetone",
            "SidetoneCallControl", "SidetoneSignatures", "SidetoneWebhooks", "SidetoneHTTP", "SidetoneTestSignals",
            product("AsyncHTTPClient", "async-http-client"), logging,
        ] + http + nio,
        path: "Tests/EndToEnd", exclude: ["Peers"], swiftSettings: settings),
]

// What users, Benchmarks and Tests/Fuzz build on.
let libraries: [Product] = [
    "CFFTW", "SidetoneModel", "SidetoneDSP", "SidetoneCodecs", "SidetoneDialects", "SidetoneTracks", "SidetoneAnalysis",
    "SidetoneCallControl",
].map { .library(name: $0, targets: [$0]) }

let package = Package(
    name: "sidetone",
    products: libraries + (pureOnly ? [] : [.executable(name: "sidetone", targets: ["sidetone"])]),
    dependencies: pureOnly
        ? []
        : [
            .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
            .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
            .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
            .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
            .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
            .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
            .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
            .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
            .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
            .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
            .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
            .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
            .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
            .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        ],
    targets: pure + (pureOnly ? [] : runtime + edges + app)
)

// swift-tools-version: 6.2
import PackageDescription

// One table of modules, from which targets, tests and products derive. A module `Sidetone<Name>` lives in
// Sources/<Layer>/<Name>, its tests in Tests/<Layer>/<Name>. A layer imports itself, lower layers and System.
// Tests/Architecture compares every import with this table: what is declared is imported, and the other way round.
//
// SIDETONE_PURE=1 builds and tests the pure layer alone, with no package fetched.

let modules: [Module] = [
    Module("Pure", "JSON", tests: Tests(imports: ["Model"])),
    Module("Pure", "Model", imports: ["JSON"], tests: Tests()),
    Module("Pure", "DSP", imports: ["CFFTW", "CVectorMath"], tests: Tests(imports: ["TestSignals"])),
    Module(
        "Pure", "CallControl", imports: ["JSON", "Model"],
        tests: Tests(imports: ["JSON", "Model"], resources: ["Peers"])),
    Module(
        "Pure", "Codecs", imports: ["Model", "COpus"],
        tests: Tests(imports: ["Model", "TestSignals"], exclude: ["References"])),
    Module(
        "Pure", "Platforms", imports: ["JSON", "Model", "CallControl", "Codecs"],
        tests: Tests(imports: ["JSON", "Model", "CallControl", "Codecs", "TestSignals"])),
    Module("Pure", "Tracks", imports: ["Model", "Codecs"], tests: Tests(imports: ["Model", "Codecs"])),
    Module(
        "Pure", "Analysis", imports: ["JSON", "Model", "DSP"],
        tests: Tests(imports: ["Model", "DSP", "TestSignals"], exclude: ["Audio", "References"])),

    Module("Testing", "TestSignals", imports: ["Model"]),
    Module("Testing", "TestDoubles", imports: ["Pipeline"]),

    Module(
        "Runtime", "Pipeline", imports: ["JSON", "Model", "Codecs", "Platforms", "Tracks", "Analysis", "Logging"],
        tests: Tests(imports: ["JSON", "Model", "Codecs", "Platforms", "Tracks", "TestDoubles", "Logging"])),
    Module(
        "Runtime", "WebSocket",
        imports: ["JSON", "Model", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOWebSocket"],
        tests: Tests(
            imports: ["Model", "TestSignals", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOWebSocket"],
            exclude: ["Certificates"])),
    Module("Runtime", "Signatures", imports: ["CallControl", "Crypto"], tests: Tests(imports: ["CallControl"])),
    Module(
        "Runtime", "HTTP",
        imports: [
            "Model", "CallControl", "WebSocket", "AsyncHTTPClient", "HTTPTypes", "Hummingbird", "HummingbirdCore",
            "Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL",
        ],
        tests: Tests(
            imports: [
                "Model", "WebSocket", "AsyncHTTPClient", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging",
                "NIOCore", "NIOEmbedded", "NIOHTTP1", "NIOPosix", "NIOSSL",
            ], exclude: ["References"])),
    Module(
        "Runtime", "Playback",
        imports: ["Model", "CallControl", "Codecs", "Platforms", "Pipeline", "WebSocket", "NIOCore"],
        tests: Tests(imports: [
            "Model", "CallControl", "Codecs", "Platforms", "WebSocket", "NIOCore", "NIOHTTP1", "NIOPosix",
            "NIOWebSocket",
        ])),

    Module(
        "Edges", "Files",
        imports: ["JSON", "Model", "CallControl", "Codecs", "Pipeline", "CSndFile", "CSoxr", "Logging"],
        tests: Tests(imports: ["Model", "Codecs", "Tracks", "Pipeline", "CSndFile", "Logging"])),
    Module(
        "Edges", "Server",
        imports: [
            "Model", "Platforms", "Pipeline", "WebSocket", "Signatures", "Logging", "NIOCore", "NIOHTTP1", "NIOSSL",
        ],
        tests: Tests(imports: [
            "Model", "CallControl", "Pipeline", "WebSocket", "Signatures", "NIOCore", "NIOEmbedded", "NIOHTTP1",
        ])),
    Module(
        "Edges", "Emulator",
        imports: [
            "JSON", "Model", "CallControl", "Codecs", "Platforms", "Pipeline", "WebSocket", "Signatures", "HTTP",
            "Playback", "HTTPTypes", "Hummingbird", "NIOCore", "NIOPosix",
        ],
        tests: Tests(imports: [
            "JSON", "Model", "CallControl", "Codecs", "Platforms", "TestDoubles", "WebSocket", "Signatures", "HTTP",
            "Playback", "Hummingbird", "Logging", "NIOCore", "NIOPosix",
        ])),
    Module(
        "Edges", "Diagnostics",
        imports: [
            "JSON", "Model", "CallControl", "Codecs", "Platforms", "WebSocket", "Signatures", "HTTP", "Playback",
            "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOTLS", "SwiftASN1", "X509",
        ],
        tests: Tests(imports: [
            "JSON", "Model", "CallControl", "Platforms", "WebSocket", "HTTP", "Crypto", "NIOCore", "NIOHTTP1",
            "NIOPosix", "NIOSSL", "SwiftASN1", "X509",
        ])),
    Module(
        "Edges", "Webhooks",
        imports: [
            "JSON", "Model", "CallControl", "Platforms", "Pipeline", "WebSocket", "Signatures", "HTTP", "HTTPTypes",
            "Hummingbird", "Logging", "NIOCore", "NIOSSL",
        ],
        tests: Tests(imports: [
            "Model", "CallControl", "Platforms", "TestDoubles", "Pipeline", "Signatures", "AsyncHTTPClient", "Logging",
            "NIOCore", "NIOHTTP1", "NIOPosix",
        ])),
    Module(
        "Edges", "Store", imports: ["JSON", "Model", "Tracks", "Pipeline", "GRDB", "Logging", "ServiceLifecycle"],
        tests: Tests(imports: ["Model", "Tracks", "Analysis", "Pipeline", "GRDB", "Logging"], exclude: ["Fixtures"])),
    Module(
        "Edges", "Monitor",
        imports: [
            "JSON", "Model", "DSP", "Analysis", "Pipeline", "WebSocket", "Signatures", "HTTP", "CoreMetrics",
            "HTTPTypes", "Hummingbird", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "ServiceLifecycle",
        ], resources: ["Resources"],
        tests: Tests(imports: [
            "JSON", "Model", "Tracks", "TestSignals", "Pipeline", "WebSocket", "AsyncHTTPClient", "CoreMetrics",
            "Logging", "NIOCore", "NIOHTTP1", "NIOPosix",
        ])),
    Module("Edges", "Terminal", imports: ["Model", "WebSocket", "NIOCore"], tests: Tests()),

    Module(
        "App", "Configuration",
        imports: [
            "JSON", "Model", "CallControl", "Codecs", "Platforms", "Tracks", "Analysis", "Pipeline", "Files", "Server",
            "Webhooks", "Store", "Monitor", "Logging", "Yams",
        ],
        tests: Tests(imports: ["JSON", "Model", "CallControl", "Tracks", "Analysis", "Pipeline", "Server", "Webhooks"])),
    Module(
        "App", "Service",
        imports: [
            "JSON", "Model", "CallControl", "Codecs", "Platforms", "Pipeline", "WebSocket", "Signatures", "Files",
            "Server", "Webhooks", "Monitor", "Configuration", "CoreMetrics", "Logging", "NIOCore", "NIOPosix",
            "ServiceLifecycle", "UnixSignals",
        ], tests: Tests(imports: ["Files"])),
    Module(
        "App", "Command", executable: "sidetone",
        imports: [
            "JSON", "Model", "CallControl", "Codecs", "Platforms", "Tracks", "Analysis", "Pipeline", "WebSocket",
            "HTTP", "Playback", "Files", "Server", "Emulator", "Diagnostics", "Store", "Monitor", "Terminal",
            "Configuration", "Service", "ArgumentParser", "Crypto", "Logging", "NIOCore", "NIOPosix",
            "ServiceLifecycle", "SwiftASN1", "UnixSignals", "X509",
        ], tests: Tests(imports: ["Configuration"])),
]

/// Tests of no single module, in Tests/<Name>.
let suites: [String: Tests] = [
    "Architecture": Tests(),
    "EndToEnd": Tests(
        imports: [
            "JSON", "Model", "CallControl", "Codecs", "Platforms", "Analysis", "Pipeline", "WebSocket", "Signatures",
            "HTTP",
            "Playback", "Files", "Server", "Emulator", "Webhooks", "Store", "Configuration", "Service", "Command",
            "ArgumentParser", "AsyncHTTPClient", "HTTPTypes", "Hummingbird", "HummingbirdCore",
            "Logging", "NIOCore", "NIOHTTP1", "NIOPosix",
        ], exclude: ["Peers"]),
]

/// Libraries of the system; their module maps are in Sources/System.
let systemLibraries: [String: (pkgConfig: String, apt: String)] = [
    "CFFTW": ("fftw3f", "libfftw3-dev"), "COpus": ("opus", "libopus-dev"),
    "CSndFile": ("sndfile", "libsndfile1-dev"), "CSoxr": ("soxr", "libsoxr-dev"),
]
/// C sources of our own, in Sources/System.
let kernels = ["CVectorMath"]

let packages: [(url: String, from: Version, products: [String])] = [
    ("https://github.com/apple/swift-argument-parser", "1.8.2", ["ArgumentParser"]),
    ("https://github.com/apple/swift-asn1", "1.7.4", ["SwiftASN1"]),
    ("https://github.com/apple/swift-certificates", "1.21.1", ["X509"]),
    ("https://github.com/apple/swift-crypto", "4.5.2", ["Crypto"]),
    ("https://github.com/apple/swift-log", "1.16.2", ["Logging"]),
    (
        "https://github.com/apple/swift-nio", "2.101.2",
        ["NIOCore", "NIOEmbedded", "NIOHTTP1", "NIOPosix", "NIOTLS", "NIOWebSocket"]
    ),
    ("https://github.com/apple/swift-nio-ssl", "2.37.6", ["NIOSSL"]),
    ("https://github.com/apple/swift-http-types", "1.8.0", ["HTTPTypes"]),
    ("https://github.com/apple/swift-metrics", "2.13.0", ["CoreMetrics"]),
    ("https://github.com/groue/GRDB.swift", "7.10.0", ["GRDB"]),
    ("https://github.com/hummingbird-project/hummingbird", "2.28.1", ["Hummingbird", "HummingbirdCore"]),
    ("https://github.com/jpsim/Yams", "6.2.2", ["Yams"]),
    ("https://github.com/swift-server/async-http-client", "1.37.0", ["AsyncHTTPClient"]),
    ("https://github.com/swift-server/swift-service-lifecycle", "2.13.0", ["ServiceLifecycle", "UnixSignals"]),
]

// MARK: What derives from the tables

struct Module {
    var layer: String
    var name: String
    var executable: String?
    var imports: [String]
    var resources: [String]
    var tests: Tests?

    init(
        _ layer: String, _ name: String, executable: String? = nil, imports: [String] = [], resources: [String] = [],
        tests: Tests? = nil
    ) {
        (self.layer, self.name, self.executable) = (layer, name, executable)
        (self.imports, self.resources, self.tests) = (imports, resources, tests)
    }

    var target: String { executable ?? "Sidetone\(name)" }
}

struct Tests {
    /// Besides the module under test.
    var imports: [String] = []
    var exclude: [String] = []
    var resources: [String] = []
}

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func dependency(on name: String) -> Target.Dependency {
    if let package = packages.first(where: { $0.products.contains(name) }) {
        return .product(name: name, package: package.url.split(separator: "/").last.map(String.init) ?? package.url)
    }
    return .target(name: modules.first { $0.name == name }?.target ?? name)
}

func target(of module: Module) -> Target {
    let dependencies = module.imports.map(dependency(on:))
    let path = "Sources/\(module.layer)/\(module.name)"
    guard module.executable == nil else {
        return .executableTarget(
            name: module.target, dependencies: dependencies, path: path, swiftSettings: settings)
    }
    return .target(
        name: module.target, dependencies: dependencies, path: path,
        resources: module.resources.map { .copy($0) }, swiftSettings: settings)
}

func testTarget(_ name: String, path: String, subject: String? = nil, _ tests: Tests) -> Target {
    .testTarget(
        name: name,
        dependencies: (subject.map { [.target(name: $0)] } ?? []) + tests.imports.map(dependency(on:)),
        path: path, exclude: tests.exclude, resources: tests.resources.map { .copy($0) }, swiftSettings: settings)
}

let isPureOnly = Context.environment["SIDETONE_PURE"] == "1"
/// The pure layer, and what its tests need.
let pureModules = modules.filter { $0.layer == "Pure" || $0.name == "TestSignals" }
let builtModules = isPureOnly ? pureModules : modules

let systemTargets: [Target] =
    systemLibraries.sorted { $0.key < $1.key }.map { name, library in
        .systemLibrary(
            name: name, path: "Sources/System/\(name)", pkgConfig: library.pkgConfig, providers: [.apt([library.apt])])
    } + kernels.map { .target(name: $0, path: "Sources/System/\($0)") }
let usedSystemTargets = systemTargets.filter { target in builtModules.contains { $0.imports.contains(target.name) } }

let testTargets: [Target] =
    builtModules.compactMap { module in
        module.tests.map {
            testTarget(
                "Sidetone\(module.name)Tests", path: "Tests/\(module.layer)/\(module.name)", subject: module.target, $0)
        }
    }
    + suites.sorted { $0.key < $1.key }.filter { !isPureOnly || $0.value.imports.isEmpty }.map {
        testTarget("Sidetone\($0.key)Tests", path: "Tests/\($0.key)", $0.value)
    }

// Libraries: what users, Benchmarks and Tests/Fuzz build on.
let libraries: [Product] = (["CFFTW"] + modules.filter { $0.layer == "Pure" }.map(\.target)).map {
    .library(name: $0, targets: [$0])
}
let executables: [Product] = builtModules.compactMap(\.executable).map { .executable(name: $0, targets: [$0]) }

let package = Package(
    name: "sidetone",
    products: libraries + executables,
    dependencies: isPureOnly ? [] : packages.map { .package(url: $0.url, from: $0.from) },
    targets: usedSystemTargets + builtModules.map(target(of:)) + testTargets
)

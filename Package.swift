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
    _ floor: String, _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: "Sidetone\(name)Tests", dependencies: [.target(name: "Sidetone\(name)")] + dependencies,
        path: "Tests/\(floor)/\(name)", resources: resources, swiftSettings: settings)
}

func system(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let pure: [Target] = [
    system("CFFTW", pkgConfig: "fftw3f", apt: "libfftw3-dev"),
    module("Pure", "Model"),
    module("Pure", "DSP", ["CFFTW"]),
    module("Pure", "CallControl", ["SidetoneModel"]),
    module("Pure", "Codecs", ["SidetoneModel"]),
    module("Pure", "Dialects", ["SidetoneModel"]),
    module("Pure", "Tracks", ["SidetoneModel", "SidetoneCodecs"]),
    module("Pure", "Analysis", ["SidetoneModel", "SidetoneDSP"]),
    module("Testing", "TestSignals", ["SidetoneModel"]),
    tests("Pure", "Model"),
    tests("Pure", "DSP", ["SidetoneModel", "SidetoneTestSignals"]),
    tests("Pure", "CallControl", ["SidetoneModel"]),
    tests("Pure", "Codecs", ["SidetoneModel", "SidetoneTestSignals"]),
    tests("Pure", "Dialects", ["SidetoneModel"]),
    tests("Pure", "Tracks", ["SidetoneModel", "SidetoneCodecs", "SidetoneTestSignals"]),
    tests("Pure", "Analysis", ["SidetoneModel", "SidetoneDSP", "SidetoneTestSignals"]),
]

// What trains the detector of speech sees audio through the same code: SIDETONE_TRAINING=1 builds its program.
let training: [Target] =
    Context.environment["SIDETONE_TRAINING"] == "1"
    ? [
        .executableTarget(
            name: "vad-rows", dependencies: ["SidetoneAnalysis", "SidetoneDSP", "SidetoneModel"],
            path: "Benchmarks/vad-training/Rows", swiftSettings: settings)
    ] : []

let package = Package(
    name: "sidetone",
    products: [],
    dependencies: [],
    targets: pure + training
)

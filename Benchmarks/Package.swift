// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users of Sidetone never fetch what it needs. Build it with SIDETONE_PURE=1.
let package = Package(
    name: "sidetone-benchmarks",
    dependencies: [.package(name: "sidetone", path: "..")],
    targets: [
        .target(name: "CAllocations"),
        .executableTarget(
            name: "dsp-bench",
            dependencies: [
                "CAllocations",
                .product(name: "CFFTW", package: "sidetone"),
                .product(name: "SidetoneModel", package: "sidetone"),
                .product(name: "SidetoneDSP", package: "sidetone"),
                .product(name: "SidetoneAnalysis", package: "sidetone"),
            ]),
        .executableTarget(
            name: "ingest-bench",
            dependencies: ["SidetoneModel", "SidetoneCodecs", "SidetonePlatforms", "SidetoneTracks"].map {
                .product(name: $0, package: "sidetone")
            }),
        .executableTarget(
            name: "vad-rows",
            dependencies: [
                .product(name: "SidetoneModel", package: "sidetone"),
                .product(name: "SidetoneDSP", package: "sidetone"),
                .product(name: "SidetoneAnalysis", package: "sidetone"),
            ],
            path: "vad-training/Rows"),
    ]
)

// swift-tools-version: 6.2
import PackageDescription

// A package of its own: users of Sidetone never fetch what a benchmark needs. Built by run.sh.
let package = Package(
    name: "silero-benchmark",
    dependencies: [.package(name: "sidetone", path: "../..")],
    targets: [
        .executableTarget(
            name: "SileroBenchmark",
            dependencies: ["SidetoneModel", "SidetoneDSP", "SidetoneAnalysis"].map {
                .product(name: $0, package: "sidetone")
            })
    ]
)

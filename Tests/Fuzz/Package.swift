// swift-tools-version: 6.2
import PackageDescription

// Fuzz targets of the pure layer: a package of its own, built by run.sh with SIDETONE_PURE=1 and the flags that
// instrument every module, so that neither touches the product.
let package = Package(
    name: "sidetone-fuzz",
    dependencies: [.package(name: "sidetone", path: "../..")],
    targets: [
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "SidetoneJSON", "SidetoneModel", "SidetoneCodecs", "SidetonePlatforms", "SidetoneCallControl",
                "SidetoneTracks",
            ].map { .product(name: $0, package: "sidetone") })
    ]
)

// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A target of this package: every one is compiled with the same settings.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies + [argumentParser], swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, resources: resources,
    swiftSettings: settings)
}

func library(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

let package = Package(
  name: "colonies",
  products: [
    .library(name: "ColoniesClient", targets: ["Colonies", "ColoniesClient", "HTTPTransport", "JSON"]),
    .library(
      name: "ColoniesWorker",
      targets: ["Colonies", "ColoniesClient", "ColoniesWorker", "HTTPTransport", "JSON"]),
    .library(name: "Autoscaling", targets: ["Autoscaling"]),
    .library(name: "Simulation", targets: ["Autoscaling", "Simulation"]),
    .executable(name: "colonies", targets: ["colonies-cli"]),
    .executable(name: "colonies-autoscaler", targets: ["colonies-autoscaler"]),
    .executable(name: "fibonacci-worker", targets: ["fibonacci-worker"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    library("CSecp256k1", pkgConfig: "libsecp256k1", apt: "libsecp256k1-dev"),
    library("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
    library("CGMP", apt: "libgmp-dev"),
    library("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),

    module("JSON"),
    module("Base64"),
    module("Locking"),
    module("Timekeeping"),
    library("CMalloc", apt: "libc6-dev"),
    module("MemoryFootprint", ["CMalloc"]),
    module("Files"),
    module("Environment"),
    module("PrometheusMetrics", ["Locking", metrics]),
    module("HTTPTransport", ["CCurl", "Locking"]),
    module("YAML", ["CYAML", "JSON"]),
    module("CivilCalendar"),
    module("TimeZones", ["CivilCalendar"]),
    module("Autoscaling", ["TimeZones"]),
    module("Simulation", ["Autoscaling"]),
    module("Workloads", ["CivilCalendar", "Files", "Simulation", "YAML"]),
    module("SimulationReport", ["JSON", "Simulation"]),
    module("PolicySearch", ["Autoscaling", "Simulation", "YAML"]),
    module("DecisionRecording", ["Autoscaling", "Base64", "Files", "JSON"]),
    module("Colonies", ["Base64", "CivilCalendar", "JSON", "CSecp256k1", "CCrypto"]),
    module("LineLogging", ["Colonies", "JSON", logging]),
    module(
      "ColoniesServer",
      [
        "CivilCalendar", "Colonies", "JSON", "Locking", grdb, heap, httpTypes, hummingbirdCore,
        hummingbirdTLS, lifecycle, logging, nioCore, nioPosix, nioSSL,
      ]),
    module("ColoniesClient", ["Colonies", "HTTPTransport", "JSON", "Locking"]),
    module("WorkloadHistory", ["Colonies", "ColoniesClient", "Simulation"]),
    module(
      "ColoniesCLI",
      [
        "Colonies", "ColoniesClient", "Environment", "Files", "HTTPTransport", "JSON", "Locking",
        argumentParser,
      ]),
    module(
      "KubernetesClient",
      [
        "Base64", "CivilCalendar", "Files", "HTTPTransport", "JSON", "Locking", "Timekeeping", "YAML",
        subprocess,
        system,
      ]),
    module("Fibonacci", ["CGMP"]),
    module(
      "ColoniesWorker",
      [
        "Colonies", "ColoniesClient", "Environment", "Files", "HTTPTransport", "JSON", "LineLogging",
        "Locking",
        "Timekeeping", logging,
      ]),
    program(
      "fibonacci-worker",
      ["Colonies", "ColoniesClient", "ColoniesWorker", "Fibonacci", "JSON", logging, unixSignals]),
    module(
      "AutoscalerController",
      [
        "Autoscaling", "Colonies", "ColoniesClient", "DecisionRecording", "Files", "HTTPTransport", "JSON",
        "KubernetesClient", "Locking", "PrometheusMetrics", "Timekeeping", "YAML", httpTypes, hummingbirdCore,
        lifecycle, logging, metrics, nioCore, nioPosix, subprocess, system,
      ]),
    program(
      "colonies-autoscaler",
      [
        "AutoscalerController", "Autoscaling", "Colonies", "ColoniesClient", "DecisionRecording",
        "Environment", "Files", "HTTPTransport", "JSON", "KubernetesClient", "LineLogging", "Locking",
        "MemoryFootprint", "PolicySearch", "PrometheusMetrics", "Simulation", "SimulationReport",
        "WorkloadHistory", "Workloads", "YAML", lifecycle, logging, unixSignals,
      ]),
    program(
      "colonies-cli",
      [
        nioPosix, nioCore, "Colonies", "ColoniesCLI", "ColoniesServer", "Files", lifecycle, logging,
        unixSignals,
      ]),
    .target(name: "BenchReport", path: "hack/bench-report", swiftSettings: settings),
    .executableTarget(
      name: "load-generator", dependencies: ["Base64", "BenchReport", "Colonies", "JSON", argumentParser],
      path: "hack/load-generator", swiftSettings: settings),
    .executableTarget(
      name: "autoscaler-bench",
      dependencies: [
        "BenchReport", "Colonies", "ColoniesClient", "Files", "HTTPTransport", "JSON", "KubernetesClient",
        "KubernetesTestSupport", "TestSupport", "Timekeeping", argumentParser,
      ], path: "hack/autoscaler-bench", swiftSettings: settings),
    .target(
      name: "ColoniesTestSupport", dependencies: ["Colonies", "JSON"], path: "Tests/ColoniesTestSupport",
      resources: [.copy("Fixtures")], swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["Files", "Locking"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .target(
      name: "KubernetesTestSupport",
      dependencies: [
        "Files", "HTTPTransport", "JSON", "KubernetesClient", "Locking", "TestSupport", "YAML",
        httpTypes, hummingbirdCore, hummingbirdTLS, lifecycle, logging, nioCore, nioPosix, nioSSL, subprocess,
        system, unixSignals,
      ], path: "Tests/KubernetesTestSupport", swiftSettings: settings),
    .target(
      name: "ScaleInSoak",
      dependencies: [
        "Colonies", "ColoniesClient", "Files", "HTTPTransport", "JSON", "KubernetesClient",
        "KubernetesTestSupport", "Locking", "TestSupport",
      ], path: "Tests/ScaleInSoak", swiftSettings: settings),
    .executableTarget(
      name: "soak-worker",
      dependencies: ["ColoniesClient", "ColoniesWorker", logging, unixSignals], path: "hack/soak-worker",
      swiftSettings: settings),
    .executableTarget(
      name: "scale-in-soak",
      dependencies: ["KubernetesTestSupport", "ScaleInSoak", "TestSupport", argumentParser],
      path: "hack/scale-in-soak", swiftSettings: settings),
    tests("JSON", ["TestSupport"]),
    tests("Base64"),
    tests("ScaleInSoak", ["Colonies", "JSON", "KubernetesClient", "KubernetesTestSupport", "TestSupport"]),
    tests(
      "ColoniesServer",
      [
        "Base64", "Colonies", "ColoniesTestSupport", "JSON", "Locking", "TestSupport", grdb, httpTypes,
        hummingbirdCore, logging, nioCore,
      ]),
    tests("ColoniesClient", ["Colonies", "HTTPTransport"]),
    tests("HTTPTransport", ["Locking", "TestSupport"]),
    tests(
      "ColoniesCLI",
      [
        "Colonies", "ColoniesClient", "Files", "HTTPTransport", "JSON", "Locking", "TestSupport",
        argumentParser,
      ],
      resources: [.copy("Fixtures")]),
    tests("Locking", []),
    tests("PrometheusMetrics", ["Locking", metrics]),
    tests("Timekeeping", ["Locking", "TestSupport"]),
    tests("MemoryFootprint", ["Files"]),
    tests("Files", ["TestSupport"]),
    tests("LineLogging", ["JSON", "Locking", logging]),
    tests("KubernetesTestSupport", ["Files", "HTTPTransport", "JSON", "KubernetesClient", "TestSupport"]),
    tests("KubernetesClient", ["HTTPTransport", "JSON", "KubernetesTestSupport", "Locking", "TestSupport"]),
    tests("Fibonacci", ["fibonacci-worker", "ColoniesWorker", "Colonies", "JSON", logging]),
    tests(
      "ColoniesWorker",
      ["Colonies", "ColoniesClient", "Files", "HTTPTransport", "JSON", "Locking", "TestSupport", logging]),
    tests("YAML", ["JSON", "TestSupport"]),
    tests("TimeZones", ["CivilCalendar", "Files", "TestSupport"]),
    tests("Autoscaling", ["Files", "TestSupport"]),
    tests("Simulation", ["Autoscaling"]),
    tests("Workloads", ["Simulation", "TestSupport", "YAML"]),
    tests("SimulationReport", ["Autoscaling", "JSON", "Simulation"]),
    tests("PolicySearch", ["Autoscaling", "Simulation"]),
    tests("WorkloadHistory", ["Colonies", "ColoniesClient", "HTTPTransport", "JSON", "Simulation"]),
    tests("DecisionRecording", ["Autoscaling", "Files", "JSON", "TestSupport"]),
    tests(
      "AutoscalerController",
      [
        "Autoscaling", "Colonies", "ColoniesClient", "DecisionRecording", "Files", "HTTPTransport", "JSON",
        "KubernetesClient", "KubernetesTestSupport", "LineLogging", "Locking", "PrometheusMetrics",
        "TestSupport", "Timekeeping",
        "YAML", lifecycle, logging,
      ]),
    tests("Colonies", ["ColoniesTestSupport", "JSON"]),
    .testTarget(
      name: "ManifestTests",
      dependencies: [
        "AutoscalerController", "ColoniesClient", "JSON", "KubernetesClient", "KubernetesTestSupport",
        "TestSupport", "YAML", subprocess, system,
      ], swiftSettings: settings),
    .testTarget(
      name: "IntegrationTests",
      dependencies: [
        "AutoscalerController", "Autoscaling", "Colonies", "ColoniesClient", "ColoniesWorker", "Files",
        "HTTPTransport", "JSON",
        "KubernetesClient", "KubernetesTestSupport", "Locking", "PrometheusMetrics", "TestSupport",
        "ScaleInSoak", "colonies-autoscaler", "colonies-cli", "fibonacci-worker", "soak-worker", grdb,
        logging,
        metrics,
      ], resources: [.copy("Resources")], swiftSettings: settings),
  ]
)

import TestSupport
import Testing

/// A folder of `manifests/overlays` that people apply.
enum Overlay: String, Sendable, CaseIterable, CustomTestStringConvertible {
  case tutorial
  case autoscalerOnly = "autoscaler-only"
  case readOnly = "read-only"

  var testDescription: String { rawValue }

  /// The folder `manifests`.
  static let folder =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/manifests"

  /// What kubectl makes of it, in the order in which it is applied.
  func built() async throws -> [Manifest] {
    let text = try await Kubectl()("kustomize", "\(Self.folder)/overlays/\(rawValue)")
    return try text.split(separator: "\n", omittingEmptySubsequences: false).split(separator: "---")
      .map { try Manifest($0.joined(separator: "\n")) }
  }
}

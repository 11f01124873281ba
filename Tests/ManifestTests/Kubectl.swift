import Glibc
import Subprocess
import SystemPackage
import TestSupport

/// The program that people build and apply the manifests with.
struct Kubectl: Sendable {
  private let path: String

  /// Finds what COLONIES_TEST_KUBECTL names, or the one of hack/setup.
  /// - Throws: `Failure` when there is none: the tests never skip what they cannot run.
  init() throws {
    let cache = Self.variable("XDG_CACHE_HOME") ?? Self.variable("HOME").map { $0 + "/.cache" }
    guard
      let path = Self.variable("COLONIES_TEST_KUBECTL") ?? cache.map({ $0 + "/colonies/kubectl/kubectl" })
    else { throw Failure("HOME, XDG_CACHE_HOME or COLONIES_TEST_KUBECTL must tell where kubectl is") }
    guard access(path, X_OK) == 0 else {
      throw Failure(
        "there is no kubectl \(path); run hack/setup --tests, or set COLONIES_TEST_KUBECTL to one of 1.21 or "
          + "later")
    }
    self.path = path
  }

  /// Runs kubectl.
  /// - Parameters:
  ///   - kubeconfig: Which cluster it works with; nil for what needs none.
  ///   - input: What it reads from `-f -`.
  /// - Returns: Its standard output.
  func callAsFunction(
    _ arguments: String..., kubeconfig: String? = nil, input: String = ""
  ) async throws -> String {
    let result = try await Subprocess.run(
      .path(FilePath(path)), arguments: Arguments(arguments),
      // Without a cluster of the machine's user.
      environment: .inherit.updating(["KUBECONFIG": kubeconfig ?? "/dev/null"]), input: .string(input),
      output: .string(limit: 4 << 20), error: .string(limit: 1 << 16))
    guard result.terminationStatus == .exited(0) else {
      throw Failure("kubectl \(arguments.joined(separator: " ")): \(result.standardError)")
    }
    return result.standardOutput
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}

import Foundation
import TestSupport

/// Where Python and what it runs are.
enum PythonEnvironment {
  /// The Python that has what requirements.txt lists: what COLONIES_TEST_PYTHON names, or the one of hack/setup.
  /// - Throws: `Failure` when there is none: the tests never skip what they cannot run.
  static func interpreter() throws -> String {
    let environment = ProcessInfo.processInfo.environment.filter { !$0.value.isEmpty }
    let chosen = environment["COLONIES_TEST_PYTHON"]
    let cache = environment["XDG_CACHE_HOME"] ?? environment["HOME"].map { $0 + "/.cache" }
    guard let path = chosen ?? cache.map({ $0 + "/colonies/venv/bin/python" }) else {
      throw Failure("HOME, XDG_CACHE_HOME or COLONIES_TEST_PYTHON must tell where Python is")
    }
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Failure(
        "there is no Python \(path); run hack/setup --tests, or set COLONIES_TEST_PYTHON to one that has what "
          + "requirements.txt lists")
    }
    return path
  }

  /// The path of a file beside the tests.
  static func resource(_ name: String) -> String { "\(Bundle.module.bundlePath)/Resources/\(name)" }
}

import Glibc
import TestSupport

/// The programs under test, as the build made them.
enum BuiltProgram {
  /// The path of a program: beside the running test bundle, or in the directory that the variable
  /// `COLONIES_TESTED_PROGRAMS` names, for tests of another build.
  /// - Throws: `Failure` when it is not there: the tests never skip what they cannot run.
  static func path(of program: String = "colonies") throws -> String {
    let path =
      try (getenv("COLONIES_TESTED_PROGRAMS").map { String(cString: $0) } ?? ownDirectory()) + "/" + program
    guard access(path, X_OK) == 0 else {
      throw Failure("there is no program \(path); build it with: swift build --build-tests")
    }
    return path
  }

  /// Where the test bundle is, which on Linux is a program itself.
  private static func ownDirectory() throws -> String {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { name in
        name.baseAddress.map { readlink("/proc/self/exe", $0, name.count) } ?? 0
      }
    }
    guard count > 0 else { throw Failure("cannot find out where the test bundle is") }
    return "/"
      + String(decoding: buffer[..<count], as: UTF8.self).split(separator: "/").dropLast().joined(
        separator: "/")
  }
}

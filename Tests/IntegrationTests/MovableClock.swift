import Foundation
import Glibc
import TestSupport

/// The date and time that programs see, which a test moves as a person or a time server would. What measures durations
/// goes on as it is.
final class MovableClock: Sendable {
  /// What a program has in its environment to see this time, as `NAME=value`.
  let environment: [String]
  private let file: String

  /// Compiles what is loaded into the programs.
  init(directory: TemporaryDirectory, name: String) async throws {
    let source = Bundle.module.bundlePath + "/Resources/movable-clock.c"
    let library = directory.file(name + ".so")
    let compiler = try ChildProcess(
      ["/usr/bin/env", "cc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, source],
      logFile: directory.file(name + ".log"))
    guard await compiler.exit() == .code(0) else { throw Failure("\(source): \(compiler.log)") }
    file = directory.file(name)
    guard FileManager.default.createFile(atPath: file, contents: Data(count: MemoryLayout<Int64>.size)) else {
      throw Failure("\(file) cannot be written")
    }
    environment = ["LD_PRELOAD=\(library)", "MOVABLE_CLOCK=\(file)"]
  }

  /// Moves the time by so many seconds, at once and for all programs.
  func move(seconds: Int) throws {
    let descriptor = open(file, O_RDWR)
    defer { close(descriptor) }
    let size = MemoryLayout<Int64>.size
    // The programs have the file in their memory, so it is changed and not replaced.
    var offset: Int64 = 0
    guard pread(descriptor, &offset, size, 0) == size else { throw Failure("\(file) cannot be read") }
    offset += Int64(seconds)
    guard pwrite(descriptor, &offset, size, 0) == size else { throw Failure("\(file) cannot be written") }
  }
}

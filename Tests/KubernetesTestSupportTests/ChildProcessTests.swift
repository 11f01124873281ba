import Files
import Glibc
import TestSupport
import Testing

@Suite("A program beside a test", .timeLimit(.minutes(10)))
struct ChildProcessTests {
  private let directory = TemporaryDirectory()

  private func child(_ script: String) throws -> ChildProcess {
    try ChildProcess(["/bin/sh", "-c", script], logFile: directory.file("log"))
  }

  /// How the system calls what it does: T when it was stopped.
  private func state(of child: ChildProcess) throws -> Character? {
    let status = try File.text("/proc/\(child.pid)/stat")
    return status.split(separator: ")").last?.first { $0 != " " }
  }

  @Test("stands still when that is told, each time, and goes on")
  func freeze() async throws {
    let child = try child("while :; do :; done")
    for _ in 0..<20 {
      await child.freeze()
      #expect(try state(of: child) == "T")
      child.kill(SIGCONT)
    }
  }

  @Test("one that has ended is not waited for")
  func ended() async throws {
    let child = try child("exit 3")
    #expect(await child.exit() == .code(3))
    await child.freeze()
    #expect(child.exitIfEnded == .code(3))
  }
}

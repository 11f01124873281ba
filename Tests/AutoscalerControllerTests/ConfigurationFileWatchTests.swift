import Autoscaling
import Glibc
import JSON
import Locking
import TestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

@Suite("Watching the configuration file", .timeLimit(.minutes(10)))
struct ConfigurationFileWatchTests {
  private let clock = TestClock()
  private let refused = Locked<[String]>([])
  private let folder = TemporaryDirectory()

  private func text(max: Int) -> String {
    """
    servers: {a: {host: a, port: 1}}
    scalers:
      - {name: s, colony: {name: c}, credentials: {file: f}, executorType: t, max: \(max),
         target: {kind: LocalProcesses, command: [w]}}
    """
  }

  /// Watches a file while the body runs; what was applied comes as the maximum of the one scaler.
  private func watch(
    _ path: String, _ body: (Locked<[Int]>) async throws -> Void
  ) async throws {
    let file = ConfigurationFile(path: path)
    let watch = ConfigurationFileWatch(file: file, time: Timekeeper(clock))
    let applied = Locked<[Int]>([])
    let end = Latch()
    let version = file.version
    async let watching: Void = end.whileClosed {
      await watch.run(since: version) { [refused] result in
        switch result {
        case .success(let configuration):
          applied.withLock { $0.append(configuration.scalers[0].policy.max) }
        case .failure(let error): refused.withLock { $0.append("\(error)") }
        }
      }
    }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(applied))
    } catch {
      result = .failure(error)
    }
    end.open()
    await watching
    try result.get()
  }

  private func look(times: Int = 2) async throws {
    for _ in 0..<times {
      try await clock.pass(ConfigurationFileWatch.interval...ConfigurationFileWatch.interval)
    }
    // The look itself has happened when the watch sleeps again.
    try await clock.sleep(in: ConfigurationFileWatch.interval...ConfigurationFileWatch.interval)
  }

  @Test("a change is in force after two looks, which is one second")
  func change() async throws {
    let path = folder.write(text(max: 1), to: "config.yaml")
    try await watch(path) { applied in
      try await look()
      folder.write(text(max: 2), to: "config.yaml")
      try await look()
      #expect(applied.withLock { $0 } == [2])
    }
    #expect(ConfigurationFileWatch.interval * 2 <= .seconds(1))
  }

  @Test("a bad edit is refused once, with its place, and the next good one is taken")
  func badEdit() async throws {
    let path = folder.write(text(max: 1), to: "config.yaml")
    try await watch(path) { applied in
      try await look()
      folder.write(text(max: -7), to: "config.yaml")
      try await look(times: 6)
      #expect(
        refused.withLock { $0 } == ["\(path):3:80: scalers[0].max: must be from 0 to 1000000, got -7"])
      folder.write(text(max: 3), to: "config.yaml")
      try await look()
      #expect(applied.withLock { $0 } == [3])
    }
  }

  @Test("a file that goes away is refused once, and taken when it is back")
  func missing() async throws {
    let path = folder.write(text(max: 1), to: "config.yaml")
    try await watch(path) { applied in
      try await look()
      unlink(path)
      try await look(times: 4)
      #expect(refused.withLock { $0 } == ["\(path): cannot be read: No such file or directory"])
      folder.write(text(max: 5), to: "config.yaml")
      try await look()
      #expect(applied.withLock { $0 } == [5])
    }
  }

  @Test("moving a symbolic link, as mounted configurations do, is a change")
  func symbolicLink() async throws {
    for version in 1...2 {
      mkdir("\(folder.path)/v\(version)", 0o755)
      folder.write(text(max: version), to: "v\(version)/config.yaml")
    }
    symlink("v1", "\(folder.path)/..data")
    symlink("..data/config.yaml", "\(folder.path)/config.yaml")
    try await watch("\(folder.path)/config.yaml") { applied in
      try await look()
      symlink("v2", "\(folder.path)/..data_tmp")
      rename("\(folder.path)/..data_tmp", "\(folder.path)/..data")
      try await look()
      #expect(applied.withLock { $0 } == [2])
    }
  }

  @Test("a file that is still changing is not read")
  func unsettled() async throws {
    let path = folder.write(text(max: 1), to: "config.yaml")
    try await watch(path) { applied in
      try await look()
      folder.write("servers: {", to: "config.yaml")
      try await look(times: 1)
      folder.write(text(max: 2), to: "config.yaml")
      try await look()
      #expect(applied.withLock { $0 } == [2])
    }
    #expect(refused.withLock(\.isEmpty))
  }
}

import Autoscaling
import Colonies
import JSON
import Testing
import YAML

@testable import AutoscalerController

@Suite("Reading several queues")
struct SeveralQueuesReadingTests {
  /// A configuration with a scaler of these keys.
  private func read(
    _ lines: String, target: String = "{kind: Deployment, name: web}", servers: String = "a"
  ) throws -> AutoscalerConfiguration {
    let all = servers.map { "\($0): {host: \($0), port: 1}" }.joined(separator: ", ")
    let text = """
      servers: {\(all)}
      scalers:
        - {name: fib, max: 9, target: \(target),
           \(lines)}
      """
    return try AutoscalerConfiguration(reading: Array(text.utf8), file: "c.yaml")
  }

  private func problems(_ lines: String, target: String = "{kind: Deployment, name: web}") -> [String] {
    do {
      _ = try read(lines, target: target)
      return []
    } catch let error as YAMLError {
      return error.problems.map { "\($0.path): \($0.message)" }
    } catch {
      return ["\(error)"]
    }
  }

  @Test("queues have what is the scaler's unless they say otherwise")
  func inherited() throws {
    let configuration = try read(
      """
      server: a, colony: {name: dev}, credentials: {environment: KEY}, combine: max,
           queues: [{executorType: x}, {executorType: y, server: b, colony: {name: other},
           credentials: {environment: OTHER}}]
      """, servers: "ab")
    let scaler = try #require(configuration.scalers.first)
    #expect(scaler.queues.map(\.executorType) == ["x", "y"])
    #expect(scaler.queues.map(\.server.name) == ["a", "b"])
    #expect(scaler.queues.map(\.colony.name) == ["dev", "other"])
    #expect(scaler.queues.map(\.credentials) == [.environment("KEY"), .environment("OTHER")])
    #expect(scaler.executorType == "x")
    #expect(scaler.policy.combine == .max)
    #expect(configuration.queues.count == 2)
    #expect(configuration.summary.contains("\n  queue: processes for y in colony other on b, "))
    #expect(configuration.summary.contains("\n  rules: the longest of them, 1 process each"))
    let json = try JSONValue(parsing: configuration.jsonSummary)["scalers"]?[0]
    #expect(json?["queues"]?[1]?["executorType"] == "y" && json?["combine"] == "max")
  }

  @Test("each queue may have everything of its own")
  func own() throws {
    let queue = "colony: {name: dev}, credentials: {environment: KEY}"
    let configuration = try read(
      "queues: [{executorType: x, server: a, \(queue)}, {executorType: y, server: b, \(queue)}]",
      servers: "ab")
    #expect(configuration.scalers[0].queues.map(\.server.name) == ["a", "b"])
    #expect(configuration.scalers[0].policy.combine == .sum)
  }

  @Test("what is wrong is told with its place")
  func wrong() {
    let base = "colony: {name: dev}, credentials: {environment: KEY}"
    #expect(
      problems("\(base), executorType: x, queues: [{executorType: x}, {executorType: y}]") == [
        "scalers[0].executorType: is given, but so are queues, each of which has its own"
      ])
    #expect(
      problems("\(base), queues: [{executorType: x}]") == [
        "scalers[0].queues: must have from 2 to 20 elements, has 1"
      ])
    #expect(
      problems("colony: {name: dev}, queues: [{executorType: x}, {executorType: y}]").allSatisfy {
        $0.hasSuffix("required key \"credentials\" is missing")
      })
    #expect(
      problems(
        "\(base), queues: [{executorType: x}, {executorType: y}]",
        target: "{kind: LocalProcesses, command: [w]}") == [
          "scalers[0].queues: are given, but local processes are told one queue to serve"
        ])
  }
}

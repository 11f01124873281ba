import Autoscaling
import JSON
import Testing
import YAML

@testable import AutoscalerController

@Suite("Reading a scaler's rules")
struct PolicyReadingTests {
  /// A configuration with more keys of its only scaler, each in a line of its own; the first is line 5.
  private func configuration(_ lines: String...) throws -> AutoscalerConfiguration {
    let text = """
      servers: {local: {host: localhost, port: 50080}}
      scalers:
        - {name: fib, colony: {name: dev}, credentials: {environment: COLONY_KEY},
           executorType: fibonacci, max: 100, target: {kind: LocalProcesses, command: [w]},
           \(lines.joined(separator: ",\n     "))}
      """
    return try AutoscalerConfiguration(reading: Array(text.utf8), file: "c.yaml")
  }

  private func policy(_ line: String) throws -> ScalingPolicy? {
    try configuration(line).scalers.first?.policy
  }

  private func problems(_ line: String) -> [String] {
    do {
      _ = try configuration(line)
      return []
    } catch let error as YAMLError {
      return error.problems.map { "\($0.mark.line):\($0.mark.column): \($0.path): \($0.message)" }
    } catch {
      return ["\(error)"]
    }
  }

  @Test("the behavior of both directions")
  func behavior() throws {
    let configuration = try configuration(
      "scaleUp: {tolerance: 0.1, stabilizationWindow: 15s, policies: [{type: Percent, value: 100, period: 15s}, "
        + "{type: Pods, value: 4, period: 1m}], select: Min}",
      "scaleDown: {idleFor: 30s, stabilizationWindow: 5m, select: Disabled}")
    let scaler = try #require(configuration.scalers.first)
    let expected = try ScalingPolicy(
      max: 100,
      scaleUp: ScalingBehavior(
        tolerance: 0.1, stabilizationWindow: .seconds(15),
        policies: [
          ScalingRate(.percent, 100, period: .seconds(15)), ScalingRate(.pods, 4, period: .seconds(60)),
        ], select: .min), idleFor: .seconds(30),
      scaleDown: ScalingBehavior(stabilizationWindow: .seconds(300), select: .disabled))
    #expect(scaler.policy == expected)
    let lines = configuration.summary.split(separator: "\n")
    #expect(lines.contains { $0.contains("fewer after 5 m") })
    #expect(
      lines.contains(
        "  growing: ignores 0.1 of demand, after 15 s, at most 100 Percent in 15 s or 4 Pods in 1 m, "
          + "whichever is less"))
    #expect(lines.contains("  shrinking: disabled"))
    let json = try JSONValue(parsing: configuration.jsonSummary)["scalers"]?[0]
    #expect(json?["scaleUp"]?["policies"]?[1]?["value"] == 4)
    #expect(json?["scaleUp"]?["select"] == "Min")
    #expect(json?["scaleDown"]?["stabilizationWindowSeconds"]?.double == 300)
  }

  @Test("a stabilization window of shrinking replaces the default keep-alive, not one that is set")
  func windows() throws {
    #expect(try policy("scaleDown: {stabilizationWindow: 0s}")?.scaleDown.window == .zero)
    #expect(
      try policy("scaleDown: {stabilizationWindow: 10s, idleFor: 20s}")?.scaleDown.window == .seconds(20))
    #expect(try policy("scaleDown: {tolerance: 0.2}")?.scaleDown.window == .seconds(60))
  }

  @Test("bounds at certain times, in a zone of this machine")
  func schedules() throws {
    let configuration = try configuration(
      "schedules: [{from: 0 8 * * 1-5, to: 0 18 * * 1-5, timeZone: Europe/Stockholm, min: 5, max: 50}]")
    let schedule = try #require(configuration.scalers.first?.policy.schedules.first)
    #expect(schedule.isActive(at: .seconds(1_795_417_200)))
    #expect(!schedule.isActive(at: .seconds(1_795_417_199)))
    #expect(schedule.min == 5 && schedule.max == 50)
    #expect(
      configuration.summary.contains(
        "\n  schedule: min 5, max 50 from 0 8 * * 1-5 to 0 18 * * 1-5 (Europe/Stockholm)\n"))
    let json = try JSONValue(parsing: configuration.jsonSummary)["scalers"]?[0]?["schedules"]?[0]
    #expect(json?["timeZone"] == "Europe/Stockholm" && json?["max"] == 50)
  }

  @Test("objectives")
  func objectives() throws {
    let configuration = try configuration("drainWithin: 5m", "startWithin: 10s", "concurrency: 4")
    #expect(
      configuration.scalers.first?.policy.objectives
        == ScalingObjectives(drainWithin: .seconds(300), startWithin: .seconds(10), concurrency: 4))
    #expect(
      configuration.summary.contains(
        "\n  objective: finish what there is within 5 m, 4 processes at once in each worker"
          + "\n  objective: begin within 10 s, 4 processes at once in each worker\n"))
    let json = try JSONValue(parsing: configuration.jsonSummary)["scalers"]?[0]
    #expect(json?["drainWithinSeconds"]?.double == 300 && json?["startWithinSeconds"]?.double == 10)
    #expect(json?["concurrency"] == 4)
  }

  @Test("a budget of changes")
  func budget() throws {
    let configuration = try configuration("maxChangesPerHour: 12")
    #expect(configuration.scalers.first?.policy.maxChangesPerHour == 12)
    #expect(configuration.summary.contains("\n  changes: at most 12 in an hour\n"))
  }

  @Test(
    "what is wrong is told with its place and what was expected",
    arguments: [
      (
        "scaleUp: {tolerance: 10%}",
        "5:27: scalers[0].scaleUp.tolerance: must be a number like 0.1, got \"10%\""
      ),
      ("scaleUp: {tolerance: 11}", "5:27: scalers[0].scaleUp.tolerance: must be from 0.0 to 10.0, got 11"),
      (
        "schedules: [{from: 0 8 * *, to: 0 9 * * *, min: 1}]",
        "5:25: scalers[0].schedules[0].from: must have five fields like `0 8 * * 1-5`, has 4"
      ),
      (
        "schedules: [{from: 0 8 * * *, to: 0 9 * * *, timeZone: Europe/Atlantis, min: 1}]",
        "5:61: scalers[0].schedules[0].timeZone: must be the name of a time zone on this machine like "
          + "Europe/Stockholm: No such file or directory"
      ),
      (
        "schedules: [{from: 0 8 * * *, to: 0 9 * * *, timeZone: ../passwd, min: 1}]",
        "5:61: scalers[0].schedules[0].timeZone: must be the name of a time zone like Europe/Stockholm"
      ),
      (
        "schedules: [{from: 0 8 * * *, to: 0 9 * * *}]",
        "5:18: scalers[0].schedules[0]: must have a min, a max or both"
      ),
      (
        "schedules: [{from: 0 8 * * *, to: 0 9 * * *, max: 300}]",
        "5:17: scalers[0].schedules: must be at most 256 for local processes, got 300"
      ),
      ("combine: max", "5:15: scalers[0].combine: is given, but there are no queues to combine"),
      ("drainWithin: 100ms", "5:19: scalers[0].drainWithin: must be from 1 s to 1 d, got 100 ms"),
      ("startWithin: 25h", "5:19: scalers[0].startWithin: must be from 1 s to 1 d, got 1 d 1 h"),
      (
        "concurrency: 2",
        "5:19: scalers[0].concurrency: is given, but neither drainWithin nor startWithin, which it is for"
      ),
      ("maxChangesPerHour: 0", "5:25: scalers[0].maxChangesPerHour: must be from 1 to 1000, got 0"),
      (
        "scaleDown: {stabilizationWindow: 2h}",
        "5:39: scalers[0].scaleDown.stabilizationWindow: must be from 0s to 1h, got 2h"
      ),
      (
        "scaleUp: {policies: []}",
        "5:26: scalers[0].scaleUp.policies: must have from 1 to 10 elements, has 0"
      ),
      (
        "scaleUp: {policies: [{type: Pod, value: 1, period: 1m}]}",
        "5:34: scalers[0].scaleUp.policies[0].type: must be one of Pods, Percent, got \"Pod\"; "
          + "did you mean \"Pods\"?"
      ),
      (
        "scaleUp: {policies: [{type: Pods, value: 0, period: 1m}]}",
        "5:47: scalers[0].scaleUp.policies[0].value: must be from 1 to 1000000, got 0"
      ),
      (
        "scaleUp: {policies: [{type: Pods, value: 1, period: 31m}]}",
        "5:58: scalers[0].scaleUp.policies[0].period: must be from 1s to 30m, got 31m"
      ),
      (
        "scaleUp: {idleFor: 1m}",
        "5:16: scalers[0].scaleUp.idleFor: is not a known key; known keys are policies, select, "
          + "stabilizationWindow, tolerance"
      ),
    ])
  func problem(line: String, expected: String) {
    #expect(problems(line) == [expected])
  }
}

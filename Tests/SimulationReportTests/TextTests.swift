import JSON
import Simulation
import SimulationReport
import Testing

@Suite("The report as a table and as JSON")
struct TextTests {
  @Test("a line for each policy, its columns under their headings")
  func table() throws {
    let report = try Rehearsal.report()
    let lines = report.table.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(Set(lines.map(\.count)).count == 1)
    #expect(lines[0].hasPrefix("policy"))
    for heading in [
      "wait p50", "p95", "p99", "max", "cost", "killed", "changes", "reversals", "under", "over",
    ] {
      #expect(lines[0].contains(heading))
    }
    for (line, entry) in zip(lines.dropFirst(), report.entries) {
      #expect(line.hasPrefix(entry.outcome.name))
      let words = line.split(separator: " ")
      #expect(words.contains("\(entry.outcome.changes)") && words.contains("\(entry.outcome.reversals)"))
    }
    #expect(report.text.contains("start-up  10 s\n"))
  }

  @Test("JSON has every number of the outcome")
  func json() throws {
    let report = try Rehearsal.report()
    let json = try JSONValue(parsing: Array(report.json.text(.indented(2)).utf8))
    #expect(json["workload"]?.string == "a workload")
    #expect(json["assumptions"]?[1]?["value"]?.string == "1")
    let policies = try #require(json["policies"]?.array)
    #expect(policies.count == 2)
    for (policy, entry) in zip(policies, report.entries) {
      let outcome = entry.outcome
      #expect(policy["name"]?.string == outcome.name && policy["isOwn"]?.bool == entry.isOwn)
      #expect(policy["processes"]?["done"]?.int == outcome.done && outcome.done == 200)
      #expect(policy["cost"]?.double == outcome.cost)
      #expect(policy["waitSeconds"]?["p95"]?.double == outcome.waits.quantile(0.95).map { $0 / .seconds(1) })
      #expect(policy["busyKilled"]?.int == outcome.busyKilled && policy["changes"]?.int == outcome.changes)
      #expect(
        policy["elasticity"]?["overProvisionedTime"]?.double == outcome.elasticity.overProvisionedTime)
      for series in ["waiting", "running", "wanted", "ready", "pods", "busy"] {
        #expect(policy["series"]?[series]?.array?.count == outcome.series.bins.count)
      }
      #expect(policy["waits"]?.array?.compactMap { $0["count"]?.int }.reduce(0, +) == outcome.done)
    }
  }

  @Test("what there is no number for is null in JSON and a dash in the table")
  func nothing() throws {
    let report = try Rehearsal.report(names: ["nothing to do"], [])
    #expect(report.json["policies"]?[0]?["cost"] == .null)
    #expect(report.json["policies"]?[0]?["waitSeconds"]?["p99"] == .null)
    #expect(report.table.split(separator: "\n")[1].split(separator: " ").contains("–"))
  }
}

import Autoscaling
import JSON
import Testing
import YAML

@testable import AutoscalerController

@Suite("Reading how workers are taken away")
struct ScaleInReadingTests {
  /// A configuration with more keys of its only scaler; they are line 5.
  private func scaler(_ keys: String, target: String = "kind: Deployment, name: w") throws
    -> ScalerConfiguration?
  {
    let text = """
      servers: {local: {host: localhost, port: 50080}}
      scalers:
        - {name: fib, colony: {name: dev}, credentials: {environment: MEMBER_KEY},
           executorType: fibonacci, max: 100, target: {\(target)},
           \(keys)}
      """
    return try AutoscalerConfiguration(reading: Array(text.utf8), file: "c.yaml").scalers.first
  }

  private func problems(_ keys: String, target: String = "kind: Deployment, name: w") -> [String] {
    do {
      _ = try scaler(keys, target: target)
      return []
    } catch let error as YAMLError {
      return error.problems.map { "\($0.mark.line): \($0.path): \($0.message)" }
    } catch {
      return ["\(error)"]
    }
  }

  @Test("in a cluster, workers are drained unless something else is said")
  func defaults() throws {
    let scaler = try #require(try scaler("min: 0"))
    #expect(scaler.scaleIn == ScaleInConfiguration())
    #expect(scaler.scaleIn?.cordon == .drain)
    #expect(scaler.ownerCredentials == nil)
    #expect(scaler.choosesPods && scaler.givesOrders)
  }

  @Test("everything that can be said")
  func all() throws {
    let scaler = try #require(
      try scaler(
        "ownerCredentials: {environment: OWNER_KEY}, scaleDown: {idleFor: 5s, cordon: approval, "
          + "allowBusy: true, deletionCost: ignored, orphansAfter: 10m}"))
    #expect(scaler.ownerCredentials == .environment("OWNER_KEY"))
    #expect(scaler.scaleIn?.cordon == .approval && scaler.scaleIn?.allowBusy == true)
    #expect(scaler.scaleIn?.deletionCost == .ignored && scaler.scaleIn?.orphansAfter == .seconds(600))
    #expect(scaler.policy.scaleDown.idleFor == .seconds(5))
    #expect(scaler.choosesPods && !scaler.givesOrders)
    let left = try #require(try self.scaler("scaleDown: {cordon: none}"))
    #expect(!left.choosesPods && !left.givesOrders)
  }

  @Test("with several queues the cluster chooses, as the workers of the others would not be seen")
  func severalQueues() throws {
    func read(_ scaleDown: String) throws -> ScalerConfiguration? {
      let text = """
        servers: {local: {host: localhost, port: 50080}}
        scalers:
          - {name: fib, colony: {name: dev}, credentials: {environment: MEMBER_KEY},
             queues: [{executorType: one}, {executorType: two}], max: 9,
             target: {kind: Deployment, name: w}\(scaleDown)}
        """
      return try AutoscalerConfiguration(reading: Array(text.utf8), file: "c.yaml").scalers.first
    }
    let scaler = try #require(try read(""))
    #expect(scaler.scaleIn?.cordon == ScaleInPolicy.Cordon.none)
    #expect(try read(", scaleDown: {cordon: none}")?.choosesPods == false)
    #expect(throws: YAMLError.self) { try read(", scaleDown: {cordon: drain}") }
  }

  @Test("local processes have none of it")
  func local() throws {
    let target = "kind: LocalProcesses, command: [w]"
    let scaler = try #require(try scaler("min: 0", target: target))
    #expect(scaler.scaleIn == nil && !scaler.choosesPods && !scaler.givesOrders)
    #expect(
      problems("scaleDown: {cordon: drain, allowBusy: false}", target: target) == [
        "5: scalers[0].scaleDown.cordon: is for targets in a cluster; local processes are always asked one by "
          + "one, idle ones first",
        "5: scalers[0].scaleDown.allowBusy: is for targets in a cluster; local processes are always asked one "
          + "by one, idle ones first",
      ])
  }

  @Test("what only the owner may do needs the owner's key")
  func owner() {
    #expect(
      problems("scaleDown: {cordon: approval}") == [
        "5: scalers[0].scaleDown.cordon: is approval, which only the colony's owner may take away and give: it "
          + "needs ownerCredentials"
      ])
    #expect(
      problems("scaleDown: {orphansAfter: 2m}") == [
        "5: scalers[0].scaleDown.orphansAfter: is given, but only the colony's owner may unregister workers: it "
          + "needs ownerCredentials"
      ])
  }

  @Test("what is about choosing who goes is refused where the cluster chooses")
  func none() {
    let reason =
      "is given, but with cordon: none the cluster chooses who goes, and nobody looks at its workers"
    #expect(
      problems(
        "ownerCredentials: {environment: OWNER_KEY}, scaleDown: {cordon: none, allowBusy: true, "
          + "deletionCost: auto, orphansAfter: 2m}") == [
          "5: scalers[0].scaleDown.allowBusy: \(reason)", "5: scalers[0].scaleDown.deletionCost: \(reason)",
          "5: scalers[0].scaleDown.orphansAfter: \(reason)",
        ])
    #expect(
      problems("scaleDown: {cordon: none, orphansAfter: 2m}") == [
        "5: scalers[0].scaleDown.orphansAfter: \(reason)"
      ])
  }

  @Test("mistakes are told where they are")
  func mistakes() {
    #expect(problems("scaleDown: {cordon: kill}").first?.contains("one of drain, approval, none") == true)
    #expect(problems("scaleDown: {deletionCost: maybe}").count == 1)
    #expect(
      problems("ownerCredentials: {environment: K}, scaleDown: {orphansAfter: 89s}").first?
        .contains("scaleDown.orphansAfter") == true)
    #expect(problems("ownerCredentials: {key: abc}").first?.contains("never be in this file") == true)
  }

  @Test("the summary says how, and what cannot be done without the owner's key")
  func summary() throws {
    let without = AutoscalerConfiguration(servers: [], scalers: [try #require(try scaler("min: 0"))])
    #expect(
      without.summary.contains(
        "taking away: idle workers that hold a drain order; workers whose pods are gone stay registered, as "
          + "there are no ownerCredentials"))
    let with = AutoscalerConfiguration(
      servers: [],
      scalers: [try #require(try scaler("ownerCredentials: {file: /owner}, scaleDown: {cordon: approval}"))])
    #expect(
      with.summary.contains(
        "taking away: idle workers that were rejected; workers whose pods are gone are unregistered after 2 m, with "
          + "the owner's key in file /owner"))
    let none = AutoscalerConfiguration(
      servers: [],
      scalers: [try #require(try scaler("ownerCredentials: {file: /owner}, scaleDown: {cordon: none}"))])
    #expect(
      none.summary.contains(
        "taking away: whichever the cluster chooses, busy or not; workers whose pods are gone stay registered, as "
          + "the cluster chooses who goes"))
    let scaleDown = try JSONValue(parsing: none.jsonSummary)["scalers"]?[0]?["scaleDown"]
    #expect(scaleDown?["cordon"] == "none")
    for key in ["allowBusy", "deletionCost", "orphansAfterSeconds"] { #expect(scaleDown?[key] == .null) }
  }
}

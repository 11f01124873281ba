import Autoscaling
import Colonies
import ColoniesClient
import Testing
import YAML

@testable import AutoscalerController

@Suite("Reading a configuration")
struct ConfigurationReadingTests {
  private static let key = "6d2fb6f546bacfd98c68769e61e0b44a697a30596c018a50e28200aa59b01c0a"

  private func read(
    _ text: String, file: String = "config.yaml", defaultNamespace: String? = nil
  ) throws -> AutoscalerConfiguration {
    try AutoscalerConfiguration(reading: Array(text.utf8), file: file, defaultNamespace: defaultNamespace)
  }

  /// The problems of a text, one a line.
  private func problems(_ text: String, defaultNamespace: String? = nil) -> [String] {
    do {
      _ = try read(text, defaultNamespace: defaultNamespace)
      return []
    } catch let error as YAMLError {
      return error.description.split(separator: "\n").map(String.init)
    } catch {
      return ["\(error)"]
    }
  }

  /// A configuration in which one line is replaced; nil takes it away.
  private func changed(_ line: String, to replacement: String?) -> String {
    var found = false
    let lines = Self.minimal.split(separator: "\n").compactMap { candidate -> String? in
      guard candidate.drop(while: { $0 == " " || $0 == "-" }) == line else { return String(candidate) }
      found = true
      return replacement.map { candidate.prefix { $0 == " " || $0 == "-" } + $0 }
    }
    precondition(found, line)
    return lines.joined(separator: "\n")
  }

  private static let minimal = """
    servers:
      local:
        host: localhost
        port: 50080
    scalers:
      - name: fib
        colony: {name: dev}
        credentials: {environment: COLONY_KEY}
        executorType: fibonacci
        max: 4
        target:
          kind: LocalProcesses
          command: [fibonacci-worker]
    """

  @Test("defaults are those that are documented")
  func defaults() throws {
    let configuration = try read(Self.minimal)
    let scaler = try #require(configuration.scalers.first)
    #expect(configuration.servers.map(\.name) == ["local"])
    #expect(scaler.server.endpoint == Endpoint(host: "localhost", port: 50080, usesTLS: false))
    #expect(scaler.server.api == nil)
    #expect(scaler.server.deadline == .seconds(10))
    #expect(scaler.colony == ColonyReference(name: "dev"))
    #expect(scaler.credentials == .environment("COLONY_KEY"))
    #expect(scaler.policy == (try ScalingPolicy(max: 4)))
    #expect(!scaler.isPaused)
    #expect(scaler.target == .localProcesses(LocalProcessConfiguration(command: ["fibonacci-worker"])))
  }

  @Test("the example is understood, and shows the defaults where it says so")
  func example() throws {
    let scaler = try #require(
      try read(AutoscalerConfiguration.example, file: "/etc/a/config.yaml").scalers.first)
    #expect(scaler.credentials == .file("/etc/a/autoscaler.key"))
    #expect(
      scaler.policy
        == (try ScalingPolicy(max: 4, fallback: FallbackPolicy(afterFailures: 3, replicas: 1))))
    #expect(
      scaler.target
        == .localProcesses(
          LocalProcessConfiguration(
            command: ["fibonacci-worker"], environment: ["COLONYPRVKEY_FILE": "/etc/colonies/colony.key"],
            logDirectory: "/etc/a/logs")))
  }

  @Test("everything can be set")
  func full() throws {
    let id = String(repeating: "4f", count: 32)
    let scaler = try #require(
      try read(
        """
        servers:
          a: {host: a.example, port: 443, tls: true, caFile: ca.pem, api: executor, deadline: 3s}
          b: {host: b.example, port: 80, api: runtime}
        scalers:
          - name: s-1
            server: a
            colony: {id: \(id), name: dev}
            credentials: {file: /run/key}
            executorType: t
            processesPerReplica: 3
            min: 1
            max: 9
            pollInterval: 500ms
            scaleDown: {idleFor: 1m30s}
            stalenessLimit: 1m
            fallback: {afterFailures: 5, replicas: 2, allowLowering: true}
            paused: true
            target:
              kind: LocalProcesses
              command: [bin/worker, --verbose]
              environment: {A: "1", B: ""}
              environmentFromFile: secrets.env
              workingDirectory: work
              gracePeriod: 5m
              logDirectory: /var/log/workers
        """, file: "conf/config.yaml"
      ).scalers.first)
    #expect(scaler.server.endpoint == Endpoint(host: "a.example", port: 443, usesTLS: true))
    #expect(scaler.server.authorities == "conf/ca.pem")
    #expect(scaler.server.api == .executor && scaler.server.deadline == .seconds(3))
    #expect(scaler.colony == ColonyReference(id: id, name: "dev"))
    #expect(scaler.credentials == .file("/run/key"))
    #expect(scaler.isPaused)
    #expect(
      scaler.policy
        == (try ScalingPolicy(
          processesPerReplica: 3, min: 1, max: 9, pollInterval: .milliseconds(500), idleFor: .seconds(90),
          stalenessLimit: .seconds(60),
          fallback: FallbackPolicy(afterFailures: 5, replicas: 2, allowLowering: true))))
    #expect(
      scaler.target
        == .localProcesses(
          LocalProcessConfiguration(
            command: ["conf/bin/worker", "--verbose"], environment: ["A": "1", "B": ""],
            environmentFile: "conf/secrets.env", workingDirectory: "conf/work", gracePeriod: .seconds(300),
            logDirectory: "/var/log/workers")))
  }

  @Test(
    "what is wrong is told with its place and what was expected",
    arguments: [
      ("max: 4", nil, "6:5: scalers[0]: required key \"max\" is missing"),
      ("max: 4", "max: four", "10:10: scalers[0].max: must be an integer, got \"four\""),
      ("max: 4", "max: -1", "10:10: scalers[0].max: must be from 0 to 1000000, got -1"),
      ("max: 4", "max: 300", "10:10: scalers[0].max: must be at most 256 for local processes, got 300"),
      ("max: 4", "max: 4\n    mn: 1", "11:5: scalers[0].mn: is not a known key; did you mean \"min\"?"),
      (
        "kind: LocalProcesses", "kind: Deploymnt",
        "12:13: scalers[0].target.kind: must be one of LocalProcesses, Deployment, StatefulSet, got \"Deploymnt\"; "
          + "did you mean \"Deployment\"?"
      ),
      (
        "kind: LocalProcesses", nil,
        "12:7: scalers[0].target: required key \"kind\" is missing; kinds are LocalProcesses, "
          + "Deployment, StatefulSet, and with an apiVersion any other that has a scale subresource"
      ),
      (
        "command: [fibonacci-worker]", "command: []",
        "13:16: scalers[0].target.command: must have from 1 to 1000 elements, has 0"
      ),
      (
        "command: [fibonacci-worker]", "command: worker",
        "13:16: scalers[0].target.command: must be a list, got a single value"
      ),
      (
        "command: [fibonacci-worker]", "command: [\"\"]",
        "13:16: scalers[0].target.command: must begin with a program, got an empty text"
      ),
      ("port: 50080", "port: 70000", "4:11: servers.local.port: must be from 1 to 65535, got 70000"),
      (
        "port: 50080", "port: \"50080\"",
        "4:11: servers.local.port: must be an integer, got \"50080\"; remove the quotes"
      ),
      (
        "name: fib", "name: Fib_1",
        "6:11: scalers[0].name: must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end"
      ),
      (
        "colony: {name: dev}", "colony: {}",
        "7:13: scalers[0].colony: must have a name (executor API), an id (runtime API) or both"
      ),
      (
        "colony: {name: dev}", "colony: {id: abc}",
        "7:18: scalers[0].colony.id: must have 64 characters, has 3"
      ),
      (
        "credentials: {environment: COLONY_KEY}", "credentials: {}",
        "8:18: scalers[0].credentials: must have `file: PATH` or `environment: NAME`, where the private key is"
      ),
      (
        "credentials: {environment: COLONY_KEY}", "credentials: {environment: A, file: b}",
        "8:18: scalers[0].credentials: must have either file or environment, not both"
      ),
      (
        "credentials: {environment: COLONY_KEY}", "credentials: {environment: 1A}",
        "8:32: scalers[0].credentials.environment: must be the name of an environment variable"
      ),
      ("executorType: fibonacci", "executorType: \"\"", "9:19: scalers[0].executorType: must not be empty"),
      ("max: 4", "max: 4\n    paused: yes", "11:13: scalers[0].paused: must be true or false, got \"yes\""),
    ])
  func problem(line: String, replacement: String?, expected: String) {
    #expect(problems(changed(line, to: replacement)) == ["config.yaml:\(expected)"])
  }

  @Test("settings that contradict each other are told at the one that is wrong")
  func contradictions() {
    let text = """
      servers:
        a: {host: a, port: 1, caFile: ca.pem}
        b: {host: b, port: 2, api: executor}
      scalers:
        - {name: s, server: c, colony: {name: x}, credentials: {file: f}, executorType: t, max: 1, min: 2,
           pollInterval: 10s, stalenessLimit: 5s, scaleDown: {idleFor: 2d}, fallback: {replicas: 1, after: 2},
           target: {kind: LocalProcesses, command: [w], environment: {WORKER_STATE_FILE: x, 1A: y}}}
        - {name: s, colony: {name: x}, credentials: {file: f}, executorType: t, max: 1,
           target: {kind: LocalProcesses, command: [w]}}
        - {name: s, server: b, colony: {id: \(String(repeating: "a", count: 64))}, credentials: {file: f},
           executorType: t, max: 1, target: {kind: LocalProcesses, command: [w]}}
        - {name: s, server: b, colony: {name: x}, credentials: {file: f}, executorType: t, max: 1,
           target: {kind: LocalProcesses, command: [w]}}
        - {name: s, server: b, colony: {name: x}, credentials: {file: f}, executorType: t, max: 1,
           target: {kind: LocalProcesses, command: [w]}}
      """
    #expect(
      problems(text) == [
        "config.yaml:2:33: servers.a.caFile: is given, but tls is not true, so no certificate would be checked",
        "config.yaml:5:23: scalers[0].server: must be one of a, b, got \"c\"; did you mean \"a\"?",
        "config.yaml:5:91: scalers[0].max: must be from 2 to 1000000, got 1",
        "config.yaml:6:41: scalers[0].stalenessLimit: must be from 10 s to 1 d, got 5 s",
        "config.yaml:6:66: scalers[0].scaleDown.idleFor: must be a duration like 250ms, 30s, 5m or 1h30m, got \"2d\"",
        "config.yaml:6:95: scalers[0].fallback.after: is not a known key; known keys are afterFailures, allowLowering, replicas",
        "config.yaml:7:84: scalers[0].target.environment.WORKER_STATE_FILE: is set by the autoscaler, to another value for each worker",
        "config.yaml:7:91: scalers[0].target.environment.1A: must have the name of an environment variable",
        "config.yaml:8:5: scalers[1]: required key \"server\" is missing, as there are several: a, b",
        "config.yaml:10:34: scalers[2].colony: must have a name, by which servers of the executor API know it",
        "config.yaml:12:12: scalers[3].name: is the name of another scaler already",
        "config.yaml:14:12: scalers[4].name: is the name of another scaler already",
      ])
  }

  /// A configuration of scalers, by their names, that differ only in their targets.
  private func configuration(_ targets: KeyValuePairs<String, String>) -> String {
    let scalers = targets.map { name, target in
      "  - {name: \(name), colony: {name: x}, credentials: {file: f}, executorType: t, max: 1, target: \(target)}"
    }
    return """
      servers:
        a: {host: a, port: 1, api: executor}
      scalers:
      \(scalers.joined(separator: "\n"))
      """
  }

  @Test("an object that two scalers scale is refused, one of the same name elsewhere is not")
  func sameTarget() {
    let text = configuration([
      "one": "{kind: Deployment, name: web, namespace: north}",
      "two": "{kind: Deployment, name: web, namespace: south}",
      "three": "{kind: StatefulSet, name: web, namespace: south}",
      "four": "{apiVersion: apps/v1, kind: Deployment, name: web, namespace: south}",
    ])
    #expect(
      problems(text) == [
        "config.yaml:7:94: scalers[3].target: is scaled by scaler \"two\" already, got Deployment south/web"
      ])
  }

  @Test("an object whose namespace only one of two scalers names is one object, where that is known")
  func sameTargetByDefault() {
    let text = configuration([
      "one": "{kind: Deployment, name: web}", "two": "{kind: Deployment, name: web, namespace: south}",
    ])
    #expect(problems(text) == [])
    #expect(problems(text, defaultNamespace: "north") == [])
    #expect(
      problems(text, defaultNamespace: "south") == [
        "config.yaml:5:93: scalers[1].target: is scaled by scaler \"one\" already, got Deployment south/web"
      ])
  }

  @Test(
    "a private key in the file is refused, and never shown",
    arguments: [
      ("credentials: {file: \(key)}", "8:25: scalers[0].credentials.file: looks like a private key"),
      (
        "credentials: {environment: \(key)}",
        "8:32: scalers[0].credentials.environment: looks like a private key"
      ),
      (
        "credentials: {key: \(key)}",
        "8:24: scalers[0].credentials.key: a private key must never be in this file"
      ),
      ("credentials: \(key)", "8:18: scalers[0].credentials: must be `file: PATH` or `environment: NAME`"),
    ])
  func keys(line: String, expected: String) {
    let found = problems(changed("credentials: {environment: COLONY_KEY}", to: line))
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("config.yaml:\(expected)") == true, "\(found)")
    #expect(found.allSatisfy { !$0.contains(Self.key) })
  }

  @Test("a private key among the workers' variables is refused, other long values are not")
  func keyInEnvironment() {
    let text = changed(
      "command: [fibonacci-worker]",
      to: "command: [w]\n      environment: {COLONYPRVKEY: \(Self.key), COLONYID: \(Self.key)}")
    #expect(
      problems(text) == [
        "config.yaml:14:35: scalers[0].target.environment.COLONYPRVKEY: looks like a private key, which must "
          + "never be in this file; put it into a file and name that in environmentFromFile, or as "
          + "COLONYPRVKEY_FILE here"
      ])
  }

  @Test("a file that cannot be read says why")
  func unreadable() {
    #expect(throws: ConfigurationError.unreadable(file: "/no/such", reason: "No such file or directory")) {
      try ConfigurationFile(path: "/no/such").load()
    }
  }

  @Test("the summary says what was understood")
  func summary() throws {
    #expect(
      try read(Self.minimal).summary == """
        server local: http://localhost:50080, either API, calls within 10 s
        scaler fib: 0 to 4 local processes
          queue: processes for fibonacci in colony dev on local, with the key in environment variable COLONY_KEY
          rules: 1 process each, polled every 2 s, fewer after 1 m, holds while the queue is unknown
          command: fibonacci-worker
          output: to standard error; 30 s to end
        """)
  }
}

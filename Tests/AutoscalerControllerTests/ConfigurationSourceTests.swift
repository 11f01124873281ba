import Autoscaling
import TestSupport
import Testing

@testable import AutoscalerController

@Suite("Where a configuration comes from")
struct ConfigurationSourceTests {
  @Test(
    "a ConfigMap is named with its namespace, or by its name alone; all else is a file",
    arguments: [
      ("configmap/jobs/autoscaler", "configmap/jobs/autoscaler"),
      ("configmap/autoscaler", "configmap/home/autoscaler"),
      ("autoscaler.yaml", "autoscaler.yaml"), ("./configmap/autoscaler", "./configmap/autoscaler"),
    ])
  func names(text: String, expected: String) throws {
    #expect("\(try ConfigurationSource(text, defaultNamespace: "home"))" == expected)
  }

  @Test("a file's targets are in the default namespace, unless they say otherwise")
  func namespace() throws {
    let source = try ConfigurationSource("autoscaler.yaml", defaultNamespace: "home")
    #expect(source == .file(ConfigurationFile(path: "autoscaler.yaml", defaultNamespace: "home")))
    let twins = """
      servers: {a: {host: a, port: 1}}
      scalers:
        - {name: one, colony: {name: c}, credentials: {file: f}, executorType: t, max: 1,
           target: {kind: Deployment, name: d}}
        - {name: two, colony: {name: c}, credentials: {file: f}, executorType: t, max: 1,
           target: {kind: Deployment, name: d, namespace: home}}
      """
    let folder = TemporaryDirectory()
    folder.write(twins, to: "c.yaml")
    let path = "\(folder.path)/c.yaml"
    #expect(throws: Never.self) { try ConfigurationFile(path: path, defaultNamespace: "other").load() }
    #expect(throws: ConfigurationError.self) {
      try ConfigurationFile(path: path, defaultNamespace: "home").load()
    }
  }

  @Test(
    "what names no ConfigMap is refused",
    arguments: ["configmap", "configmap/", "configmap//a", "configmap/a/b/c"])
  func bad(text: String) {
    #expect(throws: ConfigurationError.self) { try ConfigurationSource(text, defaultNamespace: "home") }
  }

  @Test("without a cluster a ConfigMap needs its namespace")
  func homeless() throws {
    #expect(throws: ConfigurationError.self) { try ConfigurationSource("configmap/a", defaultNamespace: nil) }
    #expect("\(try ConfigurationSource("configmap/a/b", defaultNamespace: nil))" == "configmap/a/b")
  }

  // MARK: Manifests

  private func manifest(_ header: String, max: Int, indentation: Int) -> String {
    let text = """
      servers: {a: {host: a, port: 1}}

      scalers:
        - name: s
          colony: {name: c}
          credentials: {file: f}
          executorType: t
          max: \(max)
          target: {kind: Deployment, name: d}
      """
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.isEmpty ? "" : String(repeating: " ", count: indentation) + $0
    }
    return """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: autoscaler}
      data:
        other: text
        config.yaml: \(header)
      \(lines.joined(separator: "\n"))

      """
  }

  private func load(_ text: String) -> Result<AutoscalerConfiguration, ConfigurationError> {
    let folder = TemporaryDirectory()
    folder.write(text, to: "cm.yaml")
    return Result { () throws(ConfigurationError) in
      try ConfigurationFile(path: "\(folder.path)/cm.yaml").load()
    }
  }

  private func problem(_ text: String) -> String {
    guard case .failure(let error) = load(text) else { return "" }
    return String("\(error)".split(separator: "/").last ?? "")
  }

  @Test("a ConfigMap's manifest is read like the configuration in it")
  func manifestIsRead() throws {
    let configuration = try load(manifest("|", max: 3, indentation: 4)).get()
    #expect(configuration.scalers.map(\.policy.max) == [3])
    #expect(configuration.needsCluster)
  }

  @Test("problems are where they are in the manifest", arguments: [3, 4, 9])
  func places(indentation: Int) {
    #expect(
      problem(manifest("|", max: -1, indentation: indentation))
        == "cm.yaml:14:\(10 + indentation): scalers[0].max: must be from 0 to 1000000, got -1")
    #expect(problem(manifest("|-", max: -1, indentation: indentation)).hasPrefix("cm.yaml:14:"))
  }

  @Test("where lines are no lines of the file, the key is named in its place")
  func folded() {
    let text = """
      apiVersion: v1
      kind: ConfigMap
      data: {config.yaml: "servers: {}\\nscalers: 1"}
      """
    #expect(problem(text).hasPrefix("cm.yaml[config.yaml]:2:10: "))
  }

  @Test("a ConfigMap without the key says which keys there are")
  func noKey() {
    #expect(
      problem("apiVersion: v1\nkind: ConfigMap\ndata: {a: b, c: d}")
        == "cm.yaml:3:7: data: must have the key \"config.yaml\" with the configuration as its text; there are a, c"
    )
    #expect(problem("apiVersion: v1\nkind: ConfigMap").hasSuffix("there are none"))
  }
}

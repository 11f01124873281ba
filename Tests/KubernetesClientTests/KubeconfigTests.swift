import HTTPTransport
import TestSupport
import Testing

@testable import KubernetesClient

struct KubeconfigTests {
  let folder = TemporaryDirectory()

  /// A kubeconfig of one context with these lines in the cluster and in the user.
  private func one(
    cluster: String = "", user: String = "", server: String = "https://api.example:6443", name: String = "a"
  ) throws -> String {
    func indented(_ lines: String) -> String {
      lines.split(separator: "\n").map { "    \($0)\n" }.joined()
    }
    return folder.write(
      """
      apiVersion: v1
      kind: Config
      preferences: {}
      current-context: \(name)
      contexts:
      - name: \(name)
        context:
          cluster: c
          user: u
          namespace: jobs
      clusters:
      - name: c
        cluster:
          server: \(server)
      \(indented(cluster))
      users:
      - name: u
        user:
          unknown: 1
      \(indented(user))
      """, to: name)
  }

  private func load(_ path: String, context: String? = nil) throws(KubernetesError) -> ClusterConfiguration {
    try ClusterConfiguration.load(kubeconfig: path, context: context, environment: [:])
  }

  private func problem(_ path: String, context: String? = nil) -> String {
    do throws(KubernetesError) {
      _ = try load(path, context: context)
      return ""
    } catch {
      #expect(error.code == .invalidConfiguration)
      return error.message
    }
  }

  // MARK: Credentials

  @Test func token() throws {
    let cluster = try load(one(user: "token: abc"))
    #expect(cluster.credentials == .token(BearerToken("abc")))
    #expect(cluster.server == "https://api.example:6443")
    #expect(cluster.namespace == "jobs")
    #expect(cluster.tls == TLSConfiguration())
    #expect(cluster.proxy == .environment)
    #expect(cluster.warnings == [])
    #expect(!"\(cluster)".contains("abc"))
  }

  @Test("a token's file counts before the token, and its path starts from the kubeconfig")
  func tokenFile() throws {
    folder.write("abc\n", to: "t")
    #expect(
      try load(one(user: "token: old\ntokenFile: t")).credentials == .tokenFile(folder.file("t")))
    #expect(problem(try one(user: "tokenFile: nowhere")).contains("there is no file \(folder.path)/nowhere"))
  }

  @Test func password() throws {
    let cluster = try load(one(user: "username: me\npassword: \"1234\""))
    guard case .basic(let basic) = cluster.credentials else {
      throw Failure("other credentials: \(cluster.credentials)")
    }
    #expect(basic.authorization == "Basic bWU6MTIzNA==")
    #expect(!"\(cluster)".contains("1234"))
    #expect(
      problem(try one(user: "username: me\npassword: x\ntoken: y")).hasSuffix(
        "the user has both a token and a password"))
  }

  @Test func certificates() throws {
    folder.write("CA", to: "ca")
    folder.write("CRT", to: "crt")
    folder.write("KEY", to: "key")
    let files = try load(
      one(cluster: "certificate-authority: ca", user: "client-certificate: crt\nclient-key: key"))
    #expect(files.tls.trust == .authorities(.file(folder.file("ca"))))
    #expect(
      files.tls.identity
        == TLSConfiguration.Identity(
          certificate: .file(folder.file("crt")), privateKey: .file(folder.file("key"))))
    let data = try load(
      one(
        cluster: "certificate-authority: ca\ncertificate-authority-data: Q0E=",
        user: "client-certificate-data: Q1JU\nclient-key-data: S0VZ\nclient-certificate: gone"))
    #expect(data.tls.trust == .authorities(.bytes(Array("CA".utf8))))
    #expect(
      data.tls.identity
        == TLSConfiguration.Identity(
          certificate: .bytes(Array("CRT".utf8)), privateKey: .bytes(Array("KEY".utf8))))
    #expect(problem(try one(user: "client-certificate-data: Q1JU")).hasSuffix("without a client key"))
    #expect(problem(try one(user: "client-key-data: Q1JU")).hasSuffix("without a client certificate"))
  }

  @Test func exec() throws {
    let cluster = try load(
      one(
        cluster: "certificate-authority-data: Q0E=\ntls-server-name: inner",
        user: """
          exec:
            apiVersion: client.authentication.k8s.io/v1
            command: ./login
            args: [--cluster, "x"]
            env:
            - name: A
              value: b
            interactiveMode: Never
            provideClusterInfo: true
            installHint: get it
          """))
    guard case .exec(let plugin) = cluster.credentials else {
      throw Failure("other credentials: \(cluster.credentials)")
    }
    #expect(plugin.command == "\(folder.path)/./login")
    #expect(plugin.arguments == ["--cluster", "x"])
    #expect(plugin.environment == ["A": "b"])
    #expect(plugin.interactiveMode == .never)
    #expect(plugin.cluster?.authorities == Array("CA".utf8))
    #expect(cluster.tls.serverName == "inner")
    let v1 = "exec:\n  apiVersion: client.authentication.k8s.io/v1\n  command: login"
    #expect(
      problem(try one(user: v1)).contains("users[0].user.exec: required key \"interactiveMode\" is missing"))
    let beta = "exec:\n  apiVersion: client.authentication.k8s.io/v1beta1\n  command: login\n  env: null"
    guard case .exec(let other) = try load(one(user: beta)).credentials else {
      throw Failure("other credentials: \(cluster.credentials)")
    }
    #expect(other.command == "login")
    #expect(other.interactiveMode == .ifAvailable)
    let alpha = "exec:\n  apiVersion: client.authentication.k8s.io/v1alpha1\n  command: login"
    #expect(problem(try one(user: alpha)).contains("must be one of client.authentication.k8s.io/v1,"))
  }

  @Test("an entry of another cluster may be outdated, and is refused only when its context is chosen")
  func outdatedEntries() throws {
    let path = folder.write(
      """
      current-context: new
      contexts:
      - {name: new, context: {cluster: c, user: new}}
      - {name: alpha, context: {cluster: c, user: alpha}}
      - {name: v1, context: {cluster: c, user: v1}}
      - {name: unnamed, context: {cluster: "", user: new}}
      - {name: missing, context: {user: new}}
      clusters:
      - {name: c, cluster: {server: "https://api"}}
      users:
      - {name: new, user: {token: t}}
      - name: alpha
        user: {exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: login}}
      - name: v1
        user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: login}}
      """, to: "outdated")
    #expect(try load(path).credentials == .token(BearerToken("t")))
    #expect(
      problem(path, context: "alpha").hasPrefix(
        "\(path):13:29: users[1].user.exec.apiVersion: must be one of client.authentication.k8s.io/v1,"))
    #expect(
      problem(path, context: "v1").hasPrefix(
        "\(path):15:16: users[2].user.exec: required key \"interactiveMode\" is missing"))
    #expect(problem(path, context: "unnamed") == "\(path):6: context \"unnamed\" names no cluster")
    #expect(problem(path, context: "missing") == "\(path):7: context \"missing\" names no cluster")
  }

  @Test func impersonation() throws {
    let cluster = try load(one(user: "token: t\nas: jane\nas-groups: [a, b]\nas-user-extra:\n  scopes: [x]"))
    #expect(
      cluster.impersonation?.headers.map(\.description) == [
        "Impersonate-User: jane", "Impersonate-Group: a", "Impersonate-Group: b",
        "Impersonate-Extra-scopes: x",
      ])
  }

  @Test func oldProvider() throws {
    let text = problem(try one(user: "auth-provider:\n  name: gcp"))
    #expect(text.contains("auth-provider is not supported"))
    #expect(text.hasPrefix("\(folder.path)/a:"))
  }

  // MARK: Cluster

  @Test func insecure() throws {
    let cluster = try load(one(cluster: "insecure-skip-tls-verify: true"))
    #expect(cluster.tls.trust == .insecureSkipVerify)
    #expect(cluster.warnings.count == 1)
    #expect(cluster.warnings.first?.contains("insecure-skip-tls-verify") == true)
    #expect(
      problem(
        try one(cluster: "insecure-skip-tls-verify: true\ncertificate-authority-data: Q0E=")
      ).hasSuffix("exclude each other"))
  }

  @Test func proxyURL() throws {
    #expect(try load(one(cluster: "proxy-url: socks5://p:1")).proxy == .url("socks5://p:1"))
    #expect(try load(one(server: "https://127.0.0.1:6443")).proxy == .none)
    #expect(try load(one(server: "https://[::1]:6443")).proxy == .none)
  }

  @Test(arguments: [
    ("https://h/k8s/clusters/c-1/", "https://h/k8s/clusters/c-1"),
    ("localhost:8080", "http://localhost:8080"),
  ])
  func servers(written: String, used: String) throws {
    #expect(try load(one(server: written)).server == used)
  }

  @Test func refusedServers() throws {
    #expect(problem(try one(server: "\"\"")).hasSuffix("a:12: the cluster has no server"))
    #expect(problem(try one(server: "ftp://x")).hasSuffix("neither http nor https"))
    let plain = try load(one(user: "token: t", server: "http://far:8080"))
    #expect(plain.warnings.first?.contains("unencrypted") == true)
  }

  // MARK: Files

  @Test("the first file that has something wins, as a whole")
  func merging() throws {
    let first = folder.write(
      """
      current-context: one
      contexts:
      - {name: one, context: {cluster: c, user: u}}
      users:
      - {name: u, user: {token: first}}
      clusters: null
      """, to: "1")
    folder.makeDirectory("sub")
    folder.write("CA", to: "sub/ca")
    let second = folder.write(
      """
      current-context: two
      contexts:
      - {name: one, context: {cluster: other, user: other}}
      - {name: two, context: {cluster: c, user: nobody}}
      clusters:
      - {name: c, cluster: {server: "https://second", certificate-authority: ca}}
      users:
      - {name: u, user: {token: second, username: ignored}}
      """, to: "sub/2")
    let environment = ["KUBECONFIG": "\(first)::\(folder.path)/missing:\(second)"]
    let config = try Kubeconfig(environment: environment)
    #expect(config.files == [first, second])
    #expect(config.contextNames == ["one", "two"])
    let cluster = try config.cluster()
    #expect(cluster.credentials == .token(BearerToken("first")))
    #expect(cluster.server == "https://second")
    #expect(cluster.tls.trust == .authorities(.file("\(folder.path)/sub/ca")))
    #expect(cluster.origin == "context one of \(first)")
    #expect(throws: KubernetesError.self) { try config.cluster(context: "two") }
    do {
      _ = try config.cluster(context: "two")
    } catch {
      #expect(error.message == "\(second):4: context \"two\" names the user \"nobody\", which is not there")
    }
  }

  @Test func contexts() throws {
    let path = try one()
    #expect(problem(path, context: "b").hasSuffix("a: there is no context \"b\"; there are a"))
    let empty = folder.write("", to: "empty")
    #expect(problem(empty).contains("there is no current-context; contexts: there are none"))
    let dangling = folder.write("\n\ncurrent-context: x\n", to: "dangling")
    #expect(problem(dangling) == "\(dangling):3: there is no context \"x\"; there are none")
    #expect(problem(folder.file("none")).contains("No such file"))
  }

  @Test("all that is wrong is said at once, with its place and without the value")
  func errors() throws {
    let path = folder.write(
      """
      contexts:
      - name: a
        context: {cluster: [1], user: u}
      clusters:
      - cluster: {server: x}
      - name: c
        cluster:
          server: https://x
          insecure-skip-tls-verify: secret1
          certificate-authority-data: secret2!
      users: 7
      """, to: "bad")
    let text = problem(path)
    #expect(
      text.split(separator: "\n").map(String.init) == [
        "\(path):3:22: contexts[0].context.cluster: must be a string, got a list",
        "\(path):5:3: clusters[0]: required key \"name\" is missing",
        "\(path):9:31: clusters[1].cluster.insecure-skip-tls-verify: must be true or false, got \"secret1\"",
        "\(path):10:33: clusters[1].cluster.certificate-authority-data: must be base64",
        "\(path):11:8: users: must be a list, got a single value",
      ])
  }

  @Test func home() throws {
    folder.makeDirectory(".kube")
    folder.write(
      "current-context: a\ncontexts: [{name: a, context: {cluster: a}}]\nclusters: [{name: a, cluster: {server: 'https://home'}}]",
      to: ".kube/config")
    #expect(try ClusterConfiguration.load(environment: ["HOME": folder.path]).server == "https://home")
    #expect(
      try ClusterConfiguration.load(environment: ["HOME": folder.path, "KUBECONFIG": ""]).credentials == .none
    )
    #expect(throws: KubernetesError.self) { try ClusterConfiguration.load(environment: [:]) }
    #expect(throws: KubernetesError.self) {
      try ClusterConfiguration.load(environment: ["KUBECONFIG": "/none"])
    }
  }

  @Test func inCluster() throws {
    let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
    #expect(try ClusterConfiguration.inCluster(environment: [:]) == nil)
    #expect(throws: KubernetesError.self) {
      try ClusterConfiguration.inCluster(environment: environment, folder: folder.path)
    }
    folder.write("t", to: "token")
    folder.write("c", to: "ca.crt")
    folder.write("jobs\n", to: "namespace")
    let cluster = try #require(
      try ClusterConfiguration.inCluster(environment: environment, folder: folder.path))
    #expect(cluster.server == "https://[fd00::1]:443")
    #expect(cluster.namespace == "jobs")
    #expect(cluster.credentials == .tokenFile(folder.file("token")))
    #expect(cluster.tls.trust == .authorities(.file(folder.file("ca.crt"))))
    #expect(cluster.proxy == .none)
  }
}

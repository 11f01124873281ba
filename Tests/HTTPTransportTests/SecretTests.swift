import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(10))) struct SecretTests {
  private static let secret = "s3cr3t-value"

  /// Everything that a careless line of code may print.
  private func texts(_ value: some Any) -> String {
    var dumped = ""
    dump(value, to: &dumped)
    return [String(describing: value), String(reflecting: value), "\(value)", dumped].joined(separator: "\n")
  }

  @Test("Nothing that can be printed shows a secret") func descriptions() throws {
    let secret = Self.secret
    let request = HTTPRequest(
      .post, "https://server.example/path?access_token=\(secret)",
      headers: ["Cookie": secret, "X-Trace": "shown"], bearerToken: BearerToken(secret),
      body: Array(secret.utf8))
    #expect(texts(request).contains("POST https://server.example/path"))
    #expect(texts(request).contains("X-Trace: shown"))
    #expect(!texts(request).contains(secret))
    #expect(!texts(HTTPRequest(.get, "http://user:\(secret)@server.example/")).contains(secret))
    #expect(!texts(BearerToken(secret)).contains(secret))
    let headers: HTTPHeaders = ["authorization": secret, "Proxy-Authorization": secret, "SET-COOKIE": secret]
    #expect(!texts(headers).contains(secret))
    let configuration = HTTPTransport.Configuration(
      tls: TLSConfiguration(
        identity: .init(certificate: .file("/c.pem"), privateKey: .bytes(Array(secret.utf8)))),
      proxy: .url("http://user:\(secret)@proxy.example"))
    #expect(!texts(configuration).contains(secret))
    #expect(!texts(configuration).contains(Array(secret.utf8).map(String.init).joined(separator: ", ")))
  }

  @Test("No error shows a secret, however the exchange ends", arguments: FailureTests.Misdeed.allCases)
  func errors(_ misdeed: FailureTests.Misdeed) async throws {
    let server = TestServer { server, connection in
      if server.read(connection) != nil { misdeed.run(connection) }
    }
    try await withServer(server) { server, transport in
      let request = HTTPRequest(
        .get, server.url("/?token=\(Self.secret)"), headers: ["Cookie": Self.secret],
        bearerToken: BearerToken(Self.secret), deadline: .seconds(2), maxBodyBytes: 1000)
      let error = try await failure { try await transport.send(request) }
      #expect(!texts(error).contains(Self.secret))
      #expect(server.received.first?.headers["Authorization"] == "Bearer " + Self.secret)
    }
  }
}

import HTTPTransport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct TLSTests {
  /// An authority and a server's certificate for this machine.
  private func certificates() async throws -> Certificates {
    let certificates = Certificates()
    try await certificates.makeAuthority("ca")
    try await certificates.make("server", names: "DNS:localhost,IP:127.0.0.1", signedBy: "ca")
    return certificates
  }

  private func send(
    _ tls: TLSConfiguration, _ url: String
  ) async throws(HTTPTransportError) -> HTTPResponse {
    let transport = try HTTPTransport(.init(tls: tls))
    defer { transport.shutdown() }
    return try await transport.send(HTTPRequest(.get, url))
  }

  @Test("A server is trusted by its authority, from a file or from memory, and by no other")
  func authorities() async throws {
    let certificates = try await certificates()
    try await certificates.makeAuthority("other")
    let server = try await TLSServer.openssl(certificates, name: "server")
    for authority in [certificates.file("ca.crt"), try certificates.bytes("ca.crt")] {
      let response = try await send(.init(trust: .authorities(authority)), server.url())
      #expect(response.status == 200)
      #expect(response.version == .http1_0)
    }
    let refusing: [TLSConfiguration.Trust] = [
      .system, .authorities(certificates.file("other.crt")),
      .authorities(try certificates.bytes("other.crt")),
      .authorities(.bytes(Array("no certificate".utf8))), .authorities(.file("/does/not/exist")),
    ]
    for trust in refusing {
      let error = try await failure { try await send(.init(trust: trust), server.url()) }
      #expect(error.code == .tlsFailed, "\(trust): \(error)")
      #expect(!error.requestMayHaveBeenSent)
    }
    #expect(try await send(.init(trust: .insecureSkipVerify), server.url()).status == 200)
  }

  @Test("The certificate must have the URL's host, or the configured name") func serverName() async throws {
    let certificates = Certificates()
    try await certificates.makeAuthority("ca")
    try await certificates.make("server", names: "DNS:api.internal", signedBy: "ca")
    let trust = TLSConfiguration.Trust.authorities(certificates.file("ca.crt"))
    let server = try await TLSServer.nghttpd(certificates, name: "server")
    let error = try await failure { try await send(.init(trust: trust), server.url("/ca.crt")) }
    #expect(error.code == .tlsFailed)
    let response = try await send(.init(trust: trust, serverName: "api.internal"), server.url("/ca.crt"))
    #expect(response.body == (try certificates.directory.bytes("ca.crt")))
    // The server is asked for the host of the URL all the same.
    _ = try await server.process.line(with: ":authority: 127.0.0.1:\(server.port)")
    let wrong = try await failure {
      try await send(.init(trust: trust, serverName: "other.internal"), server.url("/ca.crt"))
    }
    #expect(wrong.code == .tlsFailed)
  }

  @Test("A pinned key is required in addition to trust") func pin() async throws {
    let certificates = try await certificates()
    let server = try await TLSServer.openssl(certificates, name: "server")
    let right = try #require(try await certificates.pin("server"))
    let wrong = try #require(try await certificates.pin("ca"))
    for trust in [.authorities(certificates.file("ca.crt")), .insecureSkipVerify] as [TLSConfiguration.Trust]
    {
      #expect(
        try await send(.init(trust: trust, pinnedPublicKeys: [wrong, right]), server.url()).status == 200)
      let error = try await failure {
        try await send(.init(trust: trust, pinnedPublicKeys: [wrong]), server.url())
      }
      #expect(error.code == .tlsFailed)
    }
  }

  @Test("A server that wants a client's certificate gets it, from a file or from memory")
  func clientCertificate() async throws {
    let certificates = try await certificates()
    try await certificates.make("client", names: "DNS:client", signedBy: "ca")
    try await certificates.makeAuthority("other")
    try await certificates.make("stranger", names: "DNS:stranger", signedBy: "other")
    let server = try await TLSServer.openssl(
      certificates, name: "server",
      ["-Verify", "1", "-verify_return_error", "-CAfile", certificates.directory.file("ca.crt")])
    let trust = TLSConfiguration.Trust.authorities(certificates.file("ca.crt"))
    let identities = [
      TLSConfiguration.Identity(
        certificate: certificates.file("client.crt"), privateKey: certificates.file("client.key")),
      TLSConfiguration.Identity(
        certificate: try certificates.bytes("client.crt"), privateKey: try certificates.bytes("client.key")),
    ]
    for identity in identities {
      #expect(try await send(.init(trust: trust, identity: identity), server.url()).status == 200)
    }
    let refused: [TLSConfiguration.Identity?] = [
      nil,
      .init(certificate: certificates.file("stranger.crt"), privateKey: certificates.file("stranger.key")),
      .init(certificate: certificates.file("client.crt"), privateKey: certificates.file("stranger.key")),
    ]
    for identity in refused {
      let error = try await failure { try await send(.init(trust: trust, identity: identity), server.url()) }
      #expect(error.code == .tlsFailed, "\(error)")
    }
  }

  @Test("HTTP/2 is used where it is offered, on one connection for all") func http2() async throws {
    let certificates = try await certificates()
    let server = try await TLSServer.nghttpd(certificates, name: "server")
    let transport = try HTTPTransport(
      .init(tls: .init(trust: .authorities(try certificates.bytes("ca.crt")))))
    defer { transport.shutdown() }
    let body = [UInt8](repeating: 9, count: 100_000)
    try await withThrowingTaskGroup { group in
      for _ in 0..<8 {
        group.addTask { try await transport.send(HTTPRequest(.post, server.url(), body: body)) }
      }
      for try await response in group {
        #expect(response.version == .http2)
        #expect(response.status == 200)
        #expect(response.body == body)
      }
    }
    #expect(server.process.text.contains("[id=1]"))
    #expect(!server.process.text.contains("[id=2]"))
  }

  @Test("A stream over HTTP/2 that is dropped or rests does not disturb others on its connection")
  func http2Stream() async throws {
    let certificates = try await certificates()
    let size = 8 << 20
    try certificates.directory.write("large", [UInt8](repeating: 5, count: size))
    let server = try await TLSServer.nghttpd(certificates, name: "server")
    let transport = try HTTPTransport(
      .init(tls: .init(trust: .authorities(try certificates.bytes("ca.crt")))))
    defer { transport.shutdown() }
    let resting = try await transport.stream(HTTPRequest(.get, server.url("/large"), deadline: nil))
    #expect(resting.version == .http2)
    do {
      let dropped = try await transport.stream(HTTPRequest(.get, server.url("/large"), deadline: nil))
      for try await piece in dropped.body {
        #expect(!piece.isEmpty)
        break
      }
    }
    let other = try await transport.send(HTTPRequest(.get, server.url("/ca.crt")))
    #expect(other.body == (try certificates.directory.bytes("ca.crt")))
    #expect(try await resting.body.collect(maxBytes: size).count == size)
    await transport.waitUntilIdle()
    #expect(!server.process.text.contains("[id=2]"))
  }
}

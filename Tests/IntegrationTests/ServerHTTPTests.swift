import Colonies
import ColoniesClient
import Glibc
import HTTPTransport
import JSON
import TestSupport
import Testing

/// The real server over real connections.
@Suite("The server over HTTP", .timeLimit(.minutes(10)))
struct ServerHTTPTests {
  // MARK: Long polls

  @Test("A submission wakes the worker that waits, with its process")
  func longPoll() async throws {
    let served = try await ServedColony()
    async let assignment = served.assign(0, timeout: 60)
    try await served.colony.waitUntilHeard(0, served.client)
    let begin = ContinuousClock.now
    let submitted = try await served.submit()
    let assigned = try await assignment
    print("long poll: answered \(ContinuousClock.now - begin) after the submission was sent")
    #expect(assigned.id == submitted.id)
    #expect(assigned.assignedExecutorID == served.colony.workers[0].id)
    let submissionTime = try #require(submitted.submissionTime)
    let startTime = try #require(assigned.startTime)
    #expect(submissionTime <= startTime)
    // The poll would have gone on for a minute, and only an event ends it sooner.
    #expect(startTime - submissionTime < .seconds(30))
    #expect(await served.server.stop() == .code(0))
  }

  @Test("Workers that wait are served in the order in which they came, one process each")
  func longPollOrder() async throws {
    let served = try await ServedColony(workers: 4)
    async let first = served.assign(1, timeout: 60)
    try await served.colony.waitUntilHeard(1, served.client)
    async let second = served.assign(2, timeout: 60)
    try await served.colony.waitUntilHeard(2, served.client)
    let submitted = [try await served.submit("a"), try await served.submit("b")]
    #expect(try await [first.id, second.id] == submitted.map(\.id))
  }

  @Test("A connection ends with the answer to a call that had to wait, which says so, and with no other")
  func endOfConnection() async throws {
    let served = try await ServedColony(workers: 1)
    let statistics = try served.body(.getColonyStatistics(served.colony.reference), worker: 0)
    let assign = try served.body(
      .assign(AssignRequest(colony: served.colony.reference, timeout: 1)), worker: 0)
    let connection = try RawConnection(port: served.endpoint.port)
    _ = try await served.submit()
    for body in [statistics, assign, statistics] {
      try connection.post(body)
      let answer = try await connection.answer()
      #expect(answer.status == 200 && !answer.isLast)
    }
    try connection.post(assign)
    let waited = try await connection.answer()
    #expect(waited.status == 404 && waited.isLast)
    await #expect(throws: Failure.self) { try await connection.answer() }
  }

  @Test("A worker that goes away while it waits is not given the next process")
  func disconnect() async throws {
    let served = try await ServedColony()
    do {
      let gone = try RawConnection(port: served.endpoint.port)
      try gone.post(
        served.body(.assign(AssignRequest(colony: served.colony.reference, timeout: 60)), worker: 0))
      try await served.colony.waitUntilHeard(0, served.client)
    }
    // The server learns of the end on that connection, and of this on another.
    let submitted = try await served.submit()
    let assigned = try await served.assign(1, timeout: 60)
    #expect(assigned.id == submitted.id)
    #expect(assigned.assignedExecutorID == served.colony.workers[1].id)
    #expect(try await served.statistics.running == 1)
  }

  @Test("A worker that closes its connection as soon as it has read its assignment keeps it")
  func closeAfterAssignment() async throws {
    let served = try await ServedColony(workers: 1)
    let count = 200
    for _ in 0..<count { _ = try await served.submit() }
    let request = try served.body(.assign(AssignRequest(colony: served.colony.reference)), worker: 0)
    var ids: Set<String> = []
    for _ in 0..<count {
      let connection = try RawConnection(port: served.endpoint.port)
      try connection.post(request)
      let answer = try await connection.answer()
      #expect(answer.status == 200)
      let message = try ReplyEnvelope(parsing: answer.body).message
      ids.insert(try #require(try JSONValue(parsing: message)["processid"]?.string))
    }
    #expect(ids.count == count, "a process was given out twice")
    #expect(try await served.statistics.running == count)
  }

  @Test("A server that is told to stop answers the polls that wait, and ends with 0")
  func gracefulStop() async throws {
    let served = try await ServedColony(workers: 3)
    async let first = outcome(served, worker: 1)
    async let second = outcome(served, worker: 2)
    for worker in 1...2 { try await served.colony.waitUntilHeard(worker, served.client) }
    #expect(await served.server.stop() == .code(0))
    #expect(await [first, second] == [.queueEmpty, .queueEmpty])
    #expect(served.server.process.log.isEmpty, "\(served.server.process.log)")
  }

  private func outcome(_ served: ServedColony, worker: Int) async -> ColoniesError.Code? {
    do {
      _ = try await served.assign(worker, timeout: 60)
      return nil
    } catch {
      return (error as? ColoniesError)?.code
    }
  }

  // MARK: Wrong input

  @Test("A body over the limit is refused with 413 before it is read, in the protocol's envelope")
  func oversized() async throws {
    let served = try await ServedColony(options: ["--max-body-bytes", "20000"])
    let announced = try RawConnection(port: served.endpoint.port)
    try announced.send("POST /api HTTP/1.1\r\nHost: test\r\nContent-Length: 20001\r\n\r\n")
    try await expectRefusal(announced.answer(), 413, "The request is larger than the limit of 20000 bytes")
    // One that does not say how long it is.
    let chunked = try RawConnection(port: served.endpoint.port)
    try chunked.send("POST /api HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = String(repeating: "x", count: 0x4000)
    for _ in 0..<2 { try chunked.send("4000\r\n\(chunk)\r\n") }
    try chunked.send("0\r\n\r\n")
    try await expectRefusal(chunked.answer(), 413, "The request is larger than the limit of 20000 bytes")
    // Just within it, the body itself is what is wrong.
    let within = try RawConnection(port: served.endpoint.port)
    try within.post([UInt8](repeating: UInt8(ascii: " "), count: 20_000))
    try await expectRefusal(within.answer(), 400, "unexpected end of JSON input")
    #expect(try await served.statistics.waiting == 0)
  }

  @Test(
    "Garbage is answered with the protocol's errors",
    arguments: [
      ("", 400, "unexpected end of JSON input"),
      ("\u{0}\u{1}\u{2}", 400, #"invalid character '\x00' looking for beginning of value"#),
      ("null", 400, "failed to parse JSON"),
      ("[]", 400, "json: cannot unmarshal array into Go value of type rpc.RPCMsg"),
      (
        #"{"payload":7}"#, 400,
        "json: cannot unmarshal number into Go struct field RPCMsg.payload of type string"
      ),
      (
        #"{"payloadtype":"getcoloniesmsg","payload":"e30=","signature":"zz"}"#, 403,
        "encoding/hex: invalid byte: U+007A 'z'"
      ),
      (
        #"{"payloadtype":"getcoloniesmsg","payload":"e30=","signature":"00"}"#, 403,
        "Invalid signature length"
      ),
    ])
  func garbage(text: String, status: Int, message: String) async throws {
    let served = try await ServedColony(workers: 1)
    let connection = try RawConnection(port: served.endpoint.port)
    try connection.post(Array(text.utf8))
    try await expectRefusal(connection.answer(), status, message)
    // The connection is good for the next request.
    try connection.post(
      served.body(.getColonyStatistics(served.colony.reference), worker: 0))
    #expect(try await connection.answer().status == 200)
  }

  @Test("What is not HTTP ends only its own connection")
  func notHTTP() async throws {
    let served = try await ServedColony(workers: 1)
    let connection = try RawConnection(port: served.endpoint.port)
    try connection.send([UInt8](repeating: 0xff, count: 4096))
    #expect((try? await connection.answer().status) ?? 400 == 400)
    #expect(try await served.statistics.waiting == 0)
  }

  @Test("Requests over the rate are refused with 429, and those of others are not")
  func rate() async throws {
    let served = try await ServedColony(options: ["--max-requests-per-second", "20"])
    let body = try served.body(.getColonyStatistics(served.colony.reference), worker: 1)
    let connection = try RawConnection(port: served.endpoint.port)
    let begin = ContinuousClock.now
    var admitted = 0
    for _ in 0..<200 {
      try connection.post(body)
      let answer = try await connection.answer()
      if answer.status == 200 {
        admitted += 1
      } else {
        try expectRefusal(answer, 429, "Too many requests from this identity in one second")
      }
    }
    // A burst of a second's worth, and then as many as seconds have passed.
    let allowed = 20 + 20 * ((ContinuousClock.now - begin) / .seconds(1))
    #expect(admitted >= 20 && Double(admitted) <= allowed + 1, "\(admitted) of \(allowed)")
    #expect(try await served.statistics.waiting == 0)
  }

  private func expectRefusal(_ answer: RawConnection.Answer, _ status: Int, _ message: String) throws {
    #expect(answer.status == status)
    let envelope = try ReplyEnvelope(parsing: answer.body)
    #expect(envelope.isError && envelope.payloadType == "error")
    let refusal = try Refusal(parsing: envelope.message)
    #expect(refusal == Refusal(status: status, message: message))
  }

  // MARK: TLS

  @Test("With a certificate the server speaks TLS, and clients that trust its authority work with it")
  func tls() async throws {
    let directory = TemporaryDirectory()
    let (certificate, key) = (directory.file("server.crt"), directory.file("server.key"))
    let openssl = try ChildProcess(
      [
        "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
        "-out", certificate,
      ], logFile: directory.file("openssl.log"))
    #expect(await openssl.exit() == .code(0), "\(openssl.log)")
    let served = try await ServedColony(
      .runtime, options: ["--tls-cert", certificate, "--tls-key", key],
      tls: TLSConfiguration(trust: .authorities(.file(certificate))), directory: directory)
    #expect(served.endpoint.usesTLS)
    let submitted = try await served.submit()
    #expect(try await served.assign(0).id == submitted.id)
    try await served.client.closeSuccessful(id: submitted.id, key: served.colony.workers[0])
    // Whoever does not trust the authority does not talk to it.
    let transport = try HTTPTransport()
    defer { transport.shutdown() }
    let stranger = ColoniesClient(endpoint: served.endpoint, transport: transport, api: .runtime)
    let error = await #expect(throws: ColoniesError.self) {
      try await stranger.process(id: submitted.id, key: served.colony.workers[0])
    }
    #expect(error?.code == .untrusted)
    #expect(await served.server.stop() == .code(0))
  }

  @Test("A certificate that does not fit its key is a clear failure to start")
  func wrongCertificate() async throws {
    let directory = TemporaryDirectory()
    let server = try TestServer(
      directory: directory.file("data"), ["--tls-cert", "/dev/null", "--tls-key", "/dev/null"])
    let exit = await server.process.exit()
    #expect(exit != .code(0))
    #expect(server.process.log.contains("cannot use the certificate /dev/null"), "\(server.process.log)")
  }
}

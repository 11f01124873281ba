import HTTPTransport
import JSON
import TestSupport
import Testing

@testable import KubernetesClient

@Suite(.timeLimit(.minutes(10)))
struct WatchTests {
  private let clock = TestClock(isRunning: true)

  /// The first changes that a script brings, in words.
  private func changes(_ answers: [FakeHTTPClient.Answer], _ count: Int) async -> ([String], FakeHTTPClient) {
    let server = FakeHTTPClient(answers)
    let sequence = ObjectChanges(ConfigMap.self, .object("a", in: "ns"), client: server.client(clock))
    var words: [String] = []
    for await change in sequence {
      words.append(Self.words(change))
      if words.count == count { break }
    }
    return (words, server)
  }

  private static func words(_ change: ObjectChange<ConfigMap>) -> String {
    func name(_ map: ConfigMap) -> String { "\(map.metadata.name)@\(map.metadata.resourceVersion ?? "")" }
    return switch change {
    case .listed(let maps): "listed \(maps.map(name).joined(separator: " "))"
    case .changed(let map): "changed \(name(map))"
    case .deleted(let map): "deleted \(name(map))"
    case .unchanged: "unchanged"
    case .interrupted(let error, _): "interrupted \(error.code)"
    }
  }

  private func listed(_ version: Int) -> FakeHTTPClient.Answer {
    .json(200, list([configMap("a", version: version)], version: version))
  }

  private func bookmark(_ version: Int) -> String {
    event("BOOKMARK", ["kind": "ConfigMap", "metadata": ["resourceVersion": .string(String(version))]])
  }

  /// From where the watches of a script went on.
  private func versions(_ server: FakeHTTPClient) -> [String] {
    server.lines.map { line in
      guard line.contains("watch=true") else { return "list" }
      let parts = line.split(separator: "&")
      return parts.first { $0.hasPrefix("resourceVersion=") }.map { String($0.dropFirst(16)) } ?? "?"
    }
  }

  @Test("what a watch asks for")
  func request() async throws {
    let (_, server) = await changes([listed(5), .pieces([], .end)], 2)
    let watch = try #require(server.requests.last)
    #expect(
      server.lines.first == "GET /api/v1/namespaces/ns/configmaps?fieldSelector=metadata.name%3Da&limit=500")
    #expect(
      server.lines.last?.hasPrefix(
        "GET /api/v1/namespaces/ns/configmaps?fieldSelector=metadata.name%3Da&watch=true"
          + "&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds=") == true)
    #expect(watch.idleTimeout == .seconds(90))
    let deadline = try #require(watch.deadline)
    #expect((.seconds(330) ... .seconds(480)).contains(deadline))
  }

  @Test("events cut anywhere, a bookmark, and the next connection from there")
  func bookmarks() async {
    let text =
      event("MODIFIED", configMap("a", version: 6)) + "\n" + event("DELETED", configMap("a", version: 7))
      + event("ADDED", configMap("a", version: 8)) + bookmark(50)
    let bytes = Array(text.utf8)
    let pieces = stride(from: 0, to: bytes.count, by: 7).map {
      String(decoding: bytes[$0..<min($0 + 7, bytes.count)], as: UTF8.self)
    }
    let (words, server) = await changes([listed(5), .pieces(pieces, .end), .pieces([], .silence)], 7)
    #expect(
      words == [
        "listed a@5", "unchanged", "changed a@6", "deleted a@7", "changed a@8", "unchanged", "unchanged",
      ])
    #expect(versions(server) == ["list", "5", "50"])
  }

  @Test("a version that is too old, as an answer and as an event, means to list again")
  func gone() async {
    let expired = event("ERROR", FakeHTTPClient.Answer.document(410, "Expired"))
    let (words, server) = await changes(
      [
        listed(5), .status(410, "Expired"), listed(9), .pieces([expired], .silence), listed(12),
        .pieces([], .silence),
      ],
      7)
    #expect(
      words == [
        "listed a@5", "interrupted gone", "listed a@9", "unchanged", "interrupted gone", "listed a@12",
        "unchanged",
      ])
    #expect(versions(server) == ["list", "5", "list", "9", "list", "12"])
  }

  @Test("a cut or silent connection is made anew, from the last version")
  func cuts() async {
    let (words, server) = await changes(
      [
        listed(5),
        .pieces([event("MODIFIED", configMap("a", version: 6)), "{\"ty"], .failure(.connectionLost)),
        .pieces([], .failure(.idleTimedOut)),
        .pieces([event("MODIFIED", configMap("a", version: 7))], .silence),
      ], 7)
    #expect(
      words == [
        "listed a@5", "unchanged", "changed a@6", "interrupted unreachable", "unchanged", "unchanged",
        "changed a@7",
      ])
    #expect(versions(server) == ["list", "5", "6", "6"])
  }

  @Test("what cannot be read is listed again, and never ends the sequence")
  func garbage() async {
    let (words, server) = await changes(
      [
        listed(5), .pieces(["nonsense\n"], .silence), listed(6),
        .pieces([event("MODIFIED", ["metadata": ["name": 1]])], .silence), listed(7),
        .pieces([event("ERROR", FakeHTTPClient.Answer.document(500, "InternalError"))], .silence),
        .pieces([], .silence),
      ], 10)
    #expect(
      words == [
        "listed a@5", "unchanged", "interrupted invalidReply", "listed a@6", "unchanged",
        "interrupted invalidReply", "listed a@7", "unchanged", "interrupted serverFailure", "unchanged",
      ])
    #expect(versions(server) == ["list", "5", "list", "6", "list", "7", "7"])
  }

  @Test("an event larger than allowed is not gathered")
  func tooLarge() async {
    let server = FakeHTTPClient([
      listed(5), .pieces(Array(repeating: String(repeating: "x", count: 1000), count: 100), .end),
    ])
    let sequence = ObjectChanges(
      ConfigMap.self, .object("a", in: "ns"), client: server.client(clock),
      options: .init(maxEventBytes: 5000))
    var iterator = sequence.makeAsyncIterator()
    var words: [String] = []
    for _ in 0..<3 { if let change = await iterator.next() { words.append(Self.words(change)) } }
    #expect(words == ["listed a@5", "unchanged", "interrupted invalidReply"])
  }

  @Test("one on which something happened ends the slowness")
  func pauseAfterSuccess() async {
    let ends = [FakeHTTPClient.Answer](repeating: .pieces([], .end), count: 4)
    let good = FakeHTTPClient.Answer.pieces([event("ADDED", configMap("a", version: 6))], .end)
    _ = await changes([listed(5)] + ends + [good, .pieces([], .silence)], 8)
    #expect(clock.slept.count == 5)
    #expect(clock.slept.last.map { $0 <= .milliseconds(200) } == true)
  }

  @Test("connections that end at once are made ever more slowly")
  func pauses() async {
    let (_, server) = await changes([listed(5), .pieces([], .end)], 9)
    #expect(versions(server).count == 9)
    let pauses = clock.slept
    #expect(pauses.count == 7)
    for (index, pause) in pauses.enumerated() {
      let step = min(Duration.milliseconds(200) * (1 << index), .seconds(2))
      #expect((step / 2...step).contains(pause))
    }
  }

  @Test("where watching is forbidden, lists come instead")
  func forbiddenWatch() async {
    let (words, _) = await changes(
      [listed(5), .status(403, "Forbidden"), listed(6), .status(403, "Forbidden")], 4)
    #expect(words == ["listed a@5", "interrupted forbidden", "listed a@6", "interrupted forbidden"])
  }

  @Test("an outage is told at once, and outlasted by no more than two seconds")
  func outage() async {
    let outage = [FakeHTTPClient.Answer](repeating: .lost(.connectionFailed, sent: false), count: 30)
    let (words, server) = await changes([listed(5)] + outage + [.pieces([], .silence)], 32)
    #expect(words == ["listed a@5"] + Array(repeating: "interrupted unreachable", count: 30) + ["unchanged"])
    #expect(versions(server).last == "5")
    #expect(clock.slept.allSatisfy { $0 <= .seconds(2) })
  }

  // MARK: Reflector

  @Test func reflector() async throws {
    let server = FakeHTTPClient([
      .status(403, "Forbidden"), listed(5),
      .pieces(
        [event("ADDED", configMap("b", version: 6)), event("DELETED", configMap("a", version: 7))], .silence),
    ])
    let clock = TestClock()
    let reflector = Reflector(ConfigMap.self, Selection(namespace: "ns"), client: server.client(clock))
    #expect(await reflector.silence == nil)
    #expect(await reflector.current.objects == nil)
    let snapshots = await reflector.snapshots()
    let running = Task { await reflector.run() }
    try await clock.pass()
    for await snapshot in snapshots where snapshot.generation == 3 {
      #expect(snapshot.objects?.keys.sorted() == ["b"])
      #expect(snapshot["b"]?.metadata.resourceVersion == "6")
      #expect(snapshot.problem == nil)
      break
    }
    clock.advance(by: .seconds(3))
    #expect(await reflector.silence == .seconds(3))
    running.cancel()
    await running.value
  }
}

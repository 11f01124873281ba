internal import HTTPTransport
internal import JSON
internal import Timekeeping

/// The objects of a selection, and from then on everything that happens to them.
///
/// Lists, then watches from there. When the server ends a watch, it goes on from the last version; when that is
/// too old, it lists again. Failures are elements, not the end: the sequence ends when its task is cancelled, and
/// not before.
///
/// Nothing is read ahead. A slow reader makes the server wait (behind the transport's buffer), and may in the end
/// find itself listing again; no memory is filled in the meantime.
public struct ObjectChanges<Object: KubernetesObject>: AsyncSequence, Sendable {
  public typealias Element = ObjectChange<Object>
  public typealias Failure = Never

  let client: KubernetesClient
  let resource: APIResource
  let selection: Selection
  let options: WatchOptions

  /// Follows the objects of a resource.
  public init(
    _ type: Object.Type = Object.self, of resource: APIResource, _ selection: Selection,
    client: KubernetesClient, options: WatchOptions = WatchOptions()
  ) {
    self.client = client
    self.resource = resource
    self.selection = selection
    self.options = options
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

  public struct AsyncIterator: AsyncIteratorProtocol {
    private enum State {
      /// Nothing is known, or not any more.
      case unlisted
      /// Everything is known up to this version.
      case listed(resourceVersion: String)
      /// The server tells what comes behind the version.
      case watching(Connection, resourceVersion: String)
      case pausing(Duration, then: Resumption)
    }

    /// Where to go on after a pause.
    private enum Resumption {
      case list
      case watch(resourceVersion: String)
    }

    private struct Connection {
      let began: Duration
      var body: HTTPBody.AsyncIterator
      var lines = LineBuffer()
    }

    private let changes: ObjectChanges
    private var state = State.unlisted
    private var backoff: Backoff

    fileprivate init(_ changes: ObjectChanges) {
      self.changes = changes
      backoff = Backoff(from: changes.options.firstPause, to: changes.options.longestPause)
    }

    private var client: KubernetesClient { changes.client }
    private var action: String {
      KubernetesClient.action("watch", changes.resource, nil, changes.selection.namespace, nil)
    }

    /// The next change, or nil when the task is cancelled.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> ObjectChange<Object>? {
      while !Task.isCancelled {
        do throws(KubernetesError) {
          if let change = try await step() { return change }
        } catch {
          if Task.isCancelled { return nil }
          return interrupt(error)
        }
      }
      return nil
    }

    public mutating func next() async -> ObjectChange<Object>? { await next(isolation: nil) }

    private mutating func step() async throws(KubernetesError) -> ObjectChange<Object>? {
      switch state {
      case .pausing(let pause, let resumption):
        // Cancelled: the loop sees it.
        guard (try? await client.time.sleep(pause)) != nil else { return nil }
        switch resumption {
        case .list: state = .unlisted
        case .watch(let version): state = .listed(resourceVersion: version)
        }
        return nil
      case .unlisted:
        let list = try await client.list(
          Object.self, changes.resource, changes.selection, limit: changes.options.maxObjects,
          // A failure is told at once, and tried again by the sequence itself.
          repetition: .never)
        state = .listed(resourceVersion: list.resourceVersion)
        return .listed(list.items)
      case .listed(let version):
        let connection = try await connect(from: version)
        state = .watching(connection, resourceVersion: version)
        // It is listened to again, which a quiet server would not say for a while.
        return .unchanged
      case .watching(var connection, let version):
        return try await read(&connection, version)
      }
    }

    private func connect(from version: String) async throws(KubernetesError) -> Connection {
      let length = changes.options.length * client.randomness.fraction(in: 1...1.5)
      let seconds = length.components.seconds
      let query: [(name: String, value: String)] =
        changes.selection.query + [
          ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", version),
          ("timeoutSeconds", String(seconds)),
        ]
      let request = APIRequest(
        .get, try changes.resource.path(namespace: changes.selection.namespace), to: action, query: query,
        repetition: .never)
      // The server is to end it; if it does not, this side does.
      let body = try await client.stream(
        request, idleTimeout: changes.options.idleTimeout, length: length + .seconds(30))
      return Connection(began: client.time.now(), body: body.makeAsyncIterator())
    }

    private mutating func read(
      _ connection: inout Connection, _ version: String
    ) async throws(KubernetesError) -> ObjectChange<Object>? {
      if let line = connection.lines.next() {
        return try handle(WatchEvent<Object>(line, action), connection, version)
      }
      guard let piece = try await nextPiece(&connection) else {
        forgetFailures(before: connection)
        // The agreed end, or the server goes away; in either case the next connection tells. One that ends at
        // once every time must not become a busy loop.
        state = .pausing(nextPause(), then: .watch(resourceVersion: version))
        return nil
      }
      connection.lines.append(piece)
      guard connection.lines.count <= changes.options.maxEventBytes else {
        throw KubernetesError(
          .invalidReply, "could not \(action): an event has more than \(changes.options.maxEventBytes) bytes")
      }
      state = .watching(connection, resourceVersion: version)
      return nil
    }

    /// What arrives next; nil when the connection is over.
    private mutating func nextPiece(_ connection: inout Connection) async throws(KubernetesError) -> [UInt8]?
    {
      do throws(HTTPTransportError) {
        return try await connection.body.next()
      } catch {
        // Also what a server does that has no version to put into a bookmark, since nothing of the kind has
        // ever changed. If it is more than that, the next connection will not be made.
        if error.code == .idleTimedOut { return nil }
        forgetFailures(before: connection)
        throw KubernetesError(error, to: action)
      }
    }

    private mutating func handle(
      _ event: WatchEvent<Object>, _ connection: Connection, _ version: String
    ) throws(KubernetesError) -> ObjectChange<Object> {
      let change: ObjectChange<Object>
      let reached: String?
      switch event {
      case .failed(let error): throw error
      case .bookmark(let version): (change, reached) = (.unchanged, version)
      case .changed(let object): (change, reached) = (.changed(object), object.metadata.resourceVersion)
      case .deleted(let object): (change, reached) = (.deleted(object), object.metadata.resourceVersion)
      }
      backoff.reset()
      state = .watching(connection, resourceVersion: reached ?? version)
      return change
    }

    private mutating func interrupt(_ error: KubernetesError) -> ObjectChange<Object> {
      let pause = nextPause() + (error.retryAfter ?? .zero)
      switch state {
      case .listed(let version), .watching(_, let version):
        // What will not pass by itself, or was an event that would come again, may be better with a list; and
        // where watching is forbidden, a list each pause is what remains.
        let mustList = !error.isTransient || error.code == .invalidReply
        state = .pausing(pause, then: mustList ? .list : .watch(resourceVersion: version))
      case .unlisted, .pausing: state = .pausing(pause, then: .list)
      }
      return .interrupted(error, pause: pause)
    }

    /// A connection that lasted shows that earlier failures are over, even if nothing happened on it.
    private mutating func forgetFailures(before connection: Connection) {
      if client.time.now() - connection.began >= changes.options.longestPause { backoff.reset() }
    }

    private mutating func nextPause() -> Duration {
      var randomness = client.randomness
      return backoff.next(using: &randomness)
    }
  }
}

extension ObjectChanges where Object: ResourceObject {
  /// Follows the objects of a known kind.
  public init(
    _ type: Object.Type = Object.self, _ selection: Selection, client: KubernetesClient,
    options: WatchOptions = WatchOptions()
  ) {
    self.init(type, of: Object.resource, selection, client: client, options: options)
  }
}

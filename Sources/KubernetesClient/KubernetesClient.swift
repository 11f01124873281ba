public import HTTPTransport
public import JSON
internal import Locking
internal import Timekeeping

/// A client of a cluster's API server.
///
/// Every call has a deadline, which holds for all its tries together. A try that failed is repeated, after a
/// pause, when the server asked for that (429) or when the request changes nothing (5xx, broken connections);
/// others are repeated only when they certainly never arrived. After a 401 the credentials are read again, once.
/// Requests of all tasks together go out at a limited rate.
public struct KubernetesClient: Sendable {
  /// What a client may do.
  public enum Access: Sendable, Hashable {
    case readWrite
    /// Nothing that changes anything; see ``ReadOnlyHTTPClient``.
    case readOnly(allowingServerDryRun: Bool)
  }

  /// How a client behaves.
  public struct Configuration: Sendable, Hashable {
    /// How long a call may take with all its tries and pauses.
    public var deadline: Duration
    /// How long one try may take.
    public var tryDeadline: Duration
    /// How many requests a second may go out in the long run.
    public var requestsPerSecond: Double
    /// How many requests may go out at once after a quiet time.
    public var burst: Int
    /// The first pause between tries, which doubles from there.
    public var firstPause: Duration
    /// The longest pause between tries, unless the server asks for a longer one.
    public var longestPause: Duration
    /// The largest answer that is taken.
    public var maxAnswerBytes: Int
    /// The value of the field `User-Agent`.
    public var userAgent: String
    /// Under which name the server notes which fields were set.
    public var fieldManager: String

    /// Describes a client. The rate is the field's usual one for controllers.
    public init(
      deadline: Duration = .seconds(15), tryDeadline: Duration = .seconds(5),
      requestsPerSecond: Double = 20, burst: Int = 30, firstPause: Duration = .milliseconds(200),
      longestPause: Duration = .seconds(5), maxAnswerBytes: Int = 16 << 20,
      userAgent: String = "colonies-swift", fieldManager: String = "colonies-autoscaler"
    ) {
      self.deadline = deadline
      self.tryDeadline = tryDeadline
      self.requestsPerSecond = requestsPerSecond
      self.burst = burst
      self.firstPause = firstPause
      self.longestPause = longestPause
      self.maxAnswerBytes = maxAnswerBytes
      self.userAgent = userAgent
      self.fieldManager = fieldManager
    }
  }

  /// The cluster.
  public let cluster: ClusterConfiguration
  /// How the client behaves.
  public let configuration: Configuration
  let time: Timekeeper
  let calendar: @Sendable () -> KubernetesTime
  let randomness: Randomness
  private let connection: ClusterConnection
  private let bucket: Locked<TokenBucket>

  /// Creates a client. It connects when it is first used.
  /// - Parameters:
  ///   - calendar: Tells the date, for expiry dates and time stamps.
  ///   - randomness: Spreads pauses.
  ///   - makeClient: Makes what carries requests. It is called again when the caller's certificate changes.
  public init(
    _ cluster: ClusterConfiguration, access: Access = .readWrite,
    configuration: Configuration = Configuration(),
    clock: some Clock<Duration> = ContinuousClock(),
    calendar: @escaping @Sendable () -> KubernetesTime = { KubernetesTime.now() },
    randomness: some RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
    makeClient:
      @escaping @Sendable (HTTPTransport.Configuration) throws(HTTPTransportError) -> any HTTPClient = {
        (configuration) throws(HTTPTransportError) in try HTTPTransport(configuration)
      }
  ) {
    self.cluster = cluster
    self.configuration = configuration
    time = Timekeeper(clock)
    self.calendar = calendar
    self.randomness = Randomness(randomness)
    bucket = Locked(TokenBucket(perSecond: configuration.requestsPerSecond, burst: configuration.burst))
    connection = ClusterConnection(
      cluster, access: access, userAgent: configuration.userAgent, time: time, calendar: calendar,
      makeClient: makeClient)
  }

  /// Fails everything that is under way and ends the transport's thread. A program should do so before it exits.
  public func shutdown() async { await connection.shutdown() }

  // MARK: Requests

  /// Sends a request and returns the document that answers it.
  public func send(_ request: APIRequest) async throws(KubernetesError) -> JSONValue {
    let answer = try await perform(request) { (client, request) throws(HTTPTransportError) in
      try await client.send(request)
    }
    guard let json = try? JSONValue(parsing: answer.body) else {
      throw KubernetesError(
        .invalidReply, "could not \(request.action): the answer is not JSON", httpStatus: answer.status,
        mayHaveHappened: true)
    }
    return json
  }

  /// Sends a request and returns as soon as the answer begins.
  /// - Parameters:
  ///   - idleTimeout: The longest silence.
  ///   - length: The longest time in all.
  func stream(
    _ request: APIRequest, idleTimeout: Duration, length: Duration
  ) async throws(KubernetesError) -> HTTPBody {
    let answer = try await perform(request) { (client, request) throws(HTTPTransportError) in
      var request = request
      request.idleTimeout = idleTimeout
      request.deadline = length
      let answer = try await client.stream(request)
      // The refusal is a document like any other.
      let body = answer.isSuccess ? [] : try await answer.body.collect(maxBytes: request.maxBodyBytes)
      return StreamStart(
        head: HTTPResponse(status: answer.status, headers: answer.headers, body: body), body: answer.body)
    }
    return answer.body
  }

  /// Tries a request until it succeeds, fails for good, or runs out of time.
  private func perform<Answer: RequestAnswer>(
    _ request: APIRequest,
    _ exchange: (any HTTPClient, HTTPRequest) async throws(HTTPTransportError) -> Answer
  ) async throws(KubernetesError) -> Answer {
    // Before the time runs: a plugin may have to ask a person, and has a limit of its own.
    var route = try await connection.route()
    let end = time.now() + (request.deadline ?? configuration.deadline)
    var randomness = randomness
    var backoff = Backoff(from: configuration.firstPause, to: configuration.longestPause)
    var hasRenewed = false
    while true {
      do throws(KubernetesError) {
        return try await attempt(request, by: route, until: end, exchange)
      } catch {
        if error.code == .unauthorized, !hasRenewed, await connection.reject(route.generation) {
          hasRenewed = true
        } else {
          guard error.allowsRetry(of: request) else { throw error }
          let pause = backoff.next(using: &randomness) + (error.retryAfter ?? .zero)
          guard time.now() + pause < end else { throw error }
          try await sleep(pause, during: request.action)
        }
        route = try await connection.route()
      }
    }
  }

  private func attempt<Answer: RequestAnswer>(
    _ request: APIRequest, by route: ClusterConnection.Route, until end: Duration,
    _ exchange: (any HTTPClient, HTTPRequest) async throws(HTTPTransportError) -> Answer
  ) async throws(KubernetesError) -> Answer {
    let now = time.now()
    let wait = bucket.withLock { $0.take(at: now, patience: end - now) }
    guard let wait else {
      throw KubernetesError(
        .deadlineExceeded, "could not \(request.action): too many requests are waiting in this process")
    }
    if wait > .zero { try await sleep(wait, during: request.action) }
    let rest = end - time.now()
    guard rest > .zero else {
      throw KubernetesError(.deadlineExceeded, "could not \(request.action): there was no time left")
    }
    var headers = HTTPHeaders(route.headers)
    headers.append(name: "Accept", value: "application/json")
    if request.body != nil { headers.append(name: "Content-Type", value: request.contentType) }
    let http = HTTPRequest(
      request.method, cluster.server + request.target, headers: headers, bearerToken: route.token,
      body: request.body?.encoded() ?? [], deadline: min(rest, configuration.tryDeadline),
      connectTimeout: min(rest, configuration.tryDeadline), maxBodyBytes: configuration.maxAnswerBytes)
    let answer: Answer
    do throws(HTTPTransportError) {
      answer = try await exchange(route.client, http)
    } catch {
      throw KubernetesError(error, to: request.action)
    }
    guard answer.head.isSuccess else { throw KubernetesError(answer.head, to: request.action) }
    return answer
  }

  private func sleep(_ duration: Duration, during action: String) async throws(KubernetesError) {
    do {
      try await time.sleep(duration)
    } catch {
      throw KubernetesError(.cancelled, "could not \(action): cancelled")
    }
  }
}

/// What an exchange brought, as far as its success can be told.
private protocol RequestAnswer: Sendable {
  /// Status and fields; also the body when it was a refusal.
  var head: HTTPResponse { get }
}

extension HTTPResponse: RequestAnswer {
  fileprivate var head: HTTPResponse { self }
}

/// The beginning of a stream.
private struct StreamStart: RequestAnswer {
  let head: HTTPResponse
  let body: HTTPBody
}

extension KubernetesError {
  fileprivate func allowsRetry(of request: APIRequest) -> Bool {
    // With 429 the server says that it has done nothing.
    let isHarmless = code == .tooManyRequests || !mayHaveHappened
    return switch request.repetition {
    case .never: false
    case .ifNothingHappened: isTransient && isHarmless
    case .always: isTransient
    }
  }
}

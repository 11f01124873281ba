public import Colonies
public import HTTPTransport
public import JSON

/// A typed client of a Colonies server, with one interface over both APIs.
///
/// Each call is one signed request with a deadline; nothing is retried here, because only the caller knows
/// what a repetition would mean. Whose request it is, is a parameter: one client serves many keys.
public struct ColoniesClient: Sendable {
  /// Where the server is.
  public let endpoint: Endpoint
  private let transport: any HTTPClient
  private let deadline: Duration
  private let api: APISelection
  /// Lists repeat the results of their processes, which can be millions of digits long.
  private static let largestReply = 64 << 20

  /// Creates a client.
  /// - Parameters:
  ///   - transport: Carries the requests; its TLS settings decide which servers are trusted.
  ///   - api: The server's API, or nil to find it out on the first request.
  ///   - deadline: How long a request may take, beside the time a long poll asks the server to wait.
  public init(
    endpoint: Endpoint, transport: any HTTPClient, api: API? = nil, deadline: Duration = .seconds(30)
  ) {
    self.endpoint = endpoint
    self.transport = transport
    self.deadline = deadline
    self.api = APISelection(api)
  }

  /// The server's API: the configured one, or what the server's answers show.
  /// - Throws: `ColoniesError` when the server has to be asked and does not answer.
  public func resolvedAPI() async throws(ColoniesError) -> API {
    if let known = api.known { return known }
    let found: API = try await answersExecutorAPI() ? .executor : .runtime
    api.settle(found)
    return found
  }

  /// Whether the server understands the executor API, also when it is spoken to in the other one: the embedded
  /// server has both, upstream servers have the one of their time.
  public func answersExecutorAPI() async throws(ColoniesError) -> Bool {
    // A message that only the executor API knows, needs no signature, and reads nothing. Servers of the
    // runtime API refuse its signature or its name.
    let action = "find out the server's API"
    let reply = try await exchange(.version, .executor, key: nil, deadline: deadline, find: action)
    guard reply.isError else { return true }
    let error = ColoniesError(try refusal(reply, action), to: action)
    // A server that cannot answer now may know the message.
    if error.isTransient { throw error }
    return false
  }

  // MARK: Colonies

  /// Adds a colony. Needs the server's key.
  public func addColony(_ colony: Colony, key: PrivateKey) async throws(ColoniesError) -> Colony {
    try await send(.addColony(colony), key, "add colony \(colony.name)") { reader, _ in try Colony(reader()) }
  }

  /// Removes a colony. Needs the server's key.
  public func removeColony(_ colony: ColonyReference, key: PrivateKey) async throws(ColoniesError) {
    try await send(.removeColony(colony), key, "remove the colony")
  }

  /// Lists the server's colonies. Needs the server's key.
  public func colonies(key: PrivateKey) async throws(ColoniesError) -> [Colony] {
    try await sendList(.getColonies, key, "list colonies") { reader, _ in try Colony(reader) }
  }

  /// Reads a colony. Needs the key of one of its workers.
  public func colony(_ colony: ColonyReference, key: PrivateKey) async throws(ColoniesError) -> Colony {
    try await send(.getColony(colony), key, "get the colony") { reader, _ in try Colony(reader()) }
  }

  /// Counts a colony's processes by state. Needs the key of one of its workers, or its owner's where the
  /// server allows it.
  public func statistics(of colony: ColonyReference, key: PrivateKey) async throws(ColoniesError)
    -> Statistics
  {
    try await send(.getColonyStatistics(colony), key, "get the colony's statistics") { reader, api in
      try Statistics(reader(), api: api)
    }
  }

  /// Counts all processes of the server. Needs the server's key; executor API.
  public func serverStatistics(key: PrivateKey) async throws(ColoniesError) -> Statistics {
    try await send(.getStatistics, key, "get the server's statistics") { reader, api in
      try Statistics(reader(), api: api)
    }
  }

  // MARK: Workers

  /// Registers a worker, which then waits for approval. Needs the colony's key.
  public func addExecutor(_ executor: Executor, key: PrivateKey) async throws(ColoniesError) -> Executor {
    try await send(.addExecutor(executor), key, "register \(executor.name)") { reader, api in
      try Executor(reader(), api: api)
    }
  }

  /// Approves a worker. Needs the colony's key.
  public func approveExecutor(_ executor: ExecutorReference, key: PrivateKey) async throws(ColoniesError) {
    try await send(.approveExecutor(executor), key, "approve the worker")
  }

  /// Rejects a worker. Needs the colony's key.
  public func rejectExecutor(_ executor: ExecutorReference, key: PrivateKey) async throws(ColoniesError) {
    try await send(.rejectExecutor(executor), key, "reject the worker")
  }

  /// Unregisters a worker. Needs the colony's key.
  public func removeExecutor(_ executor: ExecutorReference, key: PrivateKey) async throws(ColoniesError) {
    try await send(.removeExecutor(executor), key, "unregister the worker")
  }

  /// Reads a worker's registration. Needs the key of one of the colony's workers.
  public func executor(_ executor: ExecutorReference, key: PrivateKey) async throws(ColoniesError) -> Executor
  {
    try await send(.getExecutor(executor), key, "get the worker") { reader, api in
      try Executor(reader(), api: api)
    }
  }

  /// Lists a colony's workers. Needs the key of one of them; the runtime API also takes the colony's.
  public func executors(of colony: ColonyReference, key: PrivateKey) async throws(ColoniesError)
    -> [Executor]
  {
    try await sendList(.getExecutors(colony), key, "list the colony's workers") { reader, api in
      try Executor(reader, api: api)
    }
  }

  // MARK: Processes

  /// Submits a process. Needs the key of one of the colony's workers.
  public func submit(_ spec: ProcessSpec, key: PrivateKey) async throws(ColoniesError) -> Process {
    try await sendProcess(.submit(spec), key, "submit the process")
  }

  /// Takes the next process for a worker.
  /// - Parameters:
  ///   - timeout: How long the server may hold the request until there is work, in whole seconds; nil
  ///     returns at once. Servers of the runtime API never wait.
  ///   - availableCPU: What the worker can offer, as `1500m`; empty is no limit. Executor API.
  ///   - availableMemory: What the worker can offer, as `512Mi`; empty is no limit. Executor API.
  /// - Throws: `ColoniesError` with code `queueEmpty` when there is nothing to take.
  public func assign(
    colony: ColonyReference, timeout: Int? = nil, availableCPU: String = "", availableMemory: String = "",
    key: PrivateKey
  ) async throws(ColoniesError) -> Process {
    let request = AssignRequest(
      colony: colony, timeout: timeout ?? -1, availableCPU: availableCPU, availableMemory: availableMemory)
    return try await sendProcess(
      .assign(request), key, "take a process", deadline: deadline + .seconds(timeout ?? 0))
  }

  /// Reads a process. Needs the key of one of the colony's workers.
  public func process(id: String, key: PrivateKey) async throws(ColoniesError) -> Process {
    try await sendProcess(.getProcess(id: id), key, "get process \(id)")
  }

  /// Lists processes in one state; servers allow at most 100.
  public func processes(_ query: ProcessQuery, key: PrivateKey) async throws(ColoniesError) -> [Process] {
    try await sendList(.getProcesses(query), key, "list processes") { reader, api in
      try Process(reader, api: api)
    }
  }

  /// Lists the processes that were submitted recently.
  public func history(_ query: HistoryQuery, key: PrivateKey) async throws(ColoniesError) -> [Process] {
    try await sendList(.getProcessHistory(query), key, "get the process history") { reader, api in
      try Process(reader, api: api)
    }
  }

  /// Closes a process as successful. Needs the key of the worker that holds it.
  /// - Parameter output: What the worker returns; executor API.
  public func closeSuccessful(id: String, output: [JSONValue]? = nil, key: PrivateKey)
    async throws(ColoniesError)
  {
    try await send(.closeSuccessful(id: id, output: output), key, "close process \(id)")
  }

  /// Closes a process as failed. Needs the key of the worker that holds it.
  /// - Parameter errors: Why it failed, for people; executor API.
  public func closeFailed(id: String, errors: [String], key: PrivateKey) async throws(ColoniesError) {
    try await send(.closeFailed(id: id, errors: errors), key, "close process \(id) as failed")
  }

  /// Cancels a process. Executor API.
  public func cancelProcess(id: String, key: PrivateKey) async throws(ColoniesError) {
    try await send(.cancelProcess(id: id), key, "cancel process \(id)")
  }

  /// Deletes a process.
  public func removeProcess(id: String, key: PrivateKey) async throws(ColoniesError) {
    try await send(.removeProcess(id: id), key, "delete process \(id)")
  }

  /// Deletes a colony's processes. Needs the colony's key.
  /// - Parameter state: Only those in this state, or nil for all; the runtime API deletes all.
  public func removeAllProcesses(of colony: ColonyReference, state: ProcessState? = nil, key: PrivateKey)
    async throws(ColoniesError)
  {
    try await send(.removeAllProcesses(colony, state: state), key, "delete the colony's processes")
  }

  /// Adds an attribute to a process. Needs the key of the worker that holds it.
  public func addAttribute(_ attribute: Attribute, key: PrivateKey) async throws(ColoniesError) -> Attribute {
    try await send(.addAttribute(attribute), key, "add attribute \(attribute.key)") { reader, api in
      try Attribute(reader(), api: api)
    }
  }

  /// Reads an attribute.
  public func attribute(id: String, key: PrivateKey) async throws(ColoniesError) -> Attribute {
    try await send(.getAttribute(id: id), key, "get attribute \(id)") { reader, api in
      try Attribute(reader(), api: api)
    }
  }

  /// Adds a message to a process's log. Needs the key of the worker that holds it; executor API.
  public func addLog(processID: String, message: String, key: PrivateKey) async throws(ColoniesError) {
    try await send(.addLog(processID: processID, message: message), key, "add to the log of \(processID)")
  }

  /// Lists log entries, the oldest first; servers allow at most 500. Needs the key of one of the colony's
  /// workers; executor API.
  public func logs(_ query: LogQuery, key: PrivateKey) async throws(ColoniesError) -> [LogEntry] {
    try await sendList(.getLogs(query), key, "read the log") { reader, _ in try LogEntry(reader) }
  }

  // MARK: Requests

  private typealias Reading = () throws -> JSONReader

  private func sendProcess(
    _ request: Request, _ key: PrivateKey, _ action: String, deadline: Duration? = nil
  ) async throws(ColoniesError) -> Process {
    try await send(request, key, action, deadline: deadline) { reader, api in try Process(reader(), api: api)
    }
  }

  private func send(_ request: Request, _ key: PrivateKey, _ action: String) async throws(ColoniesError) {
    _ = try await answer(request, key, action)
  }

  private func sendList<Element>(
    _ request: Request, _ key: PrivateKey, _ action: String,
    decode: (JSONReader, API) throws -> Element
  ) async throws(ColoniesError) -> [Element] {
    let (message, api) = try await answer(request, key, action)
    return try decoding(action) {
      // An empty list is `null`.
      let value = try JSONValue(parsing: message)
      if value == .null { return [] }
      guard let elements = value.array else {
        throw ColoniesError(.invalidReply, "could not \(action): the server's answer is not a list")
      }
      return try elements.map { try decode(JSONReader($0, structure: "reply"), api) }
    }
  }

  private func send<Value>(
    _ request: Request, _ key: PrivateKey, _ action: String, deadline: Duration? = nil,
    decode: (Reading, API) throws -> Value
  ) async throws(ColoniesError) -> Value {
    let (message, api) = try await answer(request, key, action, deadline: deadline)
    return try decoding(action) {
      try decode({ try JSONReader(try JSONValue(parsing: message), structure: "reply") }, api)
    }
  }

  private func decoding<Value>(_ action: String, _ body: () throws -> Value) throws(ColoniesError) -> Value {
    do {
      return try body()
    } catch let error as ColoniesError {
      throw error
    } catch {
      throw ColoniesError(
        .invalidReply, "could not \(action): the server's answer is not understood: \(error)")
    }
  }

  private func answer(
    _ request: Request, _ key: PrivateKey, _ action: String, deadline: Duration? = nil
  ) async throws(ColoniesError) -> (message: [UInt8], api: API) {
    let api = try await resolvedAPI()
    guard request.messageType(api) != nil else {
      throw ColoniesError(
        .unsupported, "could not \(action): servers of the \(api.rawValue) API cannot do this")
    }
    let reply = try await exchange(request, api, key: key, deadline: deadline ?? self.deadline, find: action)
    guard !reply.isError else {
      throw ColoniesError(try refusal(reply, action), to: action)
    }
    return (reply.message, api)
  }

  private func refusal(_ reply: ReplyEnvelope, _ action: String) throws(ColoniesError) -> Refusal {
    try decoding(action) { try Refusal(parsing: reply.message) }
  }

  private func exchange(
    _ request: Request, _ api: API, key: PrivateKey?, deadline: Duration, find action: String
  ) async throws(ColoniesError) -> ReplyEnvelope {
    guard let envelope = request.envelope(api, signedWith: key) else {
      throw ColoniesError(
        .unsupported, "could not \(action): servers of the \(api.rawValue) API cannot do this")
    }
    let (status, body) = try await post(envelope.encoded(), deadline: deadline, action)
    if body.isEmpty {
      // Some handlers of upstream servers answer a denial with status 200 and nothing else.
      if status == 200 {
        throw ColoniesError(.denied, "could not \(action): the server denied it without a word", status: 200)
      }
      throw ColoniesError(
        status >= 500 ? .serverFailure : .invalidReply,
        "could not \(action): the server answered status \(status) without a word", status: status)
    }
    do {
      return try ReplyEnvelope(parsing: body)
    } catch {
      throw ColoniesError(
        .invalidReply,
        "could not \(action): \(endpoint) answered status \(status) and no Colonies reply; is this the "
          + "address of a Colonies server?", status: status)
    }
  }

  private func post(_ body: [UInt8], deadline: Duration, _ action: String) async throws(ColoniesError)
    -> (status: Int, body: [UInt8])
  {
    do {
      let response = try await transport.send(
        HTTPRequest(
          .post, "\(endpoint)/api", body: body, deadline: deadline, maxBodyBytes: Self.largestReply))
      return (response.status, response.body)
    } catch {
      throw ColoniesError(
        ColoniesError.Code(error.code), "could not \(action): \(error)")
    }
  }
}

extension ColoniesError.Code {
  fileprivate init(_ code: HTTPTransportError.Code) {
    switch code {
    case .deadlineExceeded, .idleTimedOut: self = .deadlineExceeded
    case .tlsFailed: self = .untrusted
    case .cancelled: self = .cancelled
    case .responseTooLarge, .invalidResponse: self = .invalidReply
    case .invalidRequest, .invalidConfiguration: self = .invalidRequest
    case .nameResolutionFailed, .connectionFailed, .connectTimedOut, .connectionLost, .shutDown, .failed:
      self = .unreachable
    }
  }
}

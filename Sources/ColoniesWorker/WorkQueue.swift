internal import Colonies
internal import ColoniesClient
internal import JSON

/// What a worker asks of a server: the calls of `ColoniesClient` that it makes, so that tests can answer them.
protocol WorkQueue: Sendable {
  func resolvedAPI() async throws(ColoniesError) -> API
  func answersExecutorAPI() async throws(ColoniesError) -> Bool
  func addExecutor(_ executor: Executor, key: PrivateKey) async throws(ColoniesError) -> Executor
  func approveExecutor(_ executor: ExecutorReference, key: PrivateKey) async throws(ColoniesError)
  func removeExecutor(_ executor: ExecutorReference, key: PrivateKey) async throws(ColoniesError)
  func executors(of colony: ColonyReference, key: PrivateKey) async throws(ColoniesError) -> [Executor]
  func assign(
    colony: ColonyReference, timeout: Int?, availableCPU: String, availableMemory: String, key: PrivateKey
  ) async throws(ColoniesError) -> Process
  func process(id: String, key: PrivateKey) async throws(ColoniesError) -> Process
  func processes(_ query: ProcessQuery, key: PrivateKey) async throws(ColoniesError) -> [Process]
  func history(_ query: HistoryQuery, key: PrivateKey) async throws(ColoniesError) -> [Process]
  func addAttribute(_ attribute: Attribute, key: PrivateKey) async throws(ColoniesError) -> Attribute
  func addLog(processID: String, message: String, key: PrivateKey) async throws(ColoniesError)
  func closeSuccessful(id: String, output: [JSONValue]?, key: PrivateKey) async throws(ColoniesError)
  func closeFailed(id: String, errors: [String], key: PrivateKey) async throws(ColoniesError)
}

extension ColoniesClient: WorkQueue {}

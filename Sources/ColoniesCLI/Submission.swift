internal import Colonies
internal import ColoniesClient

/// The submitting of many processes.
struct Submission {
  /// So many requests at once make use of servers that write several processes to disk together.
  private static let concurrency = 8
  /// Fewer are done before anybody could read the progress.
  private static let fewestWithProgress = 100

  let client: ColoniesClient
  let key: PrivateKey
  let console: Console
  /// How many there will be.
  let total: Int
  /// What has been submitted.
  private(set) var ids: [String] = []

  init(client: ColoniesClient, key: PrivateKey, console: Console, total: Int) {
    self.client = client
    self.key = key
    self.console = console
    self.total = total
  }

  /// Submits one spec a number of times.
  /// - Parameter report: Called with each id.
  /// - Throws: `CommandError` that says how many were submitted before, if any were.
  mutating func submit(_ spec: ProcessSpec, times: Int, report: (String) throws -> Void) async throws {
    let client = client
    let key = key
    do {
      try await withThrowingTaskGroup(of: String.self) { group in
        var started = 0
        while started < min(times, Self.concurrency) {
          group.addTask { try await client.submit(spec, key: key).id }
          started += 1
        }
        while let id = try await group.next() {
          ids.append(id)
          try report(id)
          showProgress()
          if started < times {
            group.addTask { try await client.submit(spec, key: key).id }
            started += 1
          }
        }
      }
    } catch let error as ColoniesError where total > 1 {
      end()
      let failure = CommandError(error)
      throw CommandError(
        "submitted \(ids.count) of \(total), then: \(failure.message)", advice: failure.advice)
    }
  }

  /// Removes the line of progress.
  func end() { if showsProgress { console.progress("") } }

  private func showProgress() {
    guard showsProgress, ids.count % 10 == 0 else { return }
    console.progress("\(ids.count) of \(total) submitted")
  }

  /// Ids that scroll by are progress enough.
  private var showsProgress: Bool { total >= Self.fewestWithProgress && !console.outputIsTerminal }
}

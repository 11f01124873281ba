internal import Colonies

/// What the two APIs call the same things.
struct Vocabulary {
  let api: API

  init(_ api: API) { self.api = api }

  /// A worker.
  var worker: String { api == .runtime ? "Runtime" : "Executor" }

  /// How a worker is meant by id in what commands tell.
  func worker(_ reference: ExecutorReference) -> String {
    reference.id.isEmpty
      ? "Colony \(worker) with name <\(reference.name)>" : "Colony \(worker) with Id <\(reference.id)>"
  }
}

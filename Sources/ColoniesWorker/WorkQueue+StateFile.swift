internal import Colonies
internal import ColoniesClient

extension WorkQueue {
  /// Unregisters the worker that a state file speaks of.
  ///
  /// The executor API goes by the name alone, which may be another worker's as long as the server has not confirmed
  /// the registration. One that it did not confirm was not approved, so it holds nothing, and stays.
  func removeExecutor(
    of content: StateFile.Content, in colony: ColonyReference, key: PrivateKey
  ) async throws(ColoniesError) {
    if !content.isConfirmed, try await resolvedAPI() == .executor { return }
    try await removeExecutor(
      ExecutorReference(id: content.id, name: content.name, colony: colony), key: key)
  }
}

internal import Colonies
internal import Locking

/// Which API the server has, once it is known. Shared by the copies of one client.
final class APISelection: Sendable {
  private let state: Locked<API?>

  init(_ api: API?) { state = Locked(api) }

  var known: API? { state.withLock { $0 } }

  func settle(_ api: API) { state.withLock { $0 = api } }
}

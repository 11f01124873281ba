internal import Colonies

/// Who a worker is to the server, for as long as its registration lasts.
struct Registration: Sendable {
  let key: PrivateKey
  /// Unique in the colony: servers of the executor API keep the names of workers that are gone.
  let name: String
  let colony: ColonyReference
  let api: API

  var id: String { key.id }
  var reference: ExecutorReference { ExecutorReference(id: key.id, name: name, colony: colony) }
}

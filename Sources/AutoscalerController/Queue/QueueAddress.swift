internal import Colonies

/// What is polled as one: scalers of the same queue share its readings.
struct QueueAddress: Sendable, Hashable {
  let server: ServerConfiguration
  let colony: ColonyReference
  let credentials: KeySource

  /// The colony for people.
  var colonyName: String { colony.name.isEmpty ? colony.id : colony.name }
}

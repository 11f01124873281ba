internal import Autoscaling
internal import YAML

/// The keys of `scaleDown` that say how workers in a cluster are taken away, as far as they are written.
struct ScaleInKeys {
  private var cordon: ScaleInPolicy.Cordon?
  private var allowBusy: Bool?
  private var deletionCost: ScaleInConfiguration.DeletionCost?
  private var orphansAfter: Duration?
  /// The keys that are written.
  private var written: [String] = []

  init() {}

  init(reading scaleDown: inout StrictMapping) {
    cordon = scaleDown.optional("cordon")?.choice(of: ScaleInPolicy.Cordon.self)
    allowBusy = scaleDown.optional("allowBusy")?.boolean()
    deletionCost = scaleDown.optional("deletionCost")?.choice(of: ScaleInConfiguration.DeletionCost.self)
    orphansAfter = scaleDown.optional("orphansAfter")?.duration(in: ScaleInConfiguration.orphansAfterRange)
    let keys = scaleDown.keys
    written = ["cordon", "allowBusy", "deletionCost", "orphansAfter"].filter(keys.contains)
  }

  /// How workers of a target are taken away; nil where the target does that itself.
  /// - Parameters:
  ///   - hasOwner: Whether there is a key of the colony's owner.
  ///   - scaler: Where problems are reported.
  func configuration(
    for target: TargetConfiguration, queues: Int, hasOwner: Bool, _ scaler: StrictNode
  ) -> ScaleInConfiguration? {
    guard case .scalable = target else {
      for key in written {
        scaler.report(
          "is for targets in a cluster; local processes are always asked one by one, idle ones first",
          at: ["scaleDown", key])
      }
      return nil
    }
    if let cordon, cordon != .none, queues > 1 {
      scaler.report(
        "must be none with several queues: only the workers of one queue can be seen to be idle",
        at: ["scaleDown", "cordon"])
    }
    if cordon == .approval, !hasOwner {
      scaler.report(
        "is approval, which only the colony's owner may take away and give: it needs ownerCredentials",
        at: ["scaleDown", "cordon"])
    }
    var configuration = ScaleInConfiguration()
    if queues > 1 { configuration.cordon = .none }
    if let cordon { configuration.cordon = cordon }
    if configuration.cordon == .none {
      for key in written where key != "cordon" {
        scaler.report(
          "is given, but with cordon: none the cluster chooses who goes, and nobody looks at its workers",
          at: ["scaleDown", key])
      }
    } else if orphansAfter != nil, !hasOwner {
      scaler.report(
        "is given, but only the colony's owner may unregister workers: it needs ownerCredentials",
        at: ["scaleDown", "orphansAfter"])
    }
    if let allowBusy { configuration.allowBusy = allowBusy }
    if let deletionCost { configuration.deletionCost = deletionCost }
    if let orphansAfter { configuration.orphansAfter = orphansAfter }
    return configuration
  }
}

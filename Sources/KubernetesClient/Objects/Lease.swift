public import JSON

/// Who leads, until when at most, and since when.
public struct Lease: WritableObject, Hashable {
  public static let resource = APIResource.leases

  public var metadata: ObjectMeta
  /// Who holds the lease; empty when it was released.
  public var holderIdentity: String
  /// How long others wait after a renewal until they may take the lease.
  public var leaseDurationSeconds: Int
  /// When the holder took it.
  public var acquireTime: KubernetesTime?
  /// When the holder last renewed it. By the holder's calendar, so that others only look whether it changes.
  public var renewTime: KubernetesTime?
  /// How often it went from one holder to another.
  public var leaseTransitions: Int

  /// Creates a lease.
  public init(
    metadata: ObjectMeta, holderIdentity: String, leaseDurationSeconds: Int, acquireTime: KubernetesTime?,
    renewTime: KubernetesTime?, leaseTransitions: Int
  ) {
    self.metadata = metadata
    self.holderIdentity = holderIdentity
    self.leaseDurationSeconds = leaseDurationSeconds
    self.acquireTime = acquireTime
    self.renewTime = renewTime
    self.leaseTransitions = leaseTransitions
  }

  public init(_ json: JSONValue) throws(KubernetesError) {
    metadata = try ObjectMeta(of: json)
    let spec = try ObjectReader(json, "Lease").nested("spec")
    holderIdentity = try spec.string("holderIdentity") ?? ""
    leaseDurationSeconds = try spec.int("leaseDurationSeconds") ?? 0
    acquireTime = try spec.time("acquireTime")
    renewTime = try spec.time("renewTime")
    leaseTransitions = try spec.int("leaseTransitions") ?? 0
  }

  public var json: JSONValue {
    var spec = JSONObject()
    spec.append("holderIdentity", .string(holderIdentity))
    spec.append("leaseDurationSeconds", .integer(leaseDurationSeconds))
    if let acquireTime { spec.append("acquireTime", .string(acquireTime.micro)) }
    if let renewTime { spec.append("renewTime", .string(renewTime.micro)) }
    spec.append("leaseTransitions", .integer(leaseTransitions))
    return document([("spec", .object(spec))])
  }
}

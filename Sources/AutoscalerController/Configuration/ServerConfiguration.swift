public import Colonies
public import ColoniesClient
public import HTTPTransport

/// A Colonies server, and how it is asked.
public struct ServerConfiguration: Sendable, Hashable {
  /// The name that scalers call it by.
  public var name: String
  /// Where it is.
  public var endpoint: Endpoint
  /// The only certificate authorities to trust, a PEM file; nil trusts the system's.
  public var authorities: String?
  /// The only public key to accept. Without ``authorities`` it is all that the server is known by, which is
  /// how one with a certificate of its own making can be trusted.
  public var publicKeyPin: PublicKeyPin?
  /// The API it speaks; nil finds it out.
  public var api: API?
  /// How long it may take to answer a call.
  public var deadline: Duration

  /// The deadline of a call unless one is set.
  public static let defaultDeadline: Duration = .seconds(10)
  /// The range of ``deadline``.
  public static let deadlineRange: ClosedRange<Duration> = .milliseconds(100) ... .seconds(60)
}

/// Whether connections go through another server.
public enum Proxy: Sendable, Hashable {
  /// They do not, whatever the environment says.
  case none
  /// As the variables `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
  case environment
  /// Through this one, for every host: `http://`, `https://`, `socks5://` or `socks5h://` and an address.
  case url(String)
}

extension Proxy: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Without the address, as it may contain a password.
  public var description: String {
    switch self {
    case .none: "none"
    case .environment: "environment"
    case .url: "configured"
    }
  }

  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

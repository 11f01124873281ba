/// What reading a mapping does with keys nobody asked for.
public enum UnknownKeys: Sendable, Hashable {
  /// They are problems: a misspelt key must not silently mean its default.
  case refused
  /// They are skipped, for formats that others extend (a kubeconfig).
  case ignored
}

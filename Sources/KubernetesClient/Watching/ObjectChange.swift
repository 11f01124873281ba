/// What happens to the objects that somebody follows.
public enum ObjectChange<Object: KubernetesObject>: Sendable {
  /// These are all that there are now; what was known before does not count any more.
  case listed([Object])
  /// An object is there, or has changed.
  case changed(Object)
  /// An object is gone; this is how it was last.
  case deleted(Object)
  /// Nothing has changed up to now.
  case unchanged
  /// The server could not be listened to. What is known is getting old; another try follows after the pause.
  case interrupted(KubernetesError, pause: Duration)
}

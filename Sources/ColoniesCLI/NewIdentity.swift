internal import Colonies
internal import ColoniesClient

/// A key that is made for something new on a server.
struct NewIdentity {
  private let session: Session

  init(_ session: Session) { self.session = session }

  /// Makes a key, keeps it, and registers what it is for.
  /// - Returns: The key's identity.
  func register(_ register: (String) async throws -> Void) async throws -> String {
    let key = PrivateKey()
    // First the key: an identity on the server whose key is lost would be nobody's.
    try session.keychain.add(key)
    do {
      try await register(key.id)
    } catch {
      // Without a refusal nobody knows whether the server did it, so the key has to stay.
      if let error = error as? ColoniesError, error.status != nil, !error.mayHaveHappened {
        try session.keychain.remove(key.id)
      }
      throw error
    }
    return key.id
  }
}

internal import ColoniesClient

extension CommandError {
  /// Adds to a client's error what the user can do about it.
  init(_ error: ColoniesError) { self.init(error.message, advice: Self.advice(error.code)) }

  private static func advice(_ code: ColoniesError.Code) -> String? {
    switch code {
    case .unreachable:
      """
      Is this the server's address, and is the server running? COLONIES_SERVER_HOST and COLONIES_SERVER_PORT
      (or --host and --port) say where it is. This starts one on this machine: colonies server start
      """
    case .untrusted:
      """
      --ca-file FILE (or COLONIES_CA_FILE) names the authority that signed the server's certificate;
      --insecure (or COLONIES_SKIP_TLS_VERIFY=true) accepts any certificate. A server without TLS, such as the
      embedded one, needs --no-tls (or COLONIES_TLS=false).
      """
    case .deadlineExceeded: "The server may have done it all the same: look before you repeat it."
    case .denied:
      """
      The server does not let this key do this. A runtime has to be approved before it may do anything:
        colonies runtime ls
        colonies runtime approve --runtimeid ID
      """
    case .unsupported:
      """
      Servers have the runtime API (of 2022), the executor API (of today) or both. --api or COLONIES_API
      chooses one; the executor API needs COLONIES_COLONY_NAME, the runtime API COLONYID.
      """
    case .invalidReply:
      """
      If this is the right address: a server that speaks TLS needs --tls (or COLONIES_TLS=true), and one with
      both APIs answers a runtime in the API in which it was registered; --api or COLONIES_API chooses it.
      """
    case .notAssigned:
      """
      Only the runtime that the process is assigned to may do this, and only while it is. `colonies process get`
      shows which one that is; --runtimeid names it.
      """
    case .tooManyRequests:
      "The server takes only so many requests a second from one key; try again in a moment."
    case .paused: "The colony's owner has paused assignments; try again later."
    case .queueEmpty, .notFound, .alreadyExists, .invalidRequest, .serverFailure, .cancelled:
      nil
    }
  }
}

internal import ArgumentParser

@main
struct FibonacciWorker: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fibonacci-worker",
    abstract: "Compute Fibonacci numbers for a Colonies server.",
    discussion: """
      Registers with the server, takes processes of type "fibonacci" one at a time, computes F(n) exactly for
      the n in each process's env entry fibonacciNum (or its first argument), and stores it as attribute
      "result" (and as output, in the executor API). A bad fibonacciNum closes the process as failed and says
      why. SIGTERM or SIGINT: take nothing new, finish, unregister, exit 0; a second one ends at once.

      \(environmentHelp)

      EXIT STATUS
        0 drained and unregistered   1 refused by the server   2 bad environment
        3 grace time over            128+n ended by a second signal n   64 bad arguments

      EXAMPLE
        COLONYID=… COLONYPRVKEY=… COLONIES_SERVER_HOST=localhost COLONIES_SERVER_PORT=8080 \\
          CORES=1 MEM=1000 fibonacci-worker
      """,
    version: "0.1.0",
    subcommands: [Run.self, Unregister.self],
    defaultSubcommand: Run.self)

  static let environmentHelp = """
    ENVIRONMENT
      COLONIES_SERVER_HOST       the server's host name or address; required
      COLONIES_SERVER_PORT       the server's port; required
      COLONYID                   the colony's id; makes the worker speak the runtime API of 2022
      COLONIES_COLONY_NAME       the colony's name; makes it speak the executor API. One of the two is
                                 required; with both, the server is asked which API it has
      COLONYPRVKEY, COLONIES_COLONY_PRVKEY
                                 the colony owner's private key, 64 hexadecimal digits; one is required
      COLONYPRVKEY_FILE, COLONIES_COLONY_PRVKEY_FILE
                                 a file to read the key from instead
      COLONIES_TLS               true or false (default: false, as `colonies server start` on one machine)
      COLONIES_CA_FILE           the only certificate authorities to trust, a PEM file
      COLONIES_SKIP_TLS_VERIFY   true accepts any certificate (default: false)
      COLONIES_EXECUTOR_TYPE     the type of processes to take (default: fibonacci)
      COLONIES_EXECUTOR_NAME     the name to register under (default: POD_NAME; in Kubernetes HOSTNAME;
                                 otherwise host, process and a random number)
      CORES, MEM                 cores and MiB of memory to offer (default: one core and no memory in the
                                 runtime API, no limit in the executor API)
      FIBONACCI_MAX_N            the largest n to compute (default: 20000000; at most 25000000); the worker
                                 needs up to \(bytesPerStep) bytes of memory for each step, and 50 MB
      WORKER_GRACE_SECONDS       how long ending may take (default: 30; 0 to 86400). Keep it below a pod's
                                 terminationGracePeriodSeconds
      WORKER_STATE_FILE          where `unregister` finds the worker
                                 (default: fibonacci-worker.json in TMPDIR or /tmp)
      LOG_LEVEL                  trace, debug, info, notice, warning, error or critical (default: info)
      LOG_FORMAT                 text or json (default: text)
    """

  /// What the worker's memory grows by for each step of n: the number, its text, and the request that stores
  /// it in its stages. Measured.
  static let bytesPerStep = 3
}

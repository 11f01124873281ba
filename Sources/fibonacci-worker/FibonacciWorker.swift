internal import ArgumentParser
internal import ColoniesWorker

@main
struct FibonacciWorker: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fibonacci-worker",
    abstract: "Compute Fibonacci numbers for a Colonies server.",
    discussion: """
      Registers with the server, takes processes of type "fibonacci", computes F(n) exactly \
      for the n in each process's env entry fibonacciNum (or its first argument), and stores it as \
      attribute "result" (and as output, in the executor API). A bad fibonacciNum closes the process as \
      failed and says why.

      SIGTERM or SIGINT: take nothing new, finish, unregister, exit 0. A second one ends at once.

      \(environmentHelp)

      EXIT STATUS
        0   drained and unregistered        1  refused by the server
        2   bad environment                 3  grace time over
        64  bad arguments                   128+n  ended by a second signal n

      EXAMPLE
        COLONYID=... COLONYPRVKEY=... COLONIES_SERVER_HOST=localhost \\
          COLONIES_SERVER_PORT=50080 CORES=1 MEM=1000 fibonacci-worker
      """,
    version: "0.1.0",
    subcommands: [Run.self, Unregister.self, Healthy.self],
    defaultSubcommand: Run.self)

  // Lines of at most 80 characters: longer ones would be folded.
  static let environmentHelp = """
    ENVIRONMENT
      COLONIES_SERVER_HOST      the server's host name or address; required
      COLONIES_SERVER_PORT      the server's port; required
      COLONYID                  the colony's id: speak the runtime API of 2022
      COLONIES_COLONY_NAME      the colony's name: speak the executor API. One
                                of the two is required
      COLONIES_API              with both: runtime or executor (default: ask the
                                server which it has)
      COLONYPRVKEY, COLONIES_COLONY_PRVKEY
                                the colony owner's private key, 64 hexadecimal
                                digits; one of the two is required, or
      COLONYPRVKEY_FILE, COLONIES_COLONY_PRVKEY_FILE
                                a file to read the key from
      COLONIES_TLS              true or false (default: false, like the server
                                that `colonies server start` starts)
      COLONIES_CA_FILE          a PEM file of the only authorities to trust
      COLONIES_SKIP_TLS_VERIFY  true: accept any certificate (default: false)
      COLONIES_EXECUTOR_TYPE    the type of processes (default: fibonacci)
      COLONIES_EXECUTOR_NAME    the name to register under (default: POD_NAME;
                                in Kubernetes HOSTNAME; otherwise made of host,
                                process and a random number)
      CORES, MEM                cores and MiB to offer (default: one core and
                                no memory in the runtime API, no limit in the
                                executor API)
      FIBONACCI_MAX_N           the largest n to compute (default: 20000000; at
                                most 25000000). The worker needs up to
                                \(bytesPerStep) bytes of memory for each step of n, and
                                25 MB
      WORKER_GRACE_SECONDS      how long ending may take (default: 30; at most
                                86400). Less than a pod's
                                terminationGracePeriodSeconds
      WORKER_UNFINISHED         what becomes of work that is not done then:
                                release (default): another worker gets it at
                                once (with upstream servers of 2022 when its
                                lease ends), or fail: it is closed as failed
      WORKER_CONCURRENCY        how many processes to work on at once (default:
                                1; at most \(WorkerConfiguration.largestConcurrency))
      WORKER_STATE_FILE         where `unregister` finds the worker, and beside
                                it `healthy` (default: fibonacci-worker.json in
                                TMPDIR or /tmp)
      LOG_LEVEL                 trace, debug, info, notice, warning, error or
                                critical (default: info)
      LOG_FORMAT                text or json (default: text)
    """

  /// What the worker's memory grows by for each step of n: the number, its text, and the stages of the request
  /// that stores it. Measured.
  static let bytesPerStep = 3
}

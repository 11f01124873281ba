extension AutoscalerConfiguration {
  /// A configuration to begin with, for `--help` and for tests: what is shown is what works.
  public static let example = """
    servers:
      local:                        # the name that scalers use
        host: localhost
        port: 50080
        tls: false                  # default; with true, caFile names a PEM file to trust instead of the system's
        api: auto                   # default; or runtime (2022), executor (today's)
        deadline: 10s               # default; how long one call may take

    scalers:
      - name: fibonacci             # in logs, and in the names of workers
        server: local               # may be left out when there is only one
        colony:
          name: dev                 # name for the executor API, id for the runtime API, or both
        credentials:                # where the private key of an approved worker of the colony is; never the key
          file: autoscaler.key      # or environment: RUNTIMEPRVKEY
        executorType: fibonacci     # which processes the workers take
        processesPerReplica: 1      # default
        min: 0                      # default
        max: 4
        pollInterval: 2s            # default
        scaleDown:
          idleFor: 60s              # default; how long demand must be lower before workers go
        stalenessLimit: 30s         # default: three polls, at least 30s
        fallback:                   # default: hold for as long as the queue is unknown
          afterFailures: 3          # default
          replicas: 1
          allowLowering: false      # default
        paused: false               # default
        target:
          kind: LocalProcesses
          command: [fibonacci-worker]
          environment:              # the queue's address and the worker's name are set already
            COLONYPRVKEY_FILE: colony.key
          gracePeriod: 30s          # default; from SIGTERM to SIGKILL
          logDirectory: logs        # default: the autoscaler's standard error

    """
}

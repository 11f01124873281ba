extension AutoscalerConfiguration {
  /// A configuration to begin with, for `--help` and for tests: what is shown is what works.
  public static let example = """
    servers:
      local:                     # the name that scalers use
        host: localhost
        port: 50080
        tls: false               # default; true: caFile may name a PEM to trust
        api: auto                # default; or runtime (2022), executor (today)
        deadline: 10s            # default; how long one call may take

    scalers:
      - name: fibonacci          # in logs, and in the names of workers
        server: local            # may be left out when there is only one
        colony:
          name: dev              # name (executor API), id (runtime API) or both
        credentials:             # where the key of an approved worker of the
          file: autoscaler.key   # colony is; or environment: RUNTIMEPRVKEY
        executorType: fibonacci  # which processes the workers take
        processesPerReplica: 1   # default
        min: 0                   # default
        max: 4
        pollInterval: 2s         # default
        scaleDown:
          idleFor: 60s           # default; how long demand must stay lower
        stalenessLimit: 30s      # default: three polls, at least 30s
        fallback:                # default: hold while the queue is unknown
          afterFailures: 3       # default
          replicas: 1
          allowLowering: false   # default
        paused: false            # default
        target:
          kind: LocalProcesses
          command: [fibonacci-worker]
          environment:           # queue and worker's name are set already
            COLONYPRVKEY_FILE: /etc/colonies/colony.key
          gracePeriod: 30s       # default; from SIGTERM to SIGKILL
          logDirectory: logs     # default: the autoscaler's standard error

    """
}

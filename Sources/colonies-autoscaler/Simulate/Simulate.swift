internal import ArgumentParser
internal import AutoscalerController
internal import Autoscaling
internal import Files
internal import Glibc
internal import JSON
internal import PolicySearch
internal import Simulation
internal import SimulationReport
internal import Workloads

extension ColoniesAutoscaler {
  struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Rehearse policies on a workload, side by side with other autoscalers.",
      discussion: """
        Simulates a queue, its workers and a cluster, event by event, and lets each
        policy scale them: yours with the very function that the controller decides
        with, others by models of their published algorithms with their defaults.
        The table shows how long processes waited, what was paid (pod-seconds ÷
        job-seconds), busy workers killed, and changes. --html FILE is a page with
        plots. The same seed gives the same numbers.

        WORKLOADS
          A table (*.csv) has the columns submitted and service, and perhaps type and
          priority: when a process is submitted (seconds, or 2026-11-25 08:00:00), in
          order, and the seconds a worker works on it. A description in YAML may have
          several sources:

            duration: 480h            # needed for Poisson and Bursts
            seed: 1                   # default
            begins: 2026-11-23 00:00:00   # UTC; schedules go by it
            sources:
              - kind: Poisson
                executorType: worker  # default
                perHour: 40           # × (1 + swing × cos(2π (t − peak) ÷ 24 h))
                daily: {swing: 0.9, peak: 14h, weekend: 0.2}   # may be left out
                serviceTime: {shape: LogNormal, median: 20s, sigma: 1}
              - kind: Bursts
                every: 24h            # mean time from one to the next
                spacing: Regular      # default: Random
                first: 2h             # of Regular ones; default 0s
                size: 100
                within: 10s           # spread over; default 0s
                serviceTime: {shape: Pareto, minimum: 5s, alpha: 1.5, atMost: 1h}
              - {kind: Processes, file: a.csv}
              - kind: Tokens          # columns TIMESTAMP,ContextTokens,GeneratedTokens
                file: requests.csv    # service time: base + context × time each
                base: 2s              #   + generated × time each
                perThousandContextTokens: 1s
                perThousandGeneratedTokens: 30s
              - kind: Counts          # columns timestamp,value; Poisson within each
                file: counts.csv      # interval, of mean value × processesPerCount
                from: 2014-10-20 00:00:00   # of tables; default: first row
                interval: 30m
                processesPerCount: 0.002
                serviceTime: {shape: Constant, value: 30s}   # or Exponential, mean

          --history 7d of your own: see --history. What the server no longer tells is
          said in the result.

        SEARCH
          --search looks for settings that reach every --objective at the least cost:
          processesPerReplica, min, pollInterval, scaleUp.stabilizationWindow,
          scaleUp.tolerance, scaleDown.idleFor and scaleDown.tolerance; the rest stays as
          in the first scaler. It prints them as YAML for the configuration, and what each
          of the others would have cost.

        EXIT STATUS
          0 done   1 a file or a server could not be used
          2 --search found no settings that reach the objectives   64 bad arguments

        EXAMPLES
          colonies-autoscaler simulate --workload hack/workloads/office-weeks.yaml
          colonies-autoscaler simulate --workload trace.csv --config a.yaml \\
            --config b.yaml --compare keda --html report.html
          colonies-autoscaler simulate --history 168h --save mine.csv \\
            --config autoscaler.yaml --search --objective 'p95 wait <= 30s'
        """)

    enum Output: String, ExpressibleByArgument, CaseIterable {
      case text, json
    }

    @OptionGroup(title: "Workload") var workload: WorkloadOptions
    @OptionGroup(title: "Policies") var policies: PolicyOptions
    @OptionGroup(title: "Cluster and queue") var clusterModel: ClusterModelOptions
    @OptionGroup(title: "Where a configuration is in a cluster") var clusterOptions: ClusterOptions
    @OptionGroup(title: "Search") var search: SearchOptions

    @Option(
      help: ArgumentHelp(
        "What random numbers begin with. Default: the workload's seed, or 1", valueName: "number"))
    var seed: UInt64?

    @Option(help: "How the result is printed.")
    var output = Output.text

    @Option(help: ArgumentHelp("Also write a page with tables and plots.", valueName: "file"))
    var html: String?

    func run() async throws {
      signal(SIGPIPE, SIG_IGN)
      let scalers = try await policies.scalers(clusterOptions)
      let own = try policies.own(scalers)
      let rehearsal = try await prepared(scalers.first?.scaler)
      guard let base = own.first?.policy else { preconditionFailure("there is at least one policy") }
      if search.search {
        try await propose(rehearsal, base: base, own)
      } else {
        let report = try await report(rehearsal, own + policies.rivals(beside: base))
        try write(report)
        switch output {
        case .text: print(report.text)
        case .json: print(report.json.text(.indented(2)))
        }
      }
    }

    /// Simulates policies and puts the outcomes side by side.
    func report(_ rehearsal: Rehearsal, _ policies: [RehearsedPolicy]) async throws -> SimulationReport {
      let progress = ProgressBar("simulating \(policies.count) policies", parts: policies.count)
      defer { progress.end() }
      let outcomes: [SimulationOutcome]
      do {
        outcomes = try await rehearsal.run.outcomes(policies.map(\.model), progress)
      } catch {
        throw complaint("\(error)\n")
      }
      return SimulationReport(
        workload: rehearsal.name, assumptions: rehearsal.assumptions + clusterModel.assumptions,
        entries: zip(policies, outcomes).map { policy, outcome in
          .init(policy: policy.description, isOwn: policy.policy != nil, outcome: outcome)
        })
    }

    func write(_ report: SimulationReport) throws {
      guard let html else { return }
      do {
        try File.replace(html, with: report.html)
      } catch {
        throw complaint("\(error)\n")
      }
    }
  }
}

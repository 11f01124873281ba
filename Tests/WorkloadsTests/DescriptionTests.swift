import Simulation
import TestSupport
import Testing
import Workloads
import YAML

@Suite("Descriptions of workloads")
struct DescriptionTests {
  private func read(_ text: String) throws -> Workload {
    try Workload(reading: Array(text.utf8), file: "folder/w.yaml")
  }

  @Test("every key is understood")
  func keys() throws {
    let workload = try read(
      """
      name: everything
      seed: 7
      duration: 24h
      begins: 2026-11-25 08:00:00
      sources:
        - {kind: Processes, file: a.csv, from: 12.5, executorType: gpu}
        - {kind: Tokens, file: /b.csv, base: 2s, perThousandContextTokens: 1s, perThousandGeneratedTokens: 30s}
        - {kind: Counts, file: c.csv, from: 2014-10-20 00:00:00, interval: 30m, processesPerCount: 0.5,
           serviceTime: {shape: Constant, value: 5s}}
        - {kind: Poisson, perHour: 60, daily: {swing: 0.5, peak: 14h, weekend: 0.1},
           serviceTime: {shape: Exponential, mean: 5s, atMost: 1m}}
        - {kind: Bursts, every: 1h, first: 5m, spacing: Regular, size: 9, within: 10s,
           serviceTime: {shape: LogNormal, median: 5s, sigma: 1.5}}
        - {kind: Bursts, every: 1h, size: 9, serviceTime: {shape: Pareto, minimum: 5s, alpha: 1.5}}
      """)
    let hour = Duration.seconds(3_600)
    #expect(
      workload
        == Workload(
          name: "everything", seed: 7, duration: hour * 24, begins: .seconds(1_795_593_600),
          sources: [
            WorkloadSource(
              .processes(file: "folder/a.csv"), from: .milliseconds(12_500), executorType: "gpu"),
            WorkloadSource(
              .tokens(
                file: "/b.csv",
                TokenTime(
                  base: .seconds(2), perThousandContextTokens: .seconds(1),
                  perThousandGeneratedTokens: .seconds(30)))),
            WorkloadSource(
              .counts(
                file: "folder/c.csv", Counts(interval: .seconds(1_800), processesPerCount: 0.5),
                ServiceTime(.constant(.seconds(5)))), from: .seconds(1_413_763_200)),
            WorkloadSource(
              .poisson(
                perHour: 60, DailyShape(swing: 0.5, peak: hour * 14, weekend: 0.1),
                ServiceTime(.exponential(mean: .seconds(5)), atMost: .seconds(60)))),
            WorkloadSource(
              .bursts(
                Bursts(
                  every: hour, first: .seconds(300), spacing: .regular, size: 9, within: .seconds(10)),
                ServiceTime(.logNormal(median: .seconds(5), sigma: 1.5)))),
            WorkloadSource(
              .bursts(
                Bursts(every: hour, size: 9), ServiceTime(.pareto(minimum: .seconds(5), alpha: 1.5)))),
          ]))
  }

  @Test("all problems are told at once, with their places")
  func problems() throws {
    let error = #expect(throws: YAMLError.self) {
      try read(
        """
        sources:
          - {kind: Possion, perHour: 60}
          - {kind: Poisson, perHour: 0, serviceTime: {shape: Pareto, minimum: 5s}}
          - {kind: Bursts, every: 1h, within: 2h, first: 5m, size: 1, serviceTime: {shape: Constant, value: 5}}
          - {kind: Bursts, every: 1h, within: 1h, first: 5m, size: 1, serviceTime: {shape: Constant, value: 5s}}
          - {kind: Processes, file: a.csv, form: 12}
        """)
    }
    #expect(
      error?.description == """
        folder/w.yaml:1:1: required key "duration" is missing, as Poisson and Bursts have no end of their own
        folder/w.yaml:2:12: sources[0].kind: must be one of Processes, Tokens, Counts, Poisson, Bursts, got "Possion"; did you mean "Poisson"?
        folder/w.yaml:3:30: sources[1].perHour: must be from 0.001 to 10000000.0, got 0
        folder/w.yaml:3:46: sources[1].serviceTime: required key "alpha" is missing
        folder/w.yaml:4:101: sources[2].serviceTime.value: must be a duration like 250ms, 30s, 5m or 1h30m, got 5; add the unit
        folder/w.yaml:5:39: sources[3].within: must be less than every, 1h: bursts do not overlap
        folder/w.yaml:5:50: sources[3].first: is for spacing: Regular
        folder/w.yaml:6:36: sources[4].form: is not a known key; did you mean "from"?
        """)
  }

  @Test("a file that is not there")
  func missing() {
    let error = #expect(throws: WorkloadError.self) { try Workload(file: "/nowhere/w.yaml") }
    #expect(error?.description == "/nowhere/w.yaml: cannot be read: No such file or directory")
  }

  @Test("tables: times by tokens, arrivals by counts, both from where they are told to")
  func tables() throws {
    let directory = TemporaryDirectory()
    directory.write(
      """
      TIMESTAMP,ContextTokens,GeneratedTokens
      2023-11-16 18:00:00.0,9,9
      2023-11-16 18:17:03.9799600,4808,10
      2023-11-16 18:17:04.0319600,0,0
      """, to: "tokens.csv")
    directory.write(
      "timestamp,value\n2014-01-01 00:00:00,9\n2014-01-02 00:00:00,0\n2014-01-02 00:30:00,1000\n2014-01-02 02:00:00,5000\n",
      to: "counts.csv")
    let description = directory.write(
      """
      sources:
        - {kind: Tokens, file: tokens.csv, from: 2023-11-16 18:17:00, base: 2s, perThousandContextTokens: 1s,
           perThousandGeneratedTokens: 30s}
        - {kind: Counts, file: counts.csv, from: 2014-01-02 00:00:00, interval: 30m, processesPerCount: 0.5,
           executorType: ride, serviceTime: {shape: Constant, value: 5s}}
      """, to: "w.yaml")
    let found = try Workload(file: description).collected()
    #expect(found.areInOrder)
    // 2 s + 4,808 × 1 ms + 10 × 30 ms
    #expect(found[0].submittedAt == .microseconds(3_979_960) && found[0].serviceTime == .milliseconds(7_108))
    #expect(found[1].serviceTime == .seconds(2))
    let rides = found.dropFirst(2).map { $0.submittedAt / .seconds(60) }
    #expect(rides.allSatisfy { (30..<60).contains($0) || (120..<150).contains($0) })
    // 500 and 2,500 are expected; the bounds are six standard deviations.
    #expect(abs(rides.count { $0 < 60 } - 500) < 134)
    #expect(abs(rides.count { $0 >= 60 } - 2_500) < 300)
  }

  @Test(
    "the shipped workloads have what their descriptions say",
    arguments: [
      ("azure-code-completion", 8_819...8_819, 4.8...5.0), ("new-york-taxi", 27_000...34_000, 95...101),
      ("office-weeks", 18_000...24_000, 20...60),
    ])
  func shipped(name: String, count: ClosedRange<Int>, meanServiceTime: ClosedRange<Double>) throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let workload = try Workload(file: "\(root)/hack/workloads/\(name).yaml")
    let processes = try workload.collected()
    #expect(workload.name == name)
    #expect(processes.areInOrder)
    #expect(count.contains(processes.count), "\(processes.count)")
    #expect(meanServiceTime.contains(processes.meanServiceTime), "\(processes.meanServiceTime)")
    #expect(Set(processes.map(\.executorType)).count == 1)
  }
}

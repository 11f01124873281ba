public import Simulation

/// What a workload amounts to.
public struct WorkloadSummary: Sendable, Hashable {
  /// How many processes there are.
  public private(set) var count = 0
  /// The submission of the last one.
  public private(set) var length = Duration.zero
  /// The sum of the service times.
  public private(set) var work = Duration.zero
  /// The types of workers that they ask for, at most ``typeLimit`` of them.
  public private(set) var executorTypes: Set<String> = []

  /// How many types are kept.
  public static let typeLimit = 100

  /// Goes through a workload once, which also finds what is wrong with it.
  /// - Parameter executorType: Only processes of this type are counted; nil for all. All types are noted.
  /// - Throws: What the workload throws.
  public init(_ workload: some SimulatedWorkload, executorType: String? = nil) throws {
    var processes = try workload.makeProcesses()
    while let process = try processes.next() {
      if executorTypes.count < Self.typeLimit { executorTypes.insert(process.executorType) }
      guard executorType == nil || process.executorType == executorType else { continue }
      count += 1
      length = process.submittedAt
      work += process.serviceTime
    }
  }

  /// The mean service time; nil when there are no processes.
  public var meanServiceTime: Duration? { count > 0 ? work / count : nil }

  /// The workers that would be busy on average; nil when all processes come at once.
  public var meanLoad: Double? { length > .zero ? work / length : nil }
}

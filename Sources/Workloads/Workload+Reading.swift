internal import Files
internal import YAML

extension Workload {
  /// Reads a workload from a file: a table of processes if its name ends in `.csv`, else a description in YAML, in
  /// which relative paths are relative to the file's folder.
  /// - Throws: `WorkloadError` or `YAMLError` with everything that is wrong.
  public init(file: String) throws {
    if file.hasSuffix(".csv") {
      self.init(name: Self.name(of: file), sources: [WorkloadSource(.processes(file: file))])
      return
    }
    let bytes: [UInt8]
    do {
      bytes = try File.bytes(file, limit: Self.largestFile)
    } catch {
      throw WorkloadError(file: file, message: "cannot be read: \(error.reason)")
    }
    try self.init(reading: bytes, file: file)
  }

  /// Reads a description in YAML.
  /// - Parameter file: Its path, also the name that problems are reported under.
  /// - Throws: `YAMLError` with everything that is wrong.
  public init(reading bytes: [UInt8], file: String) throws {
    let reader = WorkloadReader(name: Self.name(of: file), folder: File.folder(of: file))
    self = try YAMLReader().read(bytes, file: file, reader.workload)
  }

  private static let largestFile = 1 << 20

  /// The file's name without folder and ending.
  private static func name(of file: String) -> String {
    let name = file.split(separator: "/").last ?? "workload"
    return String(name.split(separator: ".").first ?? name)
  }
}

/// Reads the parts of a description. Each method returns nil after it has reported a problem.
struct WorkloadReader {
  /// What the workload is called unless it says so itself.
  let name: String
  /// The folder that relative paths start from; empty is the current one.
  let folder: String

  func workload(_ root: StrictNode) -> Workload? {
    root.mapping { root in
      let name = root.optional("name")?.string(length: 1...100)
      let seed = root.optional("seed")?.integer(in: 0...Int.max)
      let duration = root.optional("duration")?.duration(in: .seconds(1)...Workload.longestDuration)
      let begins = root.optional("begins").flatMap(moment)
      let sources = root.required("sources")?.list(count: 1...100, source)
      guard let sources else { return nil }
      if duration == nil, !root.keys.contains("duration"), sources.contains(where: \.isEndless) {
        root.report("required key \"duration\" is missing, as Poisson and Bursts have no end of their own")
      }
      return Workload(
        name: name ?? self.name, seed: UInt64(seed ?? 1), duration: duration,
        begins: begins ?? Workload.usualBeginning, sources: sources)
    }
  }

  private enum Kind: String, CaseIterable {
    case processes = "Processes"
    case tokens = "Tokens"
    case counts = "Counts"
    case poisson = "Poisson"
    case bursts = "Bursts"
  }

  private func source(_ node: StrictNode) -> WorkloadSource? {
    node.mapping { source in
      let type = source.optional("executorType")?.string(length: 1...253)
      guard let kind = source.required("kind")?.choice(of: Kind.self) else {
        // What else is written depends on the kind, so nothing can be said about it.
        _ = source.all()
        return nil
      }
      let read =
        switch kind {
        case .processes: file(&source).map(WorkloadSource.Kind.processes)
        case .tokens: tokens(&source)
        case .counts: counts(&source)
        case .poisson: poisson(&source)
        case .bursts: bursts(&source)
        }
      let isTable = kind == .processes || kind == .tokens || kind == .counts
      let from = isTable ? source.optional("from").flatMap(moment) : nil
      return read.map { WorkloadSource($0, from: from, executorType: type ?? WorkloadSource.usualType) }
    }
  }

  private func file(_ source: inout StrictMapping) -> String? {
    source.required("file")?.string().map { File.resolve($0, in: folder) }
  }

  private func tokens(_ source: inout StrictMapping) -> WorkloadSource.Kind? {
    let file = file(&source)
    let base = source.required("base")?.duration(in: .zero...ServiceTime.longest)
    let context = source.required("perThousandContextTokens")?.duration(in: .zero...ServiceTime.longest)
    let generated = source.required("perThousandGeneratedTokens")?.duration(in: .zero...ServiceTime.longest)
    guard let file, let base, let context, let generated else { return nil }
    return .tokens(
      file: file,
      TokenTime(base: base, perThousandContextTokens: context, perThousandGeneratedTokens: generated))
  }

  private func counts(_ source: inout StrictMapping) -> WorkloadSource.Kind? {
    let file = file(&source)
    let interval = source.required("interval")?.duration(in: .seconds(1) ... .seconds(604_800))
    let share = source.required("processesPerCount")?.decimal(in: 0...1_000)
    let service = source.required("serviceTime").flatMap(serviceTime)
    guard let file, let interval, let share, let service else { return nil }
    return .counts(file: file, Counts(interval: interval, processesPerCount: share), service)
  }

  private func poisson(_ source: inout StrictMapping) -> WorkloadSource.Kind? {
    let perHour = source.required("perHour")?.decimal(in: PoissonArrivals.perHourRange)
    let shape = source.optional("daily").flatMap(daily)
    let service = source.required("serviceTime").flatMap(serviceTime)
    guard let perHour, let service else { return nil }
    return .poisson(perHour: perHour, shape, service)
  }

  private func daily(_ node: StrictNode) -> DailyShape? {
    node.mapping { daily in
      let swing = daily.required("swing")?.decimal(in: 0...1)
      let peak = daily.required("peak")?.duration(in: .zero ... .seconds(86_400))
      let weekend = daily.optional("weekend")?.decimal(in: 0...10)
      guard let swing, let peak else { return nil }
      return DailyShape(swing: swing, peak: peak, weekend: weekend ?? 1)
    }
  }

  private func bursts(_ source: inout StrictMapping) -> WorkloadSource.Kind? {
    let every = source.required("every")?.duration(in: .seconds(1)...Workload.longestDuration)
    let first = source.optional("first")?.duration(in: .zero...Workload.longestDuration)
    let spacing = source.optional("spacing")?.choice(of: Bursts.Spacing.self) ?? .random
    let size = source.required("size")?.integer(in: Bursts.sizeRange)
    let within = source.optional("within")?.duration(in: .zero...Workload.longestDuration) ?? .zero
    let service = source.required("serviceTime").flatMap(serviceTime)
    guard let every, let size, let service else { return nil }
    if within >= every {
      source.report(
        "must be less than every, \(DurationSyntax.text(every)): bursts do not overlap", at: "within")
    }
    if first != nil, spacing == .random { source.report("is for spacing: Regular", at: "first") }
    return .bursts(
      Bursts(every: every, first: first ?? .zero, spacing: spacing, size: size, within: within), service)
  }

  private enum Shape: String, CaseIterable {
    case constant = "Constant"
    case exponential = "Exponential"
    case logNormal = "LogNormal"
    case pareto = "Pareto"
  }

  private func serviceTime(_ node: StrictNode) -> ServiceTime? {
    let range: ClosedRange<Duration> = .milliseconds(1)...ServiceTime.longest
    return node.mapping { service in
      guard let shape = service.required("shape")?.choice(of: Shape.self) else {
        _ = service.all()
        return nil
      }
      let read: ServiceTime.Shape?
      switch shape {
      case .constant: read = service.required("value")?.duration(in: range).map { .constant($0) }
      case .exponential: read = service.required("mean")?.duration(in: range).map { .exponential(mean: $0) }
      case .logNormal:
        let median = service.required("median")?.duration(in: range)
        let sigma = service.required("sigma")?.decimal(in: 0...10)
        read = median.flatMap { median in sigma.map { .logNormal(median: median, sigma: $0) } }
      case .pareto:
        let minimum = service.required("minimum")?.duration(in: range)
        let alpha = service.required("alpha")?.decimal(in: 0.1...100)
        read = minimum.flatMap { minimum in alpha.map { .pareto(minimum: minimum, alpha: $0) } }
      }
      let atMost = service.optional("atMost")?.duration(in: range)
      return read.map { ServiceTime($0, atMost: atMost ?? ServiceTime.longest) }
    }
  }

  private func moment(_ node: StrictNode) -> Duration? {
    guard let text = node.string(length: 1...40) else { return nil }
    let moment = MomentSyntax.moment(text)
    if moment == nil { node.report("must be \(MomentSyntax.expected)") }
    return moment
  }
}

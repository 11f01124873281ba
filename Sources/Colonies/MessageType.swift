/// The messages of the protocol, by their names on the wire.
public enum MessageType: String, Sendable, Hashable, CaseIterable {
  case version = "versionmsg"
  case addColony = "addcolonymsg"
  case getColonies = "getcoloniesmsg"
  case getColony = "getcolonymsg"
  case deleteColony = "deletecolonymsg"
  case removeColony = "removecolonymsg"
  case getProcessStatistics = "getprocstatmsg"
  case getColonyStatistics = "getcolonystatsmsg"
  case getStatistics = "getstatisticsmsg"

  case addRuntime = "addruntimemsg"
  case getRuntimes = "getruntimesmsg"
  case getRuntime = "getruntimemsg"
  case approveRuntime = "approveruntimemsg"
  case rejectRuntime = "rejectruntimemsg"
  case deleteRuntime = "deleteruntimemsg"
  case addExecutor = "addexecutormsg"
  case getExecutors = "getexecutorsmsg"
  case getExecutor = "getexecutormsg"
  case approveExecutor = "approveexecutormsg"
  case rejectExecutor = "rejectexecutormsg"
  case removeExecutor = "removeexecutormsg"

  case submitProcessSpec = "submitprocessespecmsg"
  case submitFunctionSpec = "submitfuncspecmsg"
  case assignProcess = "assignprocessmsg"
  case getProcesses = "getprocessesmsg"
  case getProcess = "getprocessmsg"
  case getProcessHistory = "getprocesshistmsg"
  case closeSuccessful = "closesuccessfulmsg"
  case closeFailed = "closefailedmsg"
  case cancelProcess = "cancelprocessmsg"
  case deleteProcess = "deleteprocessmsg"
  case removeProcess = "removeprocessmsg"
  case deleteAllProcesses = "deleteallprocessesmsg"
  case removeAllProcesses = "removeallprocessesmsg"
  case addAttribute = "addattributemsg"
  case getAttribute = "getattributemsg"
  case addLog = "addlogmsg"
  case getLogs = "getlogsmsg"

  /// The one API that has this message, or nil when both have it.
  public var exclusiveAPI: API? {
    switch self {
    case .deleteColony, .getProcessStatistics, .addRuntime, .getRuntimes, .getRuntime, .approveRuntime,
      .rejectRuntime, .deleteRuntime, .submitProcessSpec, .deleteProcess, .deleteAllProcesses:
      .runtime
    case .version, .removeColony, .getColonyStatistics, .getStatistics, .addExecutor, .getExecutors,
      .getExecutor, .approveExecutor, .rejectExecutor, .removeExecutor, .submitFunctionSpec,
      .cancelProcess, .removeProcess, .removeAllProcesses, .addLog, .getLogs:
      .executor
    case .addColony, .getColonies, .getColony, .assignProcess, .getProcesses, .getProcess,
      .getProcessHistory, .closeSuccessful, .closeFailed, .addAttribute, .getAttribute:
      nil
    }
  }

  /// Whether a message of this type is answered without a signature.
  public var isUnsigned: Bool { self == .version }

  /// What the message does, as error texts of the executor API put it: "Failed to … ".
  public var action: String {
    switch self {
    case .version: "get server version"
    case .addColony: "add colony"
    case .getColonies: "get colonies"
    case .getColony: "get colony"
    case .deleteColony, .removeColony: "remove colony"
    case .getProcessStatistics, .getColonyStatistics: "get colony statistics"
    case .getStatistics: "get statistics"
    case .addRuntime, .addExecutor: "add executor"
    case .getRuntimes, .getExecutors: "get executors"
    case .getRuntime, .getExecutor: "get executor"
    case .approveRuntime, .approveExecutor: "approve executor"
    case .rejectRuntime, .rejectExecutor: "reject executor"
    case .deleteRuntime, .removeExecutor: "remove executor"
    case .submitProcessSpec, .submitFunctionSpec: "submit process"
    case .assignProcess: "assign process"
    case .getProcesses: "get processes"
    case .getProcess: "get process"
    case .getProcessHistory: "get process history"
    case .closeSuccessful: "close process as successful"
    case .closeFailed: "close process as failed"
    case .cancelProcess: "cancel process"
    case .deleteProcess, .removeProcess: "remove process"
    case .deleteAllProcesses, .removeAllProcesses: "remove all processes"
    case .addAttribute: "add attribute"
    case .getAttribute: "get attribute"
    case .addLog: "add log"
    case .getLogs: "get logs"
    }
  }
}

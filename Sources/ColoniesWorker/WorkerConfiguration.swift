public import Colonies
public import ColoniesClient
public import HTTPTransport

/// Everything a worker has to be told.
public struct WorkerConfiguration: Sendable {
  /// What becomes of work that is not done when the worker has to end.
  public enum Unfinished: Sendable, Hashable {
    /// The worker unregisters and the server gives the work to another one at once. Upstream servers of 2022 do
    /// so only when the lease ends, so with them the worker works on until its last moment.
    case release
    /// It is closed as failed: for work that must not be begun twice. A worker that does not get that through in time
    /// stays registered, so that its work waits for its lease.
    case fail
  }

  /// Where the server is.
  public var endpoint: Endpoint
  /// Which certificates are accepted, when the endpoint uses TLS.
  public var trust: TLSConfiguration.Trust
  /// The server's API, or nil to find it out.
  public var api: API?
  /// The colony to work for: its id for the runtime API, its name for the executor API.
  public var colony: ColonyReference
  /// The colony owner's key, with which the worker registers and approves itself.
  public var colonyKey: PrivateKey
  /// Which processes to take: those that ask for this type of worker.
  public var executorType: String
  /// The name to register under, unique in the colony. When it is taken, `_` and eight hexadecimal digits
  /// are added; host and pod names contain no underscore, so the part before it can be told.
  public var name: String
  /// The cores to offer, from 1. Nil: one in the runtime API, no limit in the executor API.
  public var cores: Int?
  /// The memory to offer in MiB, from 1. Nil: not stated in the runtime API, no limit in the executor API.
  public var memory: Int?
  /// How many processes to work on at once, from 1.
  public var concurrency = 1
  /// How long the worker may take to end after it was asked to.
  public var grace: Duration
  /// What becomes of work that is not done when the grace time is over.
  public var unfinished = Unfinished.release
  /// Where `Unregistration` finds the worker; nil is nowhere.
  public var stateFile: StateFile?

  /// How long one request for work may wait at the server, in seconds, 1…10. Executor API. Servers lose
  /// wake-ups now and then, and a short wait bounds what that costs.
  public var pollTimeout = 10
  /// The time between two signs of life of a worker that does not ask for work. Servers of the executor API remove
  /// workers that are not heard of for 600 seconds.
  public var heartbeatInterval: Duration = .seconds(60)

  /// Creates a configuration.
  public init(
    endpoint: Endpoint, trust: TLSConfiguration.Trust = .system, api: API? = nil, colony: ColonyReference,
    colonyKey: PrivateKey, executorType: String, name: String, cores: Int? = nil, memory: Int? = nil,
    grace: Duration = .seconds(30), stateFile: StateFile? = nil
  ) {
    self.endpoint = endpoint
    self.trust = trust
    self.api = api
    self.colony = colony
    self.colonyKey = colonyKey
    self.executorType = executorType
    self.name = name
    self.cores = cores
    self.memory = memory
    self.grace = grace
    self.stateFile = stateFile
  }

  /// The last part of the grace time, kept for handing work back to the server.
  var handBackTime: Duration { min(.seconds(2), grace / 4) }
}

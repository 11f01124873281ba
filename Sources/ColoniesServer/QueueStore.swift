internal import Colonies
internal import GRDB
internal import JSON

/// The queue on disk: an SQLite database in write-ahead mode, in which every commit reaches the disk before
/// it is answered.
struct QueueStore: Sendable {
  /// Why the store cannot be used.
  struct Failure: Error, Sendable, CustomStringConvertible {
    let description: String
  }

  private let pool: DatabasePool

  /// Opens or creates the database.
  /// - Parameter busyTimeout: Seconds to wait for another process that writes to the database.
  /// - Throws: `Failure`, or the database's error.
  init(path: String, busyTimeout: Double = 10) throws {
    var configuration = Configuration()
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(busyTimeout)
    pool = try DatabasePool(path: path, configuration: configuration)
    try pool.writeWithoutTransaction { database in
      // The pool sets NORMAL when it opens, with which a commit can be lost with the power. Setting FULL
      // has to come after that, and has to be seen to hold.
      try database.execute(sql: "PRAGMA synchronous = FULL")
      // Folding the log into the database stops all commits for some milliseconds. With 64 MiB between two
      // of them instead of SQLite's 4, most pages are written back once for many changes.
      try database.execute(sql: "PRAGMA wal_autocheckpoint = 16000")
      guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
        throw Failure(description: "\(path): the database does not keep synchronous = FULL")
      }
      guard try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal" else {
        throw Failure(description: "\(path): the file system does not allow write-ahead logging")
      }
    }
    guard try !pool.read(QueueSchema.migrator.hasBeenSuperseded) else {
      throw Failure(description: "\(path): another version of the server made this database")
    }
    try QueueSchema.migrator.migrate(pool)
  }

  /// Calls `body` on the thread that writes, and nobody else writes meanwhile. Returns at once.
  func withWriter(_ body: @escaping @Sendable (StoreWriter) -> Void) {
    pool.asyncWriteWithoutTransaction { database in body(StoreWriter(database: database)) }
  }

  /// Reads what has been committed.
  func read<Value: Sendable>(_ body: @escaping @Sendable (StoreTransaction) throws -> Value) async throws
    -> Value
  {
    try await pool.read { database in try body(StoreTransaction(database: database)) }
  }

  /// Folds the write-ahead log into the database and closes it.
  func close() throws {
    try pool.writeWithoutTransaction { database in _ = try database.checkpoint(.truncate) }
    try pool.close()
  }
}

/// The right to write, on the one thread that does. Never leaves the closure it was given to.
struct StoreWriter {
  fileprivate let database: Database

  /// Runs changes in one transaction; it is on disk when this returns.
  func commit<Value>(_ body: (StoreTransaction) throws -> Value) throws -> Value {
    // Prepared once: parsing them costs as much as a small write.
    try database.cachedStatement(sql: "BEGIN IMMEDIATE TRANSACTION").execute()
    do {
      let value = try body(StoreTransaction(database: database))
      try database.cachedStatement(sql: "COMMIT TRANSACTION").execute()
      return value
    } catch {
      // Some errors have ended the transaction already.
      if database.isInsideTransaction { try database.rollback() }
      throw error
    }
  }
}

/// The tables.
enum QueueSchema {
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("3") { database in
      try database.execute(
        sql: """
          CREATE TABLE colony (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE) WITHOUT ROWID;

          CREATE TABLE registration (
            row INTEGER PRIMARY KEY, colony TEXT NOT NULL, api TEXT NOT NULL, executor TEXT NOT NULL);

          -- Times are nanoseconds since 1970 UTC. An id ends in its sequence, by which it is found: see
          -- ProcessID. The columns from demand_cpu on are what the queue's rules need, so that a start reads no
          -- JSON.
          CREATE TABLE process (
            sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, colony TEXT NOT NULL, api TEXT NOT NULL,
            type TEXT NOT NULL, state INTEGER NOT NULL, priority_time INTEGER NOT NULL,
            submission_time INTEGER NOT NULL, start_time INTEGER, end_time INTEGER,
            wait_deadline INTEGER, execution_deadline INTEGER, retries INTEGER NOT NULL,
            attempt INTEGER NOT NULL, executor TEXT NOT NULL, is_assigned INTEGER NOT NULL,
            initiator_id TEXT NOT NULL, initiator_name TEXT NOT NULL, label TEXT NOT NULL,
            spec TEXT NOT NULL, output TEXT, errors TEXT,
            demand_cpu INTEGER NOT NULL, demand_memory INTEGER NOT NULL, demand_gpus INTEGER NOT NULL,
            demand_location TEXT NOT NULL, targets TEXT, lease INTEGER, retry_limit INTEGER,
            max_wait INTEGER);
          -- A process is in just one of these, so a change of state costs two small updates.
          CREATE INDEX process_waiting ON process (colony, priority_time) WHERE state = 0;
          CREATE INDEX process_running ON process (colony, start_time) WHERE state = 1;
          CREATE INDEX process_ended ON process (colony, state, end_time) WHERE state >= 2;

          -- Numbered within the process, in the order in which they were added.
          CREATE TABLE attribute (
            process INTEGER NOT NULL REFERENCES process(sequence) ON DELETE CASCADE,
            number INTEGER NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL, key TEXT NOT NULL,
            value TEXT NOT NULL, PRIMARY KEY (process, number)) WITHOUT ROWID;
          -- Ids are hashes: in the order of ids, each new one would change another page. In blocks of 64
          -- processes the new ones are together, and a search looks into every block.
          CREATE INDEX attribute_id ON attribute (process >> 6, id);

          CREATE TABLE log (
            row INTEGER PRIMARY KEY,
            process INTEGER NOT NULL REFERENCES process(sequence) ON DELETE CASCADE,
            -- Counts a process's entries, without gaps.
            number INTEGER NOT NULL, time INTEGER NOT NULL, colony TEXT NOT NULL,
            executor TEXT NOT NULL, message TEXT NOT NULL);
          CREATE INDEX log_process ON log (process, time);
          CREATE INDEX log_executor ON log (colony, executor, time);
          """)
    }
    return migrator
  }()
}

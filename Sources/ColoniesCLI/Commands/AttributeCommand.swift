internal import ArgumentParser

/// `colonies attribute …`
struct AttributeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attribute", abstract: "Add and read attributes of processes.",
    discussion: """
      Attributes are named texts: a process's environment, which it gets when it is submitted, and its \
      results, which its worker adds.
      """,
    subcommands: [AttributeAdd.self, AttributeGet.self])
}

internal import ArgumentParser
internal import DecisionRecording
internal import Glibc

extension ColoniesAutoscaler {
  struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the decisions of a recording again, and compare.",
      discussion: """
        A recording is what `run --record FILE` and `plan --record FILE` write. Each
        decision is made again from what is recorded, and compared with the recorded
        one: replicas, reason, and every number and word of the explanation. With the
        program that recorded there is no difference; with another one the differences
        are what would be decided otherwise now.

        Nothing is asked of any server. A last line that was cut off, because the
        program was killed or the disk was full, is left out, and that is said.

        EXIT STATUS
          0 no difference   1 the file cannot be read or understood
          2 there are differences   64 bad arguments

        EXAMPLES
          colonies-autoscaler run --config autoscaler.yaml --record decisions.jsonl
          colonies-autoscaler replay decisions.jsonl
          colonies-autoscaler replay decisions.jsonl --output json | jq .reasons
        """)

    enum Output: String, ExpressibleByArgument, CaseIterable {
      case text, json
    }

    @Argument(help: ArgumentHelp("The recording.", valueName: "file"))
    var file: String

    @Option(help: "How the result is printed.")
    var output = Output.text

    func run() async throws {
      signal(SIGPIPE, SIG_IGN)
      let report: ReplayReport
      do throws(ReplayReport.Failure) {
        report = try ReplayReport(replaying: file)
      } catch {
        throw complaint("\(error)\n")
      }
      switch output {
      case .text: print(report.text)
      case .json: print(report.jsonText)
      }
      if report.summary.differences > 0 { throw ExitCode(2) }
    }
  }
}

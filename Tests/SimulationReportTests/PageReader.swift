import Foundation
import FoundationXML

/// A page as an XML parser sees it.
final class PageReader: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
    let parents: [String]
    var text = ""
  }

  private(set) var elements: [Element] = []
  private var open: [Int] = []
  private var failure: String?

  /// - Throws: `NotWellFormed` when it is no XML.
  static func read(_ page: String) throws -> [Element] {
    let reader = PageReader()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = reader
    guard parser.parse() else {
      throw NotWellFormed(description: "line \(parser.lineNumber): \(reader.failure ?? "not well-formed")")
    }
    return reader.elements
  }

  struct NotWellFormed: Error, CustomStringConvertible {
    let description: String
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append(
      Element(name: name, attributes: attributes, parents: open.map { elements[$0].name }))
    open.append(elements.count - 1)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    for index in open { elements[index].text += text }
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) { failure = "\(error)" }
}

import Base64
import Testing

@Suite("Base64")
struct Base64Tests {
  @Test(
    "text and bytes stand for each other",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
  func both(text: String, encoded: String) {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(text.utf8))
    #expect(Base64.decodePrefix(encoded) == Array(text.utf8))
  }

  @Test("every byte survives")
  func everyByte() {
    let bytes = (0...255).map { UInt8($0) }
    #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    #expect(Base64.decodePrefix(Base64.encode(bytes)) == bytes)
  }

  @Test("white space does not count")
  func whiteSpace() { #expect(Base64.decode(" Zm\n9v\tYg=\r\n= ") == Array("foob".utf8)) }

  @Test(
    "what is not base64 to its end is refused",
    arguments: ["Zg", "Zg=", "Z===", "Zm9v=", "Zm9v!", "=", "Zg==Zg=="])
  func bad(text: String) { #expect(Base64.decode(text) == nil) }

  @Test(
    "the forgiving reader keeps what is before the fault",
    arguments: [("Zm9vZg", "foo"), ("Zm9v!Zm9v", "foo"), ("Zg=", ""), ("Zg==Zg==", "f"), ("Zm\n9v", "foo")])
  func prefix(text: String, decoded: String) { #expect(Base64.decodePrefix(text) == Array(decoded.utf8)) }
}

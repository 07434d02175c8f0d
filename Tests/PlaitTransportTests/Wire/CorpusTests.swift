import Foundation
import PlaitTransport
import TestSupport
import Testing

@Suite("What the fuzzer found worth keeping")
struct CorpusTests {
    private static func files(_ target: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = repositoryRoot.appending(path: "Tests/PlaitTransportTests/Corpus/\(target)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try names.map { ($0, Array(try Data(contentsOf: folder.appending(path: $0)))) }
    }

    @Test("every kept plaintext reads back as it is written anew")
    func frames() throws {
        let files = try Self.files("frames")
        #expect(files.count >= 20)
        for (name, bytes) in files {
            #expect(wrong(inData: bytes) == nil, "\(name)")
            for kind in [HandshakeKind.initiation, .reply, .finish, .cookie, .refusal] {
                #expect(wrong(inHandshake: bytes, kind) == nil, "\(name)")
            }
        }
    }

    @Test("every kept datagram is sorted, unmasked and written anew")
    func datagrams() throws {
        let files = try Self.files("datagram")
        #expect(files.count >= 8)
        for (name, bytes) in files { #expect(wrong(inDatagram: bytes) == nil, "\(name)") }
    }

    @Test("no kept hostile network gets an end of a handshake to do what it must not")
    func handshakes() throws {
        let files = try Self.files("handshake")
        #expect(files.count >= 20)
        for (name, bytes) in files { #expect(wrong(inHandshakeOn: bytes) == nil, "\(name)") }
    }
}

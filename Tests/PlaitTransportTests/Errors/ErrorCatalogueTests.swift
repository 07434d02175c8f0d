import Foundation
import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Error catalogue")
struct ErrorCatalogueTests {
    /// Every case of every enum of errors. That none is missing here shows in `everyCode`: each code needs a case.
    private static var handshake: [ErrorCode] {
        let hints: [HandshakeHint] = [
            .cookie, .unverifiedReply, .versions([]), .suites([]), .downgrade, .unreadable, .pattern, .otherKey,
        ]
        let failures: [HandshakeFailure] =
            [
                .noAnswer(after: .zero), .missingCapability(atPeer: 1, here: 0), .missingCapability(atPeer: 0, here: 1),
                .wrongServerKey(after: .zero), .parameter(PeerViolation(.parameter, "")),
            ] + hints.map { .timedOut(after: .zero, $0) }
        return failures.map(\.errorCode) + (1...5).compactMap { HandshakeRefusal(rawValue: $0)?.errorCode }
            + ([.serverKeyMissing, .noSuite, .full] as [ConnectError]).map(\.errorCode)
    }

    private static var transport: [ErrorCode] {
        (0...15).map { CloseCode($0).errorCode }
            + ([.local(code: 1), .peer(code: 1, reason: ""), .idle, .restarted] as [CloseReason]).map(\.errorCode)
    }

    private static var calls: [ErrorCode] {
        let streams: [StreamError] = [
            .noConnection, .unknown, .closed, .streamLimit, .receiveOnly, .sendOnly, .ended, .reset(code: 0),
            .stopped(code: 0), .pinLimit, .codeTooLarge,
        ]
        let datagrams: [DatagramError] = [.noConnection, .unsupported, .tooLarge(max: 1), .full, .expired]
        let paths: [PathError] = [.noConnection, .notTheClient, .open, .limit, .unknown, .last]
        return streams.map(\.errorCode) + datagrams.map(\.errorCode) + paths.map(\.errorCode)
    }

    private static var reconnection: [ErrorCode] {
        let refusals: [OperationRefusal] = [
            .countFull(max: 1), .bytesFull(max: 1, free: 0), .tooLarge(max: 1), .expired, .closed,
        ]
        let ends: [OperationEnd] = [
            .expired(mayHaveHappened: false), .cancelled(mayHaveHappened: false), .failed(.interrupted),
            .failed(.refused(code: 0)), .failed(.closed(mayHaveHappened: false)),
        ]
        return AttemptFailure.allCases.map(\.errorCode) + GiveUpReason.allCases.map(\.errorCode)
            + refusals.map(\.errorCode) + ends.compactMap(\.errorCode)
    }

    @Test("every code has one entry, in order, and every entry a code of its own")
    func entries() {
        #expect(ErrorCatalogue.entries.map(\.code) == ErrorCode.allCases)
        #expect(ErrorCode.allCases.map(\.rawValue) == ErrorCode.allCases.map(\.rawValue).sorted())
        #expect(Set(ErrorCode.allCases.map(\.description)).count == ErrorCode.allCases.count)
        for code in ErrorCode.allCases { #expect(code.entry.code == code) }
    }

    @Test("every case of every error has a code of its layer, and every code a case")
    func everyCode() {
        #expect(Self.handshake.allSatisfy { $0.layer == .handshake })
        #expect(Self.transport.allSatisfy { $0.layer == .transport })
        #expect(Self.calls.allSatisfy { [.streams, .datagrams, .paths].contains($0.layer) })
        #expect(Self.reconnection.allSatisfy { [.reconnection, .operations].contains($0.layer) })
        // Different cases of one enum are different errors.
        #expect(Set(Self.calls).count == Self.calls.count && Set(Self.reconnection).count == Self.reconnection.count)
        let all = Set(Self.handshake + Self.transport + Self.calls + Self.reconnection)
        #expect(all == Set(ErrorCode.allCases))
        #expect(CloseReason.handshake(.noAnswer(after: .zero)).errorCode == .noAnswer)
        #expect(OperationEnd.done.errorCode == nil)
    }

    @Test("every code of CLOSE on the page of the wire format has its entry, 200 above it")
    func closeCodes() throws {
        let page = try String(contentsOf: repositoryRoot.appending(path: "docs/WIRE.md"), encoding: .utf8)
        let rows = page.components(separatedBy: "## Codes of CLOSE")[1].split(separator: "\n")
        let codes = rows.filter { $0.hasPrefix("| 0x") }.compactMap { UInt64($0.dropFirst(4).prefix(2), radix: 16) }
        #expect(codes == Array(0...14))
        for code in codes { #expect(CloseCode(code).errorCode.rawValue == 200 + UInt16(code)) }
        for code in [15, 59, 60, 61, 1 << 40, .max] as [UInt64] {
            #expect(CloseCode(code).errorCode == .unknownCloseCode)
        }
    }

    @Test("no entry says what another one says, and all are written to be joined")
    func texts() {
        #expect(Set(ErrorCatalogue.entries.map(\.cause.description)).count == ErrorCatalogue.entries.count)
        for entry in ErrorCatalogue.entries {
            for text in [entry.cause, entry.meaning, entry.remedy].map(\.description) {
                #expect(
                    !text.isEmpty && !text.hasSuffix(".") && !text.contains("|") && !text.contains("\n"),
                    "\(entry)"
                )
            }
        }
    }

    @Test("docs/ERRORS.md is what the catalogue says; UPDATE_SNAPSHOTS=1 makes it anew")
    func page() throws {
        let file = repositoryRoot.appending(path: "docs/ERRORS.md")
        if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
            try Data(ErrorPage.text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == ErrorPage.text)
    }

    @Test("the sentences of a failed handshake are the catalogue's")
    func sentences() {
        let silent = HandshakeFailure.noAnswer(after: .seconds(10))
        #expect(silent.description == "no answer within 10 s: \(ErrorCode.noAnswer.entry.remedy)")
        let crowded = HandshakeFailure.timedOut(after: .seconds(10), .cookie)
        let entry = ErrorCode.cookieUnanswered.entry
        #expect(crowded.description == "no handshake within 10 s: \(entry.cause): \(entry.meaning); \(entry.remedy)")
    }
}

#if Mutants
    /// A bug that this build can have: planted to see who finds it. Only `plait-mutants` is built with them.
    ///
    /// Each is one or two lines at its `place`, in `#if Mutants`. A process has at most one of them, for as long as it
    /// lives: `plait-mutants --planted delivers-over-gap run Scenarios/transfer.yaml`.
    package enum Mutant: String, CaseIterable, Sendable {
        case windowBeforeTag = "window-before-tag"
        case updateKeepsKey = "update-keeps-key"
        case finForgotten = "fin-forgotten"
        case creditShrinks = "credit-shrinks"
        case limitIgnored = "limit-ignored"
        case limitForgotten = "limit-forgotten"
        case streamsForgotten = "streams-forgotten"
        case deliversOverGap = "delivers-over-gap"
        case overlapMisplaced = "overlap-misplaced"
        case resentCountsAgain = "resent-counts-again"
        case resetForgetsSize = "reset-forgets-size"
        case stopUnanswered = "stop-unanswered"
        case growthLosesBytes = "growth-loses-bytes"
        case ackOneTooMany = "ack-one-too-many"
        case gapAcknowledged = "gap-acknowledged"
        case timeLossForgotten = "time-loss-forgotten"
        case cookieUnbound = "cookie-unbound"
        case finishUnverified = "finish-unverified"
        case forgedReplyEnds = "forged-reply-ends"
        case halfOpenKept = "half-open-kept"
        case replayOpensAnother = "replay-opens-another"
        case budgetForgotten = "budget-forgotten"
        case suspicionKeepsAll = "suspicion-keeps-all"
        case silentStaysTrusted = "silent-stays-trusted"
        case returnReusesNumbers = "return-reuses-numbers"
        case failureForgetsNothing = "failure-forgets-nothing"
        case standbyNeverUsed = "standby-never-used"
        case standbyShares = "standby-shares"
        case unvalidatedCarries = "unvalidated-carries"
        case abandonedCarries = "abandoned-carries"
        case suspectedTakesData = "suspected-takes-data"
        case anyAnswerCounts = "any-answer-counts"
        case ackRevives = "ack-revives"
        case ackNamesOtherPath = "ack-names-other-path"
        case abandonmentForgotten = "abandonment-forgotten"

        /// What is wrong, for people.
        package var words: String {
            switch self {
            case .windowBeforeTag: "the replay window moves before the tag verifies"
            case .updateKeepsKey: "a key update derives no new key: nonces go on under the old one"
            case .finForgotten: "the end of a stream is forgotten when it is lost"
            case .creditShrinks: "an older limit of a stream that comes late lowers it"
            case .limitIgnored: "bytes beyond a stream's limit are sent"
            case .limitForgotten: "a stream's new limit is not sent again when it is lost"
            case .streamsForgotten: "the word of more streams is not sent again when it is lost"
            case .deliversOverGap: "reassembly delivers over a gap"
            case .overlapMisplaced: "bytes that overlap what is there are put beside their place"
            case .resentCountsAgain: "bytes that come twice count twice in the connection's flow control"
            case .resetForgetsSize: "a reset's final size is forgotten in the connection's flow control"
            case .stopUnanswered: "a stopped stream is not reset"
            case .growthLosesBytes: "a send buffer that grows loses what is under way: zeros are sent again"
            case .ackOneTooMany: "an acknowledged range takes one packet too many with it"
            case .gapAcknowledged: "a gap of one packet is acknowledged"
            case .timeLossForgotten: "what is lost by time is not queued again"
            case .cookieUnbound: "a cookie is not bound to the address"
            case .finishUnverified: "the payload of a Noise message is taken without a look at its tag"
            case .forgedReplyEnds: "a forged reply ends the asking"
            case .halfOpenKept: "a half-open handshake keeps its place when its time is over"
            case .replayOpensAnother: "a repeated first message opens another handshake"
            case .budgetForgotten: "more than three times what came goes to an address that nobody proved"
            case .suspicionKeepsAll: "what is in flight on a suspected path is not queued again"
            case .silentStaysTrusted:
                "a path that was probed in vain is not suspected when another one can be used again"
            case .returnReusesNumbers: "a path that returns begins its packet numbers anew"
            case .failureForgetsNothing: "what is in flight on a failed path stays in flight"
            case .standbyNeverUsed: "a standby carries nothing, also when no other path is active"
            case .standbyShares: "a standby carries data beside an available path"
            case .unvalidatedCarries: "data goes on a path that was not validated"
            case .abandonedCarries: "data goes on an abandoned path"
            case .suspectedTakesData: "the probe of a suspected path takes the data that others are to carry"
            case .anyAnswerCounts: "an answer with another token than the challenge validates a path"
            case .ackRevives: "a late ACK makes a failed path active"
            case .ackNamesOtherPath: "an ACK names another path than its packets came by"
            case .abandonmentForgotten: "the word that a path was abandoned is not sent again when it is lost"
            }
        }

        /// The file that it is planted in.
        package var place: String {
            switch self {
            case .windowBeforeTag: "Sources/PlaitTransport/Connection/Connection+Receive.swift"
            case .updateKeepsKey: "Sources/PlaitCrypto/Keys/TrafficKey.swift"
            case .finForgotten, .creditShrinks, .limitIgnored: "Sources/PlaitTransport/Streams/SendSide.swift"
            case .limitForgotten, .streamsForgotten: "Sources/PlaitTransport/Streams/StreamSet+Frames.swift"
            case .deliversOverGap, .overlapMisplaced: "Sources/PlaitTransport/Streams/Reassembly.swift"
            case .resentCountsAgain, .resetForgetsSize, .stopUnanswered:
                "Sources/PlaitTransport/Streams/StreamSet+Receive.swift"
            case .growthLosesBytes: "Sources/PlaitTransport/Streams/SendBuffer.swift"
            case .ackOneTooMany: "Sources/PlaitTransport/Recovery/PathRecovery.swift"
            case .gapAcknowledged: "Sources/PlaitTransport/Recovery/ReceivedPackets.swift"
            case .timeLossForgotten: "Sources/PlaitTransport/Recovery/SentPackets.swift"
            case .cookieUnbound: "Sources/PlaitTransport/Handshake/Cookie.swift"
            case .finishUnverified: "Sources/PlaitCrypto/Noise/NoiseHandshake.swift"
            case .forgedReplyEnds: "Sources/PlaitTransport/Handshake/Initiator+Receive.swift"
            case .halfOpenKept: "Sources/PlaitTransport/Handshake/Gate.swift"
            case .replayOpensAnother: "Sources/PlaitTransport/Handshake/Gate+Receive.swift"
            case .budgetForgotten: "Sources/PlaitTransport/Handshake/Responder.swift"
            case .suspicionKeepsAll, .silentStaysTrusted: "Sources/PlaitTransport/Connection/Connection+Paths.swift"
            case .returnReusesNumbers, .failureForgetsNothing:
                "Sources/PlaitTransport/Recovery/PathRecovery+Failure.swift"
            case .standbyNeverUsed, .standbyShares, .unvalidatedCarries, .abandonedCarries, .suspectedTakesData:
                "Sources/PlaitTransport/Connection/Connection+Scheduling.swift"
            case .anyAnswerCounts, .ackRevives: "Sources/PlaitTransport/Paths/PathLife.swift"
            case .ackNamesOtherPath: "Sources/PlaitTransport/Connection/Connection+Transmit.swift"
            case .abandonmentForgotten: "Sources/PlaitTransport/Connection/Connection+Frames.swift"
            }
        }

        /// The word before the mutant's name on the command line.
        package static let option = "--planted"

        /// The one that this process has, as the command line says when it starts; none otherwise.
        package static let planted: Mutant? = {
            let words = CommandLine.arguments
            guard words.count > 2, words[1] == option else { return nil }
            return Mutant(rawValue: words[2])
        }()

        /// Asked by the code around the planted bug, and by nobody else.
        @inline(__always)
        package static func isPlanted(_ mutant: Mutant) -> Bool { planted == mutant }
    }
#endif

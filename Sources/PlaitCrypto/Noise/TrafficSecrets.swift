import PlaitCore

/// What a finished handshake leaves: one secret for each direction, wiped with their owner.
package struct TrafficSecrets: ~Copyable {
    private let memory: SecretBytes

    /// Copies of 32 bytes each, which the caller should wipe.
    package init(initiatorToResponder: RawSpan, responderToInitiator: RawSpan) {
        precondition(
            initiatorToResponder.byteCount == 32 && responderToInitiator.byteCount == 32,
            "traffic secrets of the wrong length"
        )
        var memory = SecretBytes(count: 64)
        var bytes = memory.mutableBytes
        bytes.copy(initiatorToResponder, at: 0)
        bytes.copy(responderToInitiator, at: 32)
        self.memory = memory
    }

    /// What the initiator seals with.
    package var initiatorToResponder: RawSpan {
        @_lifetime(borrow self)
        get { memory.bytes.extracting(0..<32) }
    }

    /// What the responder seals with.
    package var responderToInitiator: RawSpan {
        @_lifetime(borrow self)
        get { memory.bytes.extracting(32..<64) }
    }

    /// What this side seals with.
    @_lifetime(borrow self)
    package func sealing(as role: NoiseRole) -> RawSpan {
        role == .initiator ? memory.bytes.extracting(0..<32) : memory.bytes.extracting(32..<64)
    }

    /// What this side opens with.
    @_lifetime(borrow self)
    package func opening(as role: NoiseRole) -> RawSpan {
        role == .initiator ? memory.bytes.extracting(32..<64) : memory.bytes.extracting(0..<32)
    }
}

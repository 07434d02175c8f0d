public import PlaitCore

/// How far a connection's life has come.
///
///     ┌─────────┐  keys at both ends  ┌─────────────┐  close()      ┌─────────┐
///     │ opening │ ──────────────────▶ │ established │ ────────────▶ │ closing │──┐ three probe
///     └─────────┘                     └─────────────┘  a violation  └─────────┘  │ timeouts
///          │                            │         │                      │       ▼
///          │ the handshake failed       │ idle    │ CLOSE came     CLOSE │   ┌────────┐
///          └────────────────────────────┼─────────┼──────────┐     came  │   │ closed │
///                                       ▼         ▼          ▼           ▼   └────────┘
///                                     closed   ┌──────────┐ closed   draining     ▲
///                                              │ draining │ ──────────────────────┘
///                                              └──────────┘  three probe timeouts
public enum ConnectionLife: Hashable, Sendable, BitwiseCopyable {
    /// The handshake is under way.
    case opening
    case established
    /// This end closed: whatever arrives is answered with CLOSE, ever more rarely, until `until`.
    case closing(until: Instant)
    /// The other end closed: nothing is sent any more; late packets are known and ignored until `until`.
    case draining(until: Instant)
    /// Its keys are wiped.
    case closed

    /// As qlog and events.csv call it.
    package var word: String {
        switch self {
        case .opening: "opening"
        case .established: "established"
        case .closing: "closing"
        case .draining: "draining"
        case .closed: "closed"
        }
    }
}

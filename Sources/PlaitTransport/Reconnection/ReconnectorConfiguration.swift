package import PlaitCore

/// How patient a client is with a server that it lost.
package struct ReconnectorConfiguration: Hashable, Sendable {
    package var backoff = Backoff()
    /// How long one attempt, over all addresses, may take. A handshake repeats its messages until then, so that an
    /// attempt under way finds a path that returns within its own repetitions. As `HandshakeTiming.usual` gives up.
    package var attemptTimeout = Interval.seconds(10)
    /// From the loss to giving up; begins anew with each loss.
    package var giveUpAfter = Interval.seconds(3_600)
    /// Attempts until giving up, over all losses since the connection last held. Backoff comes to some 34 in an hour,
    /// and hints to 183: with these figures it is the hour that ends it.
    package var attemptsMax = 250
    /// A restored connection that is lost sooner counts as one more failure: waits go on doubling.
    package var calm = Interval.seconds(10)
    /// So many hints that the network changed are acted upon at once ...
    package var hintBurst = 3
    /// ... and one more for each such time since.
    package var hintRefill = Interval.seconds(20)
    /// Once a breaker is half open, trials begin within this time. A thousand breakers that opened within 3 s would all
    /// let their trials go within 3 s: 60 s of quiet do not spread a crowd, a draw does.
    package var trialSpread = Interval.seconds(15)

    package init() {}

    /// What nobody can wait for, or what would overflow.
    package var isValid: Bool {
        let most = Int64.max / 4_096
        return backoff.isValid && attemptTimeout > .zero && attemptTimeout.nanoseconds < most && giveUpAfter > .zero
            && giveUpAfter.nanoseconds < most && attemptsMax > 0 && calm > .zero && calm.nanoseconds < most
            && hintBurst > 0 && hintBurst <= 1_000 && hintRefill > .zero && hintRefill.nanoseconds < most
            && trialSpread > .zero && trialSpread.nanoseconds < most
    }
}
